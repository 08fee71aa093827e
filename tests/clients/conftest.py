"""Servers and machines that the client tests use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.machines import Machine
from tests.clients.servers import Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here: it can be left out with ``-m "not clients"``."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.clients)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An index under runserver that the tests of a run share; each uses projects of its own."""
    started = Server(tmp_path_factory.mktemp("index") / "data")
    yield started
    started.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers of a test's own: ``start("--overwrite", kind="serve", PYPI_MAX_UPLOAD_MB="1")``."""
    started: list[Server] = []

    def begin(*options: str, data: Path | None = None, **how: str) -> Server:
        started.append(Server(data or tmp_path / f"data-{len(started)}", *options, **how))
        return started[-1]

    yield begin
    for each in started:
        each.close()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A person's machine with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return Machine(home)
