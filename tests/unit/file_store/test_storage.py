"""The settings choose the home, and a backend that cannot hold packages is refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from packages_app.file_store.storage import packages


def test_the_settings_choose_the_storage(storage):
    assert packages() is storage


def test_another_backend_is_refused(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "packages": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    with pytest.raises(ImproperlyConfigured, match="file_store"):
        packages()


@pytest.mark.parametrize(
    ("backend", "options", "error"),
    [
        ("local.DurableStorage", {"location": "a", "incoming": "b", "base_url": "/media/"}, TypeError),
        ("s3.PackagesS3Storage", {"bucket_name": "a", "no_such_option": 1}, ImproperlyConfigured),
    ],
    ids=["in one folder", "on S3"],
)
def test_an_unknown_option_is_refused(settings, backend, options, error):
    settings.STORAGES = {
        **settings.STORAGES,
        "packages": {"BACKEND": f"packages_app.file_store.{backend}", "OPTIONS": options},
    }
    with pytest.raises(error):
        packages()
