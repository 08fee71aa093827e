"""A person installs what was published with pip and uv."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.clients.machines import installed
from tests.clients.uploads import publish
from tests.factories import make_wheel, metadata, sha256, tarred


@pytest.fixture
def pip(machine, server):
    """Run pip for a fresh virtual environment against the index: ``pip("install", "demo")``."""
    python = machine.virtual_environment("for-pip")

    def run(command, *arguments, runner=machine.run):
        return runner("pip", "--python", python, *command.split(), "--index-url", server.index_url, *arguments)

    run.python = python
    return run


@pytest.fixture
def uv(machine, server):
    """Run ``uv pip`` for a fresh virtual environment against the index: ``uv("install", "demo")``."""
    python = machine.virtual_environment("for-uv")

    def run(command, *arguments, runner=machine.run):
        return runner("uv", "pip", command, "--python", python, "--default-index", server.index_url, *arguments)

    run.python = python
    return run


@pytest.fixture(params=["pip", "uv"])
def installer(request):
    """Each of both."""
    return request.getfixturevalue(request.param)


def test_pip_and_uv_install_a_wheel_and_what_it_requires(installer, server):
    publish(server, make_wheel("leaf", "1.0"), make_wheel("trunk", "1.0", extra="Requires-Dist: leaf>=1"))
    installer("install", "trunk")
    assert installed(installer.python, "trunk") == "1.0"
    assert installed(installer.python, "leaf") == "1.0"


def test_pip_and_uv_install_by_a_name_written_otherwise(installer, server):
    publish(server, make_wheel("Odd.Name", "1.0"))
    installer("install", "odd_NAME")
    assert installed(installer.python, "odd_name") == "1.0"


def test_pip_and_uv_install_a_local_version(installer, server):
    publish(server, make_wheel("local", "1.0+cu121"), make_wheel("local", "1.0"))
    installer("install", "local==1.0+cu121")
    assert installed(installer.python, "local") == "1.0+cu121"


def test_pip_and_uv_say_that_an_unknown_project_is_not_there(installer, machine):
    said = installer("install", "never-published", runner=machine.fails)
    assert "No matching distribution found" in said or "not found" in said


def test_pip_and_uv_build_and_install_an_sdist(installer, server):
    publish(server, make_buildable("source-only"))
    installer("install", "source-only")
    assert installed(installer.python, "source_only") == "1.0"


def test_pip_downloads_the_bytes_that_were_published(pip, machine, server):
    filename, data = make_wheel("taken-home", "1.0", content=b"x" * 100_000)
    publish(server, (filename, data))
    pip("download", "--no-deps", "--dest", machine.home / "downloads", "taken-home")
    assert (machine.home / "downloads" / filename).read_bytes() == data


def test_require_hashes_takes_the_right_hash_and_refuses_another(installer, machine, server):
    filename, data = make_wheel("pinned", "1.0")
    publish(server, (filename, data))
    requirements = machine.home / "requirements.txt"
    requirements.write_text(f"pinned==1.0 --hash=sha256:{'0' * 64}\n")
    said = installer("install", "--require-hashes", "--requirement", requirements, runner=machine.fails)
    assert "hash" in said.lower()
    assert installed(installer.python, "pinned") is None
    requirements.write_text(f"pinned==1.0 --hash=sha256:{sha256(data)}\n")
    installer("install", "--require-hashes", "--requirement", requirements)
    assert installed(installer.python, "pinned") == "1.0"


@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_a_new_version_is_installed_at_once_though_the_client_has_the_page_in_its_cache(tool, request, machine, server):
    installer = request.getfixturevalue(tool)
    # pip caches pages over plain HTTP only from hosts that it trusts; uv always does.
    trusted = ("--trusted-host", f"127.0.0.1:{server.port}") if tool == "pip" else ()
    name = f"quick-{tool}"
    publish(server, make_wheel(name, "1"))
    installer("install", *trusted, name)
    machine.run(*uninstall(tool, installer.python, name))
    with server.requests() as requests:
        installer("install", *trusted, name)
    assert any(f"/simple/{name}/" in request and " 304 " in request for request in requests), "the cache is not warm"
    publish(server, make_wheel(name, "2"))
    installer("install", *trusted, f"{name}>=2")  # not --upgrade: with it uv asks again whatever its cache holds
    assert installed(installer.python, f"quick_{tool}") == "2"
    publish(server, make_wheel(name, "3"))
    installer("install", *trusted, "--upgrade", name)
    assert installed(installer.python, f"quick_{tool}") == "3"


def test_pip_resolves_from_the_metadata_without_fetching_the_wheel(pip, server):
    publish(server, make_wheel("light", "1.0"), make_wheel("heavy", "1.0", extra="Requires-Dist: light"))
    with server.requests() as requests:
        said = pip("install", "--dry-run", "heavy")
    assert "Would install heavy-1.0 light-1.0" in said
    fetched = [request.split()[1].rpartition("/")[2] for request in requests if "/packages/" in request]
    assert sorted(fetched) == ["heavy-1.0-py3-none-any.whl.metadata", "light-1.0-py3-none-any.whl.metadata"]


def test_uv_resolves_from_the_metadata_without_fetching_the_wheel(uv, machine, server):
    publish(server, make_wheel("feather", "1.0"))
    (machine.home / "wanted.in").write_text("feather\n")
    with server.requests() as requests:
        uv("compile", "--no-header", machine.home / "wanted.in")
    fetched = [request.split()[1].rpartition("/")[2] for request in requests if "/packages/" in request]
    assert fetched == ["feather-1.0-py3-none-any.whl.metadata"]


def test_pip_lists_the_versions(pip, server):
    publish(server, *(make_wheel("many", version) for version in ("1.0", "1.10", "1.9", "2.0rc1")))
    assert "Available versions: 1.10, 1.9, 1.0" in pip("index versions", "many")


def test_a_yanked_release_is_skipped_unless_it_is_pinned(installer, machine, server):
    files = [make_wheel("withdrawn", version) for version in ("1.0", "2.0")]
    publish(server, *files)
    yank(server, "withdrawn", files[1][0], "eats data")
    installer("install", "withdrawn")
    assert installed(installer.python, "withdrawn") == "1.0"
    assert "eats data" in installer("install", "withdrawn==2.0")
    assert installed(installer.python, "withdrawn") == "2.0"


def test_a_cut_off_date_hides_what_was_uploaded_after_it_and_keeps_what_was_before(installer, machine, server):
    name = "dated-pip" if installer.python.parts[-3] == "for-pip" else "dated-uv"
    option = "--uploaded-prior-to" if name == "dated-pip" else "--exclude-newer"
    publish(server, make_wheel(name, "1.0"))
    time.sleep(0.01)
    between = datetime.now(UTC).isoformat()
    time.sleep(0.01)
    publish(server, make_wheel(name, "2.0"))

    long_ago = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    installer("install", option, long_ago, name, runner=machine.fails)
    installer("install", option, between, name)
    assert installed(installer.python, name.replace("-", "_")) == "1.0"
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    installer("install", "--upgrade", option, soon, name)
    assert installed(installer.python, name.replace("-", "_")) == "2.0"


def uninstall(tool: str, python, name: str) -> tuple[str, ...]:
    """Return the command that removes a project again."""
    if tool == "pip":
        return ("pip", "--python", str(python), "uninstall", "--yes", name)
    return ("uv", "pip", "uninstall", "--python", str(python), name)


def yank(server, project: str, filename: str, reason: str) -> None:
    """Yank a file in the server's data folder, from another process."""
    code = (
        "from packages_app.catalogue.entries import Change; from packages_app.catalogue.write import set_yanked; "
        f"set_yanked({project!r}, {filename!r}, yanked=True, reason={reason!r}, change=Change(actor='ana'))"
    )
    done = server.manage("shell", "--command", code)
    assert done.returncode == 0, done.stdout


def make_buildable(name: str) -> tuple[str, bytes]:
    """Return an sdist that builds without fetching anything: its build backend is part of it."""
    module = name.replace("-", "_")
    wheel_name, wheel = make_wheel(name, "1.0")
    backend = (
        "import pathlib\n"
        "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
        f"    pathlib.Path(folder, {wheel_name!r}).write_bytes(bytes.fromhex({wheel.hex()!r}))\n"
        f"    return {wheel_name!r}\n"
    )
    stem = f"{module}-1.0"
    return f"{stem}.tar.gz", tarred(
        {
            f"{stem}/PKG-INFO": metadata(name, "1.0"),
            f"{stem}/pyproject.toml": b'[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n',
            f"{stem}/b.py": backend.encode(),
        }
    )
