"""A person locks a small project with uv, poetry, pdm and pip, and installs from the lock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.clients.machines import installed
from tests.clients.uploads import publish
from tests.factories import make_sdist, make_wheel, sha256

PROJECT = """\
[project]
name = "application"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["branch<2"]
"""
SOURCES = {
    "uv": '[[tool.uv.index]]\nname = "private"\nurl = "{url}/simple/"\ndefault = true\n',
    "poetry": "[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\n"
    'name = "private"\nurl = "{url}/simple/"\npriority = "primary"\n',
    "pdm": "[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\n"
    'name = "pypi"\nurl = "http://${{INDEX_USER}}:${{INDEX_PASSWORD}}@127.0.0.1:{port}/simple/"\n',
}


@pytest.fixture(scope="module")
def files(server) -> dict[str, str]:
    """Two published projects, one of which requires the other; returns the digests of what a lock must name."""
    chosen = [
        make_wheel("branch", "1.5", extra="Requires-Dist: twig>=1"),
        make_sdist("branch", "1.5"),
        make_wheel("twig", "1.0"),
    ]
    publish(server, *chosen, make_wheel("branch", "2.0"))
    return {filename: sha256(data) for filename, data in chosen}


def application(machine, server, tool: str) -> Path:
    """Write the project as the tool wants it."""
    folder = machine.home / "application"
    folder.mkdir()
    source = SOURCES[tool].format(url=server.url, port=server.port)
    (folder / "pyproject.toml").write_text(PROJECT + source)
    return folder


def credentials(server, tool: str) -> dict[str, str]:
    """Return the variables by which the tool signs in; none of it gets into the lock."""
    prefix = {"uv": "UV_INDEX_PRIVATE", "poetry": "POETRY_HTTP_BASIC_PRIVATE", "pdm": "INDEX"}[tool]
    user = "USER" if tool == "pdm" else "USERNAME"
    return {f"{prefix}_{user}": server.user, f"{prefix}_PASSWORD": server.password}


LOCK_AND_INSTALL = {
    "uv": (("lock",), ("sync", "--locked")),
    "poetry": (("lock", "--no-interaction"), ("install", "--no-interaction")),
    "pdm": (("lock",), ("sync", "--no-self")),
}


@pytest.mark.parametrize("tool", LOCK_AND_INSTALL)
def test_a_lock_names_every_file_with_its_hash_and_installs(tool, machine, server, files):
    lock, install = LOCK_AND_INSTALL[tool]
    folder = application(machine, server, tool)
    variables = credentials(server, tool) | {"PWD": str(folder)}
    machine.run(tool, *lock, **variables)
    locked = (folder / f"{tool}.lock").read_text()
    for filename, digest in files.items():
        assert filename in locked
        assert f"sha256:{digest}" in locked
    assert server.password not in locked
    machine.run(tool, *install, **variables)
    python = folder / ".venv" / "bin" / "python"
    assert installed(python, "branch") == "1.5"
    assert installed(python, "twig") == "1.0"


def test_pip_lock_names_each_wheel_with_its_hash(machine, server, files):
    output = machine.home / "pylock.toml"
    machine.run("pip", "lock", "--index-url", server.index_url, "--output", output, "branch<2")
    locked = output.read_text()
    assert server.password not in locked
    for filename, digest in files.items():
        assert (digest in locked) == filename.endswith(".whl")


def test_uv_compiles_requirements_with_hashes(machine, server, files):
    wanted = machine.home / "requirements.in"
    wanted.write_text("branch<2\n")
    said = machine.run("uv", "pip", "compile", "--generate-hashes", "--default-index", server.index_url, wanted)
    assert "branch==1.5" in said
    for digest in files.values():
        assert f"--hash=sha256:{digest}" in said


def test_uv_compiles_as_of_a_date(machine, server, files):
    wanted = machine.home / "requirements.in"
    wanted.write_text("branch\n")
    compile_as_of = ("pip", "compile", "--no-header", "--default-index", server.index_url, wanted, "--exclude-newer")
    yesterday, tomorrow = ((datetime.now(UTC) + timedelta(days=days)).isoformat() for days in (-1, 1))
    assert "exclude-newer" in machine.fails("uv", *compile_as_of, yesterday)
    assert "branch==2.0" in machine.run("uv", *compile_as_of, tomorrow)
