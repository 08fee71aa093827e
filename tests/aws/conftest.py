"""A local AWS with the index deployed on it, shared by the tests here, which run in the order they are written."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.environments import environment
from tests.aws.front import Front
from tests.aws.local_aws import NAMES, Deployed, LocalAws, Named, take_binary
from tests.clients.machines import Machine

MEASURED = pytest.StashKey[dict[str, str]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here: it can be left out with ``-m "not aws"``."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.aws)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def aws(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """An empty account."""
    if os.name != "posix" or importlib.util.find_spec("ensurepip") is None:
        pytest.skip("a local AWS needs a POSIX machine whose Python can make virtual environments")
    if sys.version_info[:2] != (3, 11):
        pytest.skip("zappa_settings.json names python3.11, and Zappa packs for the Python it runs on")
    for name in ("local", "deploy"):
        environment(name)
    started = LocalAws(tmp_path_factory.mktemp("aws"))
    try:
        yield started
    finally:
        started.close()
        request.config.stash[MEASURED] = started.measured


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Print what was measured on the way."""
    if measured := config.stash.get(MEASURED, None):
        terminalreporter.section("measured")
        for what, value in measured.items():
            terminalreporter.write_line(f"{what}: {value}")


@pytest.fixture(scope="session")
def deployed(aws: LocalAws) -> Deployed:
    """The index, deployed as docs/deploy.md says."""
    aws.manage("setup_aws", "--apply")
    sqs = aws.client("sqs")
    sqs.create_queue(QueueName="failed-events")
    sqs.close()
    aws.zappa("deploy")
    client = aws.client("apigateway")
    (api,) = [each["id"] for each in client.get_rest_apis()["items"] if each["name"] == "elastic-pypi-dev"]
    client.close()
    take_binary(aws, api)
    return Deployed(aws, api)


@pytest.fixture(scope="session")
def front(aws: LocalAws, deployed: Deployed) -> Iterator[Front]:
    """The way by which clients reach names such as a custom domain."""
    del deployed
    with Front(aws.port) as started:
        yield started


@pytest.fixture(scope="session")
def domain(aws: LocalAws, deployed: Deployed) -> Named:
    """The index under its custom domain."""
    aws.certify()
    return Named(aws, deployed.api, base=f"http://{NAMES['ZAPPA_DOMAIN']}")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A person's machine with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return Machine(home)
