"""Another index behind the deployed one: a mixed set installs through the gateway, also when the other one is off."""

import random
import time
from collections.abc import Iterator

import pytest

from tests.aws.local_aws import NAMES, Deployed, LocalAws
from tests.clients.machines import installed
from tests.clients.publishers import PUBLISHERS
from tests.clients.servers import Server
from tests.clients.uploads import publish
from tests.factories import make_sdist, make_wheel

LARGE = 25 * 1024**2
"""More than is fetched while a client waits."""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The other index, open for reading, as clients are sent to its large files."""
    server = Server(tmp_path_factory.mktemp("theirs") / "data", PYPI_PUBLIC_READ="1")
    yield server
    server.close()


@pytest.fixture(scope="module")
def behind(aws: LocalAws, deployed: Deployed, theirs: Server) -> Iterator[Server]:
    """Put it behind the deployed one, as a deployment with PYPI_UPSTREAM_URL would; taken away afterwards."""
    client = aws.client("lambda")

    def configure(**more: str) -> None:
        before = client.get_function_configuration(FunctionName=deployed.function)["Environment"]["Variables"]
        kept = {name: value for name, value in before.items() if not name.startswith("PYPI_UPSTREAM_")}
        client.update_function_configuration(FunctionName=deployed.function, Environment={"Variables": kept | more})

    configure(PYPI_UPSTREAM_URL=f"{theirs.url}/simple/")
    yield theirs
    configure()
    client.close()


def install(deployed: Deployed, machine, tool: str, name: str) -> dict[str, str | None]:
    """Install a project without a client's cache, and return what is there then."""
    python = machine.virtual_environment(f"{tool}-{time.monotonic_ns()}")
    if tool == "pip":
        machine.run("pip", "--python", python, "install", "--no-cache-dir", "--index-url", deployed.index_url, name)
    else:
        where = ("--no-cache", "--python", python, "--default-index", deployed.index_url)
        machine.run("uv", "pip", "install", *where, name)
    return {each: installed(python, each) for each in ("mixed", "theirs", "dist_only", "voluminous_file")}


def test_a_mixed_set_installs_cold_warm_and_with_the_upstream_off(aws, deployed, behind, machine):
    publish(
        behind,
        make_wheel("theirs", "1.5", extra="Requires-Dist: dist-only>=1"),
        make_wheel("theirs", "2.0"),
        make_wheel("dist-only", "1.0"),
        make_sdist("dist-only", "1.0"),
        make_wheel("voluminous-file", "1.0", content=random.Random(1).randbytes(LARGE)),
    )
    filename, data = make_wheel("mixed", "1.0", extra="Requires-Dist: theirs<2")
    (machine.home / "dist").mkdir()
    (machine.home / "dist" / filename).write_bytes(data)
    code, said = PUBLISHERS["uv"](machine, deployed, machine.home)
    assert code == 0, said
    expected = {"mixed": "1.0", "theirs": "1.5", "dist_only": "1.0", "voluminous_file": None}
    with behind.requests() as cold:
        for tool in ("pip", "uv"):
            assert install(deployed, machine, tool, "mixed") == expected
    asked = [line.split()[1] for line in cold]
    assert len(asked) == len(set(asked))
    assert not any("mixed" in path for path in asked)

    # A large file is fetched by an event, while its first client is sent on.
    assert install(deployed, machine, "uv", "voluminous-file")["voluminous_file"] == "1.0"
    key = f"upstream/files/{behind.listed('voluminous-file').popitem()[1]}"
    wait_for(aws, key)

    behind.kill()
    for tool in ("pip", "uv"):
        assert install(deployed, machine, tool, "mixed") == expected
    assert install(deployed, machine, "pip", "voluminous-file")["voluminous_file"] == "1.0"


def wait_for(aws: LocalAws, key: str) -> None:
    """Wait until there is such an object in the bucket."""
    client, ends = aws.client("s3"), time.monotonic() + 60
    while True:
        found = client.list_objects_v2(Bucket=NAMES["PYPI_BUCKET"], Prefix=key).get("Contents")
        if found:
            assert found[0]["Size"] > LARGE
            return
        assert time.monotonic() < ends, aws.log.read_text()[-3000:]
        time.sleep(0.5)
