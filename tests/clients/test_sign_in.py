"""Clients sign in: with a password full of odd characters, from a netrc file, or not at all where reading is open."""

import pytest

from tests.clients.machines import installed
from tests.clients.projects import hashes, make_project
from tests.clients.publishers import PUBLISHERS
from tests.clients.uploads import publish
from tests.factories import make_wheel

HARD = "s3cr:et pä/@%"


@pytest.fixture
def server(start):
    return start(password=HARD)


@pytest.mark.parametrize("client", ["twine", "uv", "poetry", "hatch", "flit"])
def test_a_hard_password_publishes(client, machine, server):
    project = make_project(machine.home / "project", "hard")
    code, said = PUBLISHERS[client](machine, server, project)
    assert code == 0, said
    assert server.listed("hard") == hashes(project)


def test_a_hard_password_installs_with_pip_and_uv(machine, server):
    publish(server, make_wheel("hard", "1.0"))
    python = machine.virtual_environment("for-pip")
    machine.run("pip", "--python", python, "install", "--index-url", server.index_url, "hard")
    assert installed(python, "hard") == "1.0"
    python = machine.virtual_environment("for-uv")
    machine.run("uv", "pip", "install", "--python", python, "--default-index", server.index_url, "hard")
    assert installed(python, "hard") == "1.0"


def test_without_a_password_pip_and_uv_say_that_they_need_one(machine, server):
    publish(server, make_wheel("hard", "1.0"))
    python = machine.virtual_environment()
    index = f"{server.url}/simple/"
    said = machine.fails("pip", "--python", python, "install", "--index-url", index, "hard")
    assert "401" in said or "User for" in said or "No matching distribution" in said
    said = machine.fails("uv", "pip", "install", "--python", python, "--default-index", index, "hard")
    assert "401" in said


def test_credentials_in_a_netrc_file_install_with_pip_and_uv(machine, start):
    server = start()
    publish(server, make_wheel("from-netrc", "1.0"))
    netrc = machine.home / ".netrc"
    netrc.write_text(f"machine 127.0.0.1 login {server.user} password {server.password}\n")
    netrc.chmod(0o600)
    index = f"{server.url}/simple/"
    python = machine.virtual_environment("for-pip")
    machine.run("pip", "--python", python, "install", "--index-url", index, "from-netrc")
    assert installed(python, "from_netrc") == "1.0"
    python = machine.virtual_environment("for-uv")
    machine.run("uv", "pip", "install", "--python", python, "--default-index", index, "from-netrc")
    assert installed(python, "from_netrc") == "1.0"


def test_where_reading_is_open_pip_and_uv_install_without_credentials_but_nobody_uploads(machine, start):
    server = start(PYPI_PUBLIC_READ="1")
    publish(server, make_wheel("open", "1.0"))
    index = f"{server.url}/simple/"
    python = machine.virtual_environment()
    machine.run("pip", "--python", python, "install", "--index-url", index, "open")
    machine.run("uv", "pip", "install", "--reinstall", "--python", python, "--default-index", index, "open")
    assert installed(python, "open") == "1.0"
    project = make_project(machine.home / "project", "closed")
    code, said = PUBLISHERS["twine"](machine, server, project, password="guessed")
    assert code != 0, said
    assert server.listed("closed") == {}
