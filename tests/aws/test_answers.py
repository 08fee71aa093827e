"""Pages that are too large for an answer of Lambda are read from the bucket by real installers."""

import json
import time

import pytest

from tests.aws.front import Behind
from tests.aws.local_aws import NAMES
from tests.clients.machines import installed
from tests.factories import make_wheel

LIMIT = 600
"""Bytes; a page of a dozen wheels has more, however it is compressed."""
COUNT = 12


@pytest.fixture
def small_answers(aws, deployed, domain):
    """The function with a lower limit than Lambda's; files are there that pass it."""
    for number in range(COUNT):
        filename, data = make_wheel("voluminous", f"1.{number}")
        aws.client("s3").put_object(Bucket=NAMES["PYPI_BUCKET"], Key=f"incoming/{filename}", Body=data)
    ends = time.monotonic() + 90
    while len(files(domain.aws, deployed)) < COUNT:
        assert time.monotonic() < ends, aws.log.read_text()
        time.sleep(1)
    client = aws.client("lambda")
    before = client.get_function_configuration(FunctionName=deployed.function)["Environment"]["Variables"]
    change = {**before, "PYPI_LARGEST_ANSWER": str(LIMIT)}
    client.update_function_configuration(FunctionName=deployed.function, Environment={"Variables": change})
    yield
    client.update_function_configuration(FunctionName=deployed.function, Environment={"Variables": before})
    client.close()


def files(aws, deployed) -> list[dict]:
    status, _, body = deployed.get(
        "/simple/voluminous/", Authorization=deployed.basic(), Accept="application/vnd.pypi.simple.v1+json"
    )
    return json.loads(body)["files"] if status == 200 else []


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
