import pytest


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    settings.STORAGES = {
        **settings.STORAGES,
        "packages": {
            "BACKEND": "packages_app.file_store.local.DurableStorage",
            "OPTIONS": {"location": tmp_path / "files", "incoming": tmp_path / "incoming"},
        },
    }
