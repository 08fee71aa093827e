import pytest


@pytest.fixture(autouse=True)
def _own_catalogue(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
