"""Pages that are too large for an answer of Lambda are read from the bucket by real installers."""

import pytest

from tests.aws.front import Behind
from tests.clients.machines import Machine, installed
from tests.factories import make_wheel

LIMIT = 300
"""Bytes; a page of a few wheels has more, however it is compressed."""
COUNT = 4


@pytest.fixture(scope="module")
def small_answers(aws, deployed, domain, tmp_path_factory):
    """The function with a lower limit than Lambda's; files are there that pass it."""
    folder = tmp_path_factory.mktemp("voluminous")
    for number in range(COUNT):
        filename, data = make_wheel("voluminous", f"1.{number}")
        (folder / filename).write_bytes(data)
    who = ("--username", deployed.user, "--password", deployed.password, "--repository-url", deployed.upload_url)
    twine = ("upload", "--non-interactive", "--disable-progress-bar", *who)
    Machine(folder).run("twine", *twine, *sorted(folder.glob("*.whl")))
    with aws.configured(deployed.function, PYPI_LARGEST_ANSWER=str(LIMIT)):
        yield


@pytest.mark.parametrize("client", ["pip", "uv"])
def test_an_installer_reads_a_large_page_from_the_bucket(small_answers, domain, front, machine, client):
    status, headers, _ = domain.get("/simple/voluminous/", through=front.url, Authorization=domain.basic())
    assert (status, headers["Cache-Control"]) == (302, "no-store")
    assert "/pages/" in headers["Location"]
    machine = Behind(machine.home, front.url)
    python = machine.virtual_environment("venv")
    if client == "pip":
        where = ("--trusted-host", "packages.example", "--index-url", domain.index_url)
        machine.run("pip", "--python", python, "install", *where, "voluminous")
    else:
        machine.run("uv", "pip", "install", "--python", python, "--default-index", domain.index_url, "voluminous")
    assert installed(python, "voluminous") == f"1.{COUNT - 1}"
