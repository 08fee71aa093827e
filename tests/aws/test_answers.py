"""A page that is too large for an answer of Lambda is read from the bucket by real installers."""

import random

import pytest

from tests.aws.front import Behind
from tests.aws.local_aws import NAMES
from tests.clients.machines import Machine, installed
from tests.factories import make_wheel

EXCLUDED = 12_000
"""Releases of Python that each wheel excludes: a page that is large however it is compressed, with two files."""


@pytest.fixture(scope="module")
def voluminous(deployed, tmp_path_factory):
    """A project whose page passes the limit that the function has here."""
    folder = tmp_path_factory.mktemp("voluminous")
    numbers = random.Random(0)
    for version in ("1.0", "1.1"):
        excluded = ",".join(f"!=3.{numbers.randrange(10**7, 10**8)}" for _ in range(EXCLUDED))
        filename, data = make_wheel("voluminous", version, requires_python=f">=3.8,{excluded}")
        (folder / filename).write_bytes(data)
    who = ("--username", deployed.user, "--password", deployed.password, "--repository-url", deployed.upload_url)
    twine = ("upload", "--non-interactive", "--disable-progress-bar", *who)
    Machine(folder).run("twine", *twine, *sorted(folder.glob("*.whl")))


@pytest.mark.parametrize("client", ["pip", "uv"])
def test_an_installer_reads_a_large_page_from_the_bucket(voluminous, domain, front, machine, client):
    headers = {"Authorization": domain.basic(), "Accept-Encoding": "gzip", "Accept": "*/*"}
    status, headers, _ = domain.get("/simple/voluminous/", through=front.url, **headers)
    assert (status, headers["Cache-Control"]) == (302, "no-store")
    assert f"/{NAMES['PYPI_BUCKET']}/pages/" in headers["Location"]
    machine = Behind(machine.home, front.url)
    python = machine.virtual_environment("venv")
    if client == "pip":
        where = ("--trusted-host", "packages.example", "--index-url", domain.index_url)
        machine.run("pip", "--python", python, "install", *where, "voluminous")
    else:
        machine.run("uv", "pip", "install", "--python", python, "--default-index", domain.index_url, "voluminous")
    assert installed(python, "voluminous") == "1.1"
