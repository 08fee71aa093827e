"""Clients publish and install with API tokens, and are told when one is no good."""

import time

import pytest

from tests.clients.machines import installed
from tests.clients.projects import hashes, make_project
from tests.clients.publishers import PUBLISHERS
from tests.clients.uploads import publish
from tests.factories import make_wheel


@pytest.fixture
def indexed(start):
    """A server with a user, and a way to make tokens: ``indexed("--action", "read")``."""
    server = start()
    said = server.manage("create_user", "eve", "--no-password")
    assert said.returncode == 0, said.stdout
    server.manage("grant", "uploader", "acme-*", "eve")

    def token(*arguments: str) -> str:
        made = server.manage("create_token", "eve", *arguments)
        return next(line for line in made.stdout.splitlines() if line.startswith("epypi_"))

    server.token = token
    return server


class As:
    """The same server, as a client is configured that comes with a token."""

    def __init__(self, server, token: str) -> None:
        self.url, self.upload_url = server.url, server.upload_url
        self.user, self.password = "__token__", token
        self.index_url = f"{server.url.replace('//', f'//__token__:{token}@')}/simple/"


@pytest.mark.parametrize("client", ["twine", "uv"])
def test_a_token_publishes_within_its_limits(client, machine, indexed):
    token = indexed.token("--action", "upload", "--project", "acme-*")
    project = make_project(machine.home / "project", "acme-core")
    code, said = PUBLISHERS[client](machine, As(indexed, token), project)
    assert code == 0, said
    assert indexed.listed("acme-core") == hashes(project)
    other = make_project(machine.home / "other", "other")
    code, said = PUBLISHERS[client](machine, As(indexed, token), other)
    assert code != 0, said
    assert "403" in said
    assert indexed.listed("other") == {}


def test_a_token_installs_with_pip_and_uv_until_it_is_revoked(machine, indexed):
    publish(indexed, make_wheel("acme-core", "1.0"))
    token = indexed.token("--action", "read")
    index = As(indexed, token).index_url
    python = machine.virtual_environment("for-pip")
    machine.run("pip", "--python", python, "install", "--index-url", index, "acme-core")
    assert installed(python, "acme_core") == "1.0"
    python = machine.virtual_environment("for-uv")
    machine.run("uv", "pip", "install", "--python", python, "--default-index", index, "acme-core")
    assert installed(python, "acme_core") == "1.0"
    indexed.manage("revoke_token", token[6:22])  # in another process than the server's, which sees it within seconds
    began = time.monotonic()
    while indexed.get("/simple/", Authorization=f"Bearer {token}")[0] != 401:
        assert time.monotonic() - began < 12, "a revoked token was taken for too long"
        time.sleep(0.5)
    said = machine.fails(
        "uv", "pip", "install", "--reinstall", "--no-cache", "--python", python, "--default-index", index, "acme-core"
    )
    assert "401" in said
