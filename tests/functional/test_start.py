"""A fresh Lambda answers a simple page without what only other requests need."""

import json
import os
import subprocess
import sys

import pytest

PEOPLE = (
    "django.contrib.auth.models",
    "django.contrib.auth.hashers",
    "django.contrib.contenttypes.models",
    "django.contrib.sessions.middleware",
    "packages_app.accounts.faces",
    "packages_app.accounts.views",
    "packages_app.accounts.write",
    "packages_app.accounts.publishers",
    "packages_app.accounts.oidc.verify",
    "packages_app.admin.site",
    "packages_app.admin.urls",
    "django.contrib.admin",
    "django.contrib.admin.models",
    "django.contrib.messages.middleware",
    "jwt",
)
NOT_NEEDED = (
    *PEOPLE,
    *("boto3", "s3transfer", "storages", "gunicorn", "zstandard", "moto", "packages_app.file_store.s3"),
    *("whitenoise", "jwt", "cryptography", "comrak", "pygments", "packages_app.tables.backup"),
    *("readme_renderer", "docutils", "nh3", "packages_app.browser.project", "packages_app.browser.readme.shown"),
)


@pytest.fixture(scope="module", params=["text/html", "application/vnd.pypi.simple.v1+json"])
def modules(request):
    """The modules that one page imported."""
    lambdas = {
        "AWS_LAMBDA_FUNCTION_NAME": "elastic-pypi-dev",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "PYPI_TABLE": "packages",
        "PYPI_BUCKET": "packages",
        "PYPI_USERNAME": "ana",
        "PYPI_PASSWORD": "password",
        "PYPI_SECRET_KEY": "of-the-tests",
        "PYPI_ALLOWED_HOSTS": "index.example",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYPI_", "AWS_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.functional.inside_lambda", request.param, "gzip"],
        env=kept | lambdas,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["status"] == ["200 OK"]
    return found["modules"]


@pytest.mark.parametrize("name", NOT_NEEDED)
def test_a_simple_page_does_not_import(modules, name):
    assert name not in modules


def test_the_page_came_from_dynamodb(modules):
    assert "botocore.client" in modules
    assert "packages_app.tables.base" in modules
