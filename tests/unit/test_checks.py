import pytest
from django.core.checks import run_checks


def ids(*, deploy: bool = False) -> set[str]:
    return {message.id for message in run_checks(include_deployment_checks=deploy)}


def test_a_misspelt_variable_is_reported(settings):
    settings.UNKNOWN_VARIABLES = ["PYPI_OVERWRIT"]
    assert "packages_app.W001" in ids()


@pytest.mark.parametrize(
    ("table", "bucket", "reported"),
    [(None, None, False), ("t", "b", False), ("t", None, True), (None, "b", True)],
)
def test_two_homes_are_reported(settings, table, bucket, reported):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "table": table, "bucket": bucket}
    assert ("packages_app.W002" in ids()) is reported


def test_open_settings_are_reported_before_a_deployment(settings):
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["*"]
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "public_read": True}
    assert {"packages_app.E001", "packages_app.W003", "packages_app.W004"} <= ids(deploy=True)
    assert not {"packages_app.E001", "packages_app.W003", "packages_app.W004"} & ids()
