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


@pytest.mark.parametrize(
    ("upstream", "expected"),
    [
        pytest.param({}, set(), id="no upstream"),
        pytest.param({"urls": ("https://index.example/simple/",)}, set(), id="an upstream"),
        pytest.param({"policy": "[]"}, {"W005"}, id="a policy without an upstream"),
        pytest.param({"urls": ("https://index.example/",), "policy": "{}"}, {"E002"}, id="a policy that is none"),
        pytest.param({"urls": ("https://index.example/",), "policy": "/no/file"}, {"E002"}, id="a policy not there"),
        pytest.param(
            {"urls": ("https://index.example/",), "policy": '[{"cooldown": 3}]'}, {"E002"}, id="a policy's misspelt key"
        ),
        pytest.param({"urls": ("https://index.example/",), "reserved": ("*",)}, {"E002"}, id="every name reserved"),
        pytest.param({"urls": ("http://a:b@index.example/",)}, {"W006"}, id="credentials in clear"),
        pytest.param({"urls": ("http://a:b@127.0.0.1/",)}, set(), id="credentials on this machine"),
    ],
)
def test_settings_of_an_upstream_are_looked_at(settings, upstream, expected):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": upstream}
    found = {each.removeprefix("packages_app.") for each in ids()}
    assert found & {"E002", "E003", "W005", "W006"} == expected
