import pytest

from tests.homes import in_folder


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    in_folder(settings, tmp_path)
