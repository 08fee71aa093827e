"""A pipeline of a CI service publishes to the deployed index without a secret of it, under a name of its own."""

import json
import time
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from tests.aws.front import Behind
from tests.aws.local_aws import Deployed, LocalAws
from tests.clients.projects import distributions, make_project
from tests.fakes.ci import CiService

PIPELINE = {"kind": "github", "repository": "acme/widget", "workflow": "release.yml", "environment": "release"}


@pytest.fixture(scope="module")
def service(aws: LocalAws, deployed: Deployed) -> Iterator[CiService]:
    """A CI service that the deployed index trusts, as with PYPI_TRUSTED_ISSUERS; not any more afterwards."""
    client, running = aws.client("lambda"), CiService()

    def configure(**more: str) -> None:
        before = client.get_function_configuration(FunctionName=deployed.function)["Environment"]["Variables"]
        kept = {name: value for name, value in before.items() if name != "PYPI_TRUSTED_ISSUERS"}
        client.update_function_configuration(FunctionName=deployed.function, Environment={"Variables": kept | more})
        # The local AWS hands the next request to the process that it is about to end.
        ends = time.monotonic() + 30
        while deployed.get("/healthz", Accept="*/*")[0] != HTTPStatus.OK:
            assert time.monotonic() < ends
            time.sleep(0.2)

    configure(PYPI_TRUSTED_ISSUERS=f"github={running.issuer}")
    yield running
    configure()
    client.close()
    running.close()


def test_a_pipeline_publishes_what_it_was_named_for_and_nothing_else(domain, front, machine, service):
    machine = Behind(machine.home, front.url)
    named = urllib.request.Request(
        f"{domain.url}/api/projects/piped/publishers",
        json.dumps(PIPELINE).encode(),
        {"Authorization": domain.basic(), "Content-Type": "application/json", "Accept": "*/*"},
    )
    assert domain.ask(named, front.url)[0] == 200
    for name in ("piped", "unpiped"):
        project = make_project(machine.home / name, name)
        distributions(project)
        publish = ("pdm", "publish", "-vv", "--no-build", "--repository", f"{domain.url}/legacy/")
        if name == "piped":
            machine.run(*publish, PWD=str(project), PDM_USE_VENV="false", **service.environment)
        else:
            said = machine.fails(*publish, PWD=str(project), PDM_USE_VENV="false", **service.environment)
            assert "may not upload unpiped" in said
    page = domain.get("/simple/piped/", through=front.url, Authorization=domain.basic(), Accept="*/*")
    assert page[0] == 200
    assert page[2].count(b'<a href="../../packages/') == 2
