"""Measures warm proxying: pages and files of another index that each server has kept, with that index standing by.

The other index is this project too, open for reading; devpi mirrors it, and proxpi, which does nothing else, caches it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import measure_reads
from tests.benchmarks.bench import Bench
from tests.benchmarks.environments import installed, run
from tests.benchmarks.load import Job
from tests.benchmarks.ours import Ours
from tests.benchmarks.peers import Devpi
from tests.benchmarks.plan import MANY, SMALL, Plan, release
from tests.benchmarks.servers import PASSWORD, USER, Server

GROUP = "another index behind it, warm: requests a second (p50 | p99 in ms)"
FRESH = "86400"
"""Seconds; no server revalidates while it is measured."""


class Origin(Ours):
    """The other index."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        super().__init__(folder, plan, name="origin")

    def environment(self) -> dict[str, str]:
        """Return the variables of an index that anybody may read."""
        return super().environment() | {"PYPI_PUBLIC_READ": "1"}

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}/simple/"


class Behind(Ours):
    """This index, with the other one behind it."""

    def __init__(self, folder: Path, plan: Plan, origin: Origin) -> None:
        super().__init__(folder, plan, name="ours")
        self.origin = origin

    def fill(self) -> None:
        """Start empty."""

    def environment(self) -> dict[str, str]:
        """Return the variables that name the other index."""
        behind = {"PYPI_UPSTREAM_URL": self.origin.url, "PYPI_UPSTREAM_FRESH_SECONDS": FRESH}
        return super().environment() | behind


class DevpiMirror(Devpi):
    """devpi-server with a mirror index of the other one."""

    def __init__(self, folder: Path, plan: Plan, origin: Origin) -> None:
        self.name = "devpi"
        super().__init__(folder, plan)
        self.origin = origin

    def fill(self) -> None:
        """Make an empty server."""
        options = ("--serverdir", str(self.data), "--no-root-pypi", "--root-passwd", PASSWORD)
        run(str(self.programs / "devpi-init"), *options)

    def start(self, path: str | None = None) -> float:
        """Start the server, and make the mirror."""
        seconds = Server.start(self, path or "/+api")
        self.call("PUT", f"/{USER}", {"password": PASSWORD})
        self.sign_in()
        mirror = {"type": "mirror", "mirror_url": self.origin.url, "mirror_cache_expiry": int(FRESH), "volatile": True}
        self.call("PUT", f"/{USER}/main", mirror, **self.basic())
        return seconds


class Proxpi(Server):
    """proxpi with gunicorn, in the one process that its documentation wants for its cache."""

    name = "proxpi"
    simple = "/index/"
    reads_signed_in = False

    def __init__(self, folder: Path, plan: Plan, origin: Origin) -> None:
        super().__init__(folder, plan)
        self.programs = installed("proxpi")
        self.origin = origin
        self.runs_with = f"gunicorn, 1 process of {plan.threads * plan.workers} threads; reads are open"

    def fill(self) -> None:
        """Make the folder of its cache."""
        self.data.mkdir()

    def command(self) -> list[str | Path]:
        """Return the command."""
        threads = str(self.plan.threads * self.plan.workers)
        serving = ["--bind", f"127.0.0.1:{self.port}", "--threads", threads, "--keep-alive", "65"]
        return [self.programs / "gunicorn", *serving, "proxpi.server:app"]

    def read_headers(self) -> dict[str, str]:
        """Return the headers of a read: without an Accept it answers 406."""
        return {"Accept": "text/html"}

    def environment(self) -> dict[str, str]:
        """Return the variables that configure it."""
        chosen = {"PROXPI_INDEX_URL": self.origin.url, "PROXPI_CACHE_DIR": str(self.data), "PROXPI_INDEX_TTL": FRESH}
        # Files are sent from its cache, however long their first download takes.
        return super().environment() | chosen | {"PROXPI_DOWNLOAD_TIMEOUT": "60"}


def measure(bench: Bench, *, peers: bool) -> None:
    """Start the servers, ask each for everything once, and load them in turn."""
    folder = bench.folder / "upstream"
    folder.mkdir()
    plan = replace(bench.plan, projects=SMALLEST)
    with ExitStack() as stack:
        origin = Origin(folder, plan)
        origin.fill()
        stack.callback(origin.stop)
        origin.start()
        servers: list[Server] = [Behind(folder, plan, origin)]
        if peers:
            servers += [DevpiMirror(folder, plan, origin), Proxpi(folder, plan, origin)]
        for server in servers:
            server.fill()
            stack.callback(server.stop)
            server.start()
        jobs = {server.name: dict(cases(server, plan)) for server in servers}
        for case in dict.fromkeys(label for named in jobs.values() for label in named):
            bench.alternate(GROUP, case, {name: named[case] for name, named in jobs.items() if case in named})


SMALLEST = 3
"""Projects: the ones that are measured."""


def cases(server: Server, plan: Plan) -> Iterator[tuple[str, Job]]:
    """Yield each case, after a first question that fills the server's cache."""
    for label, project, count in (("few files", SMALL, plan.small), ("many files", MANY, plan.many)):
        page = measure_reads.Page(f"page of {label}", server.page(project), count, "-".join(release(count - 1)))
        yield from measure_reads.page_cases(server, page, plan)
    yield from measure_reads.download_cases(server, plan)
