"""The settings module as each environment makes it, in a process of its own."""

import json
import os
import subprocess
import sys

import pytest

SHOW = """
import json
from pypi_site import settings as s
print(json.dumps({"users": s.PACKAGES_APP["users"], "packages": s.STORAGES["packages"]["BACKEND"],
                  "overwrite": s.PACKAGES_APP["overwrite"], "first": s.FIRST_START, "unknown": s.UNKNOWN_VARIABLES,
                  "databases": s.DATABASES, "hashers": s.PASSWORD_HASHERS}))
"""


def load(tmp_path, **environ: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYPI_", "AWS_"))}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        env={**clean, "PYPI_DATA": str(tmp_path), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


AWS = {"PYPI_TABLE": "t", "PYPI_BUCKET": "b", "PYPI_SECRET_KEY": "k"}


def test_one_folder_needs_nothing_and_keeps_the_password_it_made(tmp_path):
    first = json.loads(load(tmp_path).stdout)
    second = json.loads(load(tmp_path).stdout)
    assert first["users"] == second["users"] == {"pypi": (tmp_path / "password").read_text().strip()}
    assert (first["first"], second["first"]) == (True, False)
    assert first["databases"] == {}
    assert first["hashers"] == ["django.contrib.auth.hashers.ScryptPasswordHasher"]


@pytest.mark.parametrize(
    ("environ", "users"),
    [
        pytest.param({"PYPI_PASSWORD": "x"}, {"pypi": "x"}, id="a password alone"),
        pytest.param({"PYPI_USERNAME": "ana", "PYPI_PASSWORD": "a:b"}, {"ana": "a:b"}, id="one user"),
        pytest.param({"PYPI_USERS": '{"ben": "b"}'}, {"ben": "b"}, id="several users"),
        pytest.param(
            {"PYPI_USERNAME": "ana", "PYPI_PASSWORD": "a", "PYPI_USERS": '{"ben": "b"}'},
            {"ana": "a", "ben": "b"},
            id="one user and several",
        ),
    ],
)
def test_users_are_the_configured_ones(tmp_path, environ, users):
    assert json.loads(load(tmp_path, **environ).stdout)["users"] == users
    assert not (tmp_path / "password").exists()
    assert json.loads(load(tmp_path, **environ).stdout)["first"] is False


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        pytest.param({"AWS_LAMBDA_FUNCTION_NAME": "f", "PYPI_TABLE": "t"}, "PYPI_BUCKET", id="Lambda without a bucket"),
        pytest.param({"PYPI_BUCKET_PREFIX": "p"}, "PYPI_BUCKET", id="a prefix without a bucket"),
        pytest.param({**AWS, "PYPI_SECRET_KEY": ""}, "PYPI_SECRET_KEY", id="a table without a secret key"),
        pytest.param(AWS, "PYPI_PASSWORD", id="a table without users"),
        pytest.param({**AWS, "PYPI_USERNAME": "ana"}, "PYPI_PASSWORD", id="a user without a password"),
        pytest.param({"PYPI_USERNAME": "a:b"}, "PYPI_USERNAME", id="a user name with a colon"),
        pytest.param({"PYPI_LOG_LEVEL": "loud"}, "PYPI_LOG_LEVEL", id="a log level that is none"),
        pytest.param({"PYPI_FIRST_UPLOAD": "nobody"}, "PYPI_FIRST_UPLOAD", id="a policy that is none"),
        pytest.param({"PYPI_OIDC_ISSUER": "https://id.example"}, "PYPI_OIDC_CLIENT_ID", id="a provider alone"),
        pytest.param({"PYPI_OIDC_GROUPS": '{"devs": ["owner *"]}'}, "PYPI_OIDC_GROUPS", id="a role that is none"),
        pytest.param({"PYPI_OIDC_GROUPS": '{"a b": ["reader *"]}'}, "PYPI_OIDC_GROUPS", id="a group with a space"),
        pytest.param({"PYPI_OIDC_GROUPS": '{"devs": "reader *"}'}, "PYPI_OIDC_GROUPS", id="roles that are no list"),
        pytest.param({"PYPI_DATA": "/dev/null"}, "PYPI_DATA", id="a data folder that is none"),
        pytest.param({"PYPI_TRUSTED_PROXIES": "10.0.0.0/8,nginx"}, "PYPI_TRUSTED_PROXIES", id="a proxy that is none"),
        pytest.param({**AWS, "PYPI_CLOUDFRONT_DOMAIN": "d"}, "PYPI_CLOUDFRONT_KEY", id="CloudFront without its key"),
        pytest.param({"PYPI_MAX_UPLOAD_MB": "big"}, "PYPI_MAX_UPLOAD_MB", id="a limit that is no number"),
    ],
)
def test_contradictions_are_refused_at_start_naming_the_variable(tmp_path, environ, names):
    ended = load(tmp_path, **environ)
    assert ended.returncode != 0
    assert names in ended.stderr.splitlines()[-1]


def test_aws_uses_the_bucket_and_makes_no_secrets(tmp_path):
    shown = json.loads(load(tmp_path, **AWS, PYPI_USERNAME="ana", PYPI_PASSWORD="a").stdout)
    assert shown["packages"] == "packages_app.file_store.s3.PackagesS3Storage"
    assert list(tmp_path.iterdir()) == []


def test_a_typo_is_known(tmp_path):
    assert json.loads(load(tmp_path, PYPI_OVERWRIT="1").stdout)["unknown"] == ["PYPI_OVERWRIT"]


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"PYPI_UPSTREAM_URL": "index.example"}, "PYPI_UPSTREAM_URL"),
        ({"PYPI_UPSTREAM_USERNAME": "ana"}, "exactly one PYPI_UPSTREAM_URL"),
        (
            {"PYPI_UPSTREAM_URL": "https://a.example/,https://b.example/", "PYPI_UPSTREAM_PASSWORD": "x"},
            "exactly one PYPI_UPSTREAM_URL",
        ),
        ({"PYPI_UPSTREAM_FILES": "copy"}, "PYPI_UPSTREAM_FILES"),
        ({"PYPI_UPSTREAM_BUDGET_SECONDS": "0"}, "PYPI_UPSTREAM_BUDGET_SECONDS"),
    ],
)
def test_contradictions_about_an_upstream_stop_the_start(tmp_path, environ, said):
    done = load(tmp_path, **environ)
    assert done.returncode != 0
    assert said in done.stderr
