"""A person starts the index for the first time, and pastes what it prints."""

import re
import shlex

import pytest

from tests.clients.machines import installed, one_line
from tests.clients.projects import hashes, make_project
from tests.clients.uploads import publish
from tests.factories import make_wheel


@pytest.fixture
def server(start):
    """A server that nobody configured: it makes a user and a password."""
    server = start(password=None)
    server.user, server.password = re.search(r"username = (\S+)\n\s*password = (\S+)", server.said()).groups()
    return server


@pytest.fixture
def project(machine):
    return make_project(machine.home / "project", "pasted")


def lines(said: str, start: str) -> list[str]:
    """Return the printed commands that begin with these words."""
    printed = [re.sub(r"^(pip|uv|twine|poetry|pdm)?\s{3,}", "", line) for line in said.splitlines()]
    found = [line for line in printed if line.startswith(start)]
    assert found, f"no line begins with {start!r}:\n{said}"
    return found


def paste(machine, line: str, folder) -> str:
    """Run a printed command in the project's folder, as a shell would."""
    tool, *words = shlex.split(line)
    arguments = [part for word in words for part in (sorted(map(str, folder.glob(word))) if "*" in word else [word])]
    return machine.run(tool, *arguments, PWD=str(folder))


def test_the_password_file_can_be_read_by_its_owner_only(server):
    path = server.data / "password"
    assert path.read_text().strip() == server.password
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("tool", ["twine upload", "uv publish"])
def test_the_printed_line_of_twine_and_uv_publishes(tool, machine, server, project):
    [line] = lines(server.said(), tool)
    paste(machine, line, project)
    assert server.listed("pasted") == hashes(project)


def test_the_printed_lines_of_poetry_publish(machine, server, project):
    for line in lines(server.said(), "poetry "):
        paste(machine, line, project)
    assert server.listed("pasted") == hashes(project)


def test_the_printed_line_of_pdm_publishes(machine, server, project):
    [line] = lines(server.said(), "pdm publish")
    paste(machine, f"{line} --no-build", project)
    assert server.listed("pasted") == hashes(project)


def test_the_printed_pypirc_lets_twine_and_flit_publish_without_arguments(machine, server, project):
    text = server.said()
    block = re.search(r"\[distutils\].*?password = \S+\n", text, re.DOTALL).group()
    (machine.home / ".pypirc").write_text("".join(f"{line.strip()}\n" for line in block.splitlines()))
    machine.run("twine", "upload", "--non-interactive", "--repository", "private", *project.glob("dist/*"))
    assert server.listed("pasted") == hashes(project)
    other = make_project(machine.home / "other", "pasted-by-flit")
    machine.run("flit", "publish", "--repository", "private", PWD=str(other))
    assert server.listed("pasted-by-flit") == hashes(other)


@pytest.mark.parametrize("tool", ["pip", "uv pip"])
def test_the_printed_line_of_pip_and_uv_installs(tool, machine, server):
    publish(server, make_wheel("pasted", "1.0"))
    python = machine.virtual_environment()
    [line] = lines(server.said(), f"{tool} install")
    pasted = shlex.split(line.replace("PACKAGE", "pasted"))
    if tool == "pip":
        machine.run("pip", "--python", python, *pasted[1:])
    else:
        machine.run("uv", *pasted[1:], VIRTUAL_ENV=str(python.parents[1]), UV_PYTHON=str(python))
    assert installed(python, "pasted") == "1.0"


@pytest.mark.parametrize("client", ["twine upload", "uv publish", "poetry", "pdm publish"])
def test_the_printed_lines_work_for_a_password_that_looks_like_an_option(client, machine, start, project):
    server = start(password="-X:$HOME'horse'")
    for line in lines(server.manage("clients", "--url", server.url).stdout, client):
        paste(machine, f"{line} --no-build" if client == "pdm publish" else line, project)
    assert server.listed("pasted") == hashes(project)


def test_the_second_start_keeps_the_password_and_shows_it_to_nobody(server, start):
    server.stop()
    again = start(data=server.data, password=None)
    again.password = server.password
    again.user = server.user
    assert server.password not in again.said()
    assert again.get("/simple/")[0] == 200
    again.password = "another"
    assert again.get("/simple/")[0] == 401


def test_the_clients_command_prints_the_lines_again(server):
    printed = server.manage("clients", "--url", server.url).stdout
    for line in printed.splitlines():
        assert one_line(line) in one_line(server.said())
    assert server.password in printed
