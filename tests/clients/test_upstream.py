"""One URL for what a team publishes and what another index has; that is a second instance of this project."""

import pytest

from tests.clients.machines import installed
from tests.clients.uploads import publish, upload
from tests.factories import make_sdist, make_wheel

APPLICATION = """\
[project]
name = "application"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["ours"]
"""
SOURCE = '[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "private"\nurl = "{url}/simple/"\n'
PAGES = ["/simple/dist-only/", "/simple/theirs/"]
"""What must be asked for, each once, of the other index."""


@pytest.fixture
def theirs(start):
    """The other index: a project that requires another one, which comes as an sdist and a wheel."""
    server = start()
    publish(
        server,
        make_wheel("theirs", "1.5", extra="Requires-Dist: dist-only>=1"),
        make_wheel("theirs", "2.0"),
        make_wheel("dist-only", "1.0"),
        make_sdist("dist-only", "1.0"),
        make_wheel("ours", "9.9", content=b"a trap"),
    )
    return server


@pytest.fixture
def ours(start, theirs):
    """The team's index, with a project that requires one of the other index."""
    server = start(PYPI_UPSTREAM_URL=theirs.index_url, PYPI_UPSTREAM_BUDGET_SECONDS="2")
    publish(server, make_wheel("ours", "1.0", extra="Requires-Dist: theirs<2"))
    return server


def with_pip(machine, server, name: str):
    python = machine.virtual_environment(name)
    machine.run("pip", "--python", python, "install", "--no-cache-dir", "--index-url", server.index_url, "ours")
    return python


def with_uv(machine, server, name: str):
    python = machine.virtual_environment(name)
    machine.run("uv", "pip", "install", "--no-cache", "--python", python, "--default-index", server.index_url, "ours")
    return python


def with_poetry(machine, server, name: str):
    folder = machine.home / name
    folder.mkdir()
    (folder / "pyproject.toml").write_text(APPLICATION + SOURCE.format(url=server.url))
    variables = {
        "POETRY_HTTP_BASIC_PRIVATE_USERNAME": server.user,
        "POETRY_HTTP_BASIC_PRIVATE_PASSWORD": server.password,
        "POETRY_CACHE_DIR": str(folder / "cache"),
        "PWD": str(folder),
    }
    machine.run("poetry", "lock", "--no-interaction", **variables)
    machine.run("poetry", "install", "--no-interaction", **variables)
    return folder / ".venv" / "bin" / "python"


@pytest.mark.parametrize("install", [with_pip, with_uv, with_poetry], ids=["pip", "uv", "poetry"])
def test_a_mixed_set_installs_cold_warm_and_with_the_upstream_off(install, machine, theirs, ours):
    with theirs.requests() as cold:
        python = install(machine, ours, "cold")
    assert {name: installed(python, name) for name in ("ours", "theirs", "dist_only")} == {
        "ours": "1.0",
        "theirs": "1.5",
        "dist_only": "1.0",
    }
    asked = [line.split()[1] for line in cold]
    assert sorted(path for path in asked if path.startswith("/simple/")) == PAGES
    # Nothing twice, and nothing of our own name, which the other index has too.
    assert len(asked) == len(set(asked))
    assert not any("ours" in path for path in asked)

    with theirs.requests() as warm:
        install(machine, ours, "warm")
    assert warm == []

    theirs.kill()
    assert installed(install(machine, ours, "off"), "theirs") == "1.5"


def test_a_reserved_name_is_never_asked_for(machine, theirs, ours):
    assert ours.manage("upstream", "reserve", "acme-*").returncode == 0
    python = machine.virtual_environment()
    where = ("--no-cache-dir", "--index-url", ours.index_url)
    with theirs.requests() as asked:
        machine.fails("pip", "--python", python, "install", *where, "acme-secret")
    assert asked == []


def test_a_name_of_the_upstream_cannot_be_taken_over(machine, theirs, ours):
    assert ours.get("/simple/theirs/")[0] == 200
    status, said = upload(ours, *make_wheel("theirs", "99.0"))
    assert status == 403
    assert "upstream claim theirs" in said
    assert ours.manage("upstream", "claim", "theirs").returncode == 0


def test_kept_files_are_the_upstreams_bytes(theirs, ours):
    for entry in ours.files("theirs"):
        assert ours.served_hash(entry) == entry["hashes"]["sha256"]
    assert ours.listed("theirs") == theirs.listed("theirs")
    kept = {path.name for path in (ours.data / "files" / "upstream" / "files").iterdir()}
    assert kept == set(theirs.listed("theirs").values())
