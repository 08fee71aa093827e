"""A pipeline publishes without a secret of this index: real clients, a real server, a CI service of the tests' own."""

import re

import pytest

from tests.clients.projects import distributions, make_project
from tests.fakes.ci import CiService
from tests.fakes.tls import certificate, front


@pytest.fixture(scope="module")
def service():
    made = CiService()
    yield made
    made.close()


@pytest.fixture
def server(start, service):
    """An index that trusts the service, and its pipeline with the project piped."""
    started = start(PYPI_TRUSTED_ISSUERS=f"github={service.issuer}")
    where = ("repository=acme/widget", "workflow=release.yml", "environment=release")
    done = started.manage("trust_publisher", "piped", "github", *where)
    assert done.returncode == 0, done.stdout
    return started


def test_uv_publishes_from_a_pipeline(machine, server, service, tmp_path):
    project = make_project(machine.home / "project", "piped")
    built = distributions(project)
    pem = certificate(tmp_path / "certificate.pem")
    with front(server.port, pem) as port:  # uv asks for tokens by https only
        where = ("--trusted-publishing", "always", "--publish-url", f"https://127.0.0.1:{port}/legacy/")
        said = machine.run("uv", "publish", *where, *built, **service.environment, SSL_CERT_FILE=str(pem))
    assert "warning" not in said  # it gives its token back at the end, and says if it cannot
    assert set(server.listed("piped")) == {path.name for path in built}


def test_pdm_publishes_from_a_pipeline(machine, server, service):
    project = make_project(machine.home / "project", "piped")
    built = distributions(project)
    publish = ("pdm", "publish", "--no-build", "--repository", server.upload_url)
    machine.run(*publish, PWD=str(project), PDM_USE_VENV="false", **service.environment)
    assert set(server.listed("piped")) == {path.name for path in built}


def test_another_project_is_not_the_pipelines_and_pdm_says_so(machine, server, service):
    project = make_project(machine.home / "project", "unpiped")
    distributions(project)
    publish = ("pdm", "publish", "-vv", "--no-build", "--repository", server.upload_url)
    said = machine.fails(*publish, PWD=str(project), PDM_USE_VENV="false", **service.environment)
    assert "may not upload unpiped" in said
    assert server.listed("unpiped") == {}


def test_a_pipeline_that_nobody_named_is_told_what_it_is(machine, server, service, tmp_path):
    project = make_project(machine.home / "project", "piped")
    pem = certificate(tmp_path / "certificate.pem")
    service.claims["environment"] = "staging"
    try:
        with front(server.port, pem) as port:
            where = ("--trusted-publishing", "always", "--publish-url", f"https://127.0.0.1:{port}/legacy/")
            said = machine.fails(
                "uv", "publish", *where, *distributions(project), **service.environment, SSL_CERT_FILE=str(pem)
            )
    finally:
        service.claims["environment"] = "Release"
    assert "No publisher of this index is this pipeline of 'acme/widget'" in said
    assert re.search("environment '?staging", said)
    assert server.listed("piped") == {}


def test_uv_goes_on_quietly_with_its_password_where_no_service_is_trusted(machine, start, service, tmp_path):
    server = start()
    project = make_project(machine.home / "project", "piped")
    built = distributions(project)
    pem = certificate(tmp_path / "certificate.pem")
    service.asked.clear()
    with front(server.port, pem) as port:
        where = ("--trusted-publishing", "automatic", "--publish-url", f"https://127.0.0.1:{port}/legacy/")
        who = {"UV_PUBLISH_USERNAME": server.user, "UV_PUBLISH_PASSWORD": server.password}
        said = machine.run("uv", "publish", *where, *built, **service.environment, **who, SSL_CERT_FILE=str(pem))
        refused = machine.fails("uv", "publish", *where, *built, **service.environment, SSL_CERT_FILE=str(pem))
    assert not {"error", "warning"} & set(said.lower().replace(":", " ").split())
    assert "Missing credentials" in refused
    assert service.asked == []
    assert set(server.listed("piped")) == {path.name for path in built}


def test_pdm_with_a_password_exchanges_nothing(machine, server, service):
    project = make_project(machine.home / "project", "unpiped")
    built = distributions(project)
    service.asked.clear()
    who = ("--username", server.user, "--password", server.password)
    publish = ("pdm", "publish", "--no-build", "--repository", server.upload_url, *who)
    machine.run(*publish, PWD=str(project), PDM_USE_VENV="false", **service.environment)
    assert service.asked == []
    assert set(server.listed("unpiped")) == {path.name for path in built}
