"""What the index of these tests holds: projects as teams publish them, and one that means harm."""

from collections.abc import Iterator
from pathlib import Path

from packages_app.accounts.publishers.entries import Pipeline
from packages_app.accounts.publishers.write import id_of
from tests.clients.servers import USER, Server
from tests.factories import make_sdist, make_wheel

HERE = Path(__file__).with_name("descriptions")
README = (HERE / "tidepool.md").read_text()
FIELDS = (HERE / "tidepool.txt").read_text()
RST = (HERE / "seaglass.rst").read_text()
HOSTILE_FIELDS = (HERE / "hostile.txt").read_text()
HOSTILE = (HERE / "hostile.md").read_text()
VERSIONS = ("1.0", "1.1", "2.0a1", "2.0", "2.0.1", "2.1", *(f"2.1.{number}" for number in range(1, 15)), "2.2", "3.0a1")
OTHERS = {
    "harbour-api": "HTTP API of the harbour",
    "harbour-models": "Shared models of the harbour",
    "buoy": "Keeps long jobs afloat",
    "lighthouse-auth": "Sign-in for internal tools",
    "keel": "Configuration that holds",
}

GITHUB, GITLAB = "https://ci.test", "https://gitlab.test"
"""CI services whose pipelines are trusted."""
PIPELINE = Pipeline(
    kind="github",
    issuer=GITHUB,
    fields={"repository": "harbour/tidepool", "workflow": "release.yml", "environment": "release"},
)
PUBLISHER = id_of(PIPELINE)


def core(name: str, version: str, summary: str, fields: str = "", body: str = "") -> bytes:
    """Return core metadata."""
    head = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nSummary: {summary}\nRequires-Python: >=3.11\n"
    return f"{head}{fields}\n{body}".encode()


def publish_all(server: Server, folder: Path) -> None:
    """Publish everything, by way of ``folder``."""
    for filename, data in distributions():
        (folder / filename).write_bytes(data)
    done = server.manage("upload", "--as", USER, *map(str, sorted(folder.iterdir())))
    assert done.returncode == 0, done.stdout
    said = (f"{name}={value}" for name, value in PIPELINE.fields.items())
    for trusted in (("tidepool", PIPELINE.kind, *said), ("harbour-*", "gitlab", "project=harbour/backend/api")):
        done = server.manage("trust_publisher", *trusted)
        assert done.returncode == 0, done.stdout


def distributions() -> Iterator[tuple[str, bytes]]:
    """Yield the file name and bytes of each."""
    summary = "Tidy, validated time series from noisy sensors"
    for version in VERSIONS:
        yield make_wheel("tidepool", version, core=core("tidepool", version, summary, FIELDS, README))
    said = core("tidepool", "2.2", summary, FIELDS, README)
    yield make_sdist("tidepool", "2.2", core=said, content=b"x" * 40_000)
    tag = "cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64"
    yield make_wheel("tidepool", "2.2", core=said, tag=tag, content=b"x" * 900_000)
    fields = "Description-Content-Type: text/x-rst\nAuthor: Mary Glass\nLicense: Apache 2.0\n"
    yield make_wheel("seaglass", "0.9", core=core("seaglass", "0.9", "Polish for rough edges", fields, RST))
    said = core("hostile", "1.0", "<script>alert(1)</script> \u202egnp.exe", HOSTILE_FIELDS, HOSTILE)
    yield make_wheel("hostile", "1.0", core=said)
    for name, text in OTHERS.items():
        yield make_wheel(name, "0.1", core=core(name, "0.1", text))
