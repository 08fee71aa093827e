"""A page that is too large for an answer of Lambda is read from the bucket by real installers."""

import secrets

import pytest

from tests.aws.front import Behind
from tests.aws.local_aws import NAMES
from tests.clients.machines import Machine, installed
from tests.factories import make_wheel

FILES = 1_500
"""Their digests alone make a page that passes the limit which the function has here, however it is compressed."""


@pytest.fixture(scope="module")
def voluminous(aws, deployed, tmp_path_factory):
    """A project with one file, and with the rows of very many older ones."""
    folder = tmp_path_factory.mktemp("voluminous")
    filename, data = make_wheel("voluminous", "1.0")
    (folder / filename).write_bytes(data)
    who = ("--username", deployed.user, "--password", deployed.password, "--repository-url", deployed.upload_url)
    twine = ("upload", "--non-interactive", "--disable-progress-bar", *who)
    Machine(folder).run("twine", *twine, folder / filename)
    client = aws.client("dynamodb")
    key = {"pk": {"S": "P#main#voluminous"}, "sk": {"S": f"F#{filename}"}}
    row = client.get_item(TableName=NAMES["PYPI_TABLE"], Key=key)["Item"]
    older = [
        {
            **row,
            "sk": {"S": f"F#voluminous-0.{number}-py3-none-any.whl"},
            "version": {"S": f"0.{number}"},
            **{name: {"S": secrets.token_hex(32)} for name in ("sha256", "metadata_sha256")},
        }
        for number in range(FILES)
    ]
    for first in range(0, FILES, 25):
        puts = [{"PutRequest": {"Item": item}} for item in older[first : first + 25]]
        client.batch_write_item(RequestItems={NAMES["PYPI_TABLE"]: puts})
    yield
    for first in range(0, FILES, 25):
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in older[first : first + 25]]
        deletes = [{"DeleteRequest": {"Key": key}} for key in keys]
        client.batch_write_item(RequestItems={NAMES["PYPI_TABLE"]: deletes})
    client.close()


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
    assert installed(python, "voluminous") == "1.0"
