"""Measures this index, and its peers beside it, with real servers on loopback."""

import argparse
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import (
    measure_aws,
    measure_ours,
    measure_reads,
    measure_uploads,
    measure_upstream,
    processes,
    targets,
)
from tests.benchmarks.bench import Bench
from tests.benchmarks.environments import PEERS
from tests.benchmarks.generator import generating
from tests.benchmarks.ours import Ours
from tests.benchmarks.peers import Devpi, OpenPyPIServer, PyPIServer
from tests.benchmarks.plan import QUICK, Plan
from tests.benchmarks.report import Report, machine
from tests.benchmarks.servers import Server, cores

WITH_SERVERS = {
    "reads": "pages and downloads under load",
    "uploads": "small uploads, one at a time and four at once",
    "change": "the first page after an upload to a project with 1,000 files",
    "large": "one large upload, and the memory it takes",
    "memory": "what the idle servers take after all of that",
    "start": "from starting a server to its first page",
}
ALONE = {
    "inside": "operations on the catalogue for each kind of request (this index only)",
    "cold": "import of the WSGI handler and its first answer (this index only)",
    "aws": "calls to AWS, their cost, and the package for Lambda (this index only)",
    "root": "the root page of a hundred thousand projects (this index only)",
    "upstream": "pages and files kept of another index; with --peers, devpi and proxpi beside it",
}
BEGAN = time.monotonic()
START_GROUP = "from start to the first page"
MEMORY_GROUP = "memory of the idle server, all processes"


def main() -> None:
    """Measure what the command line asks for, and print it; what was measured before a failure is printed too."""
    chosen = arguments()
    plan = planned(chosen)
    names = set(chosen.only or [*WITH_SERVERS, *ALONE])
    report, facts = Report(), machine(cores())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that every process is ended then, too
    try:
        measure(plan, names, report, facts, peers=chosen.peers)
    finally:
        facts["took"] = f"{time.monotonic() - BEGAN:.0f} s, {plan.rounds} rounds of {plan.seconds:g} s each"
        targets.compare(plan, report)
        print(report.written(facts))
        print("\nRatios above 1 say that this index does better; all figures are medians of one run on one machine.")
        if chosen.json:
            report.save(chosen.json, facts)


def measure(plan: Plan, names: set[str], report: Report, facts: dict[str, str], *, peers: bool) -> None:
    """Measure in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="elastic-pypi-benchmark-") as folder, generating() as generator:
        kinds: list[Callable[[Path, Plan], Server]] = [Ours]
        if peers:
            kinds += [PyPIServer, *([OpenPyPIServer] if plan.open_peer else []), Devpi]
        servers = [kind(Path(folder), plan) for kind in kinds]
        facts |= {server.name: f"{versions(server.name, facts)}; {server.runs_with}" for server in servers}
        run(Bench(servers=servers, plan=plan, generator=generator, report=report, folder=Path(folder)), names)


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    topics = "\n".join(f"  {name:<9}{what}" for name, what in (WITH_SERVERS | ALONE).items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        epilog=f"what NAME can be:\n{topics}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--peers",
        action="store_true",
        help="put pypiserver and devpi-server beside this index; the first time, filling devpi takes minutes",
    )
    parser.add_argument("--quick", action="store_true", help="measure less: a rough picture in about a minute")
    parser.add_argument(
        "--only", action="append", choices=[*WITH_SERVERS, *ALONE], metavar="NAME", help="measure this; can be repeated"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure to a file")
    parser.add_argument("--large", type=int, metavar="MB", help="size of the large upload (default: 1000; quick: 200)")
    parser.add_argument("--workers", type=int, help="processes of this index and of pypiserver (default: 2)")
    return parser.parse_args()


def planned(chosen: argparse.Namespace) -> Plan:
    """Return the plan that the command line chooses."""
    plan = QUICK if chosen.quick else Plan()
    return replace(plan, large=chosen.large or plan.large, workers=chosen.workers or plan.workers)


def versions(name: str, facts: dict[str, str]) -> str:
    """Return the pinned versions of a server."""
    return facts.get(name) or ", ".join(PEERS[name.removesuffix("-open")])


def run(bench: Bench, names: set[str]) -> None:
    """Fill the servers and measure; every process is ended whatever happens."""
    ours = bench.servers[0]
    served = names & WITH_SERVERS.keys()
    for server in bench.servers if served else [ours]:
        if names - {"root", "aws", "upstream"}:
            note(f"filling {server.name}")
            server.fill()
    if served:
        run_servers(bench, served)
    steps: dict[str, Callable[[], None]] = {
        "inside": lambda: measure_ours.measure_inside(bench, ours.data),
        "cold": lambda: measure_ours.measure_cold(bench, ours.data),
        "aws": lambda: measure_aws.measure(bench, bench.folder / "aws"),
        "root": lambda: measure_ours.measure_root(bench),
        "upstream": lambda: measure_upstream.measure(bench, peers=len(bench.servers) > 1),
    }
    take(steps, names)


def run_servers(bench: Bench, names: set[str]) -> None:
    """Measure what needs the servers, which run side by side, one under load at a time."""
    with ExitStack() as stack:
        for server in bench.servers:
            stack.callback(server.stop)
        note("starting")
        measure_start(bench, bench.plan.starts if "start" in names else 1)
        steps: dict[str, Callable[[], None]] = {
            "reads": lambda: measure_reads.measure(bench),
            "uploads": lambda: measure_uploads.measure_small(bench),
            "change": lambda: measure_uploads.measure_change(bench),
            "large": lambda: measure_uploads.measure_large(bench),
            "memory": lambda: measure_memory(bench),
        }
        take(steps, names)


def take(steps: dict[str, Callable[[], None]], names: set[str]) -> None:
    """Take the steps that were asked for."""
    for name, step in steps.items():
        if name in names:
            note(f"measuring {name}")
            step()


def measure_start(bench: Bench, repeats: int) -> None:
    """Start every server several times in turn; the last start stays for what is measured next."""
    times: dict[str, list[float]] = {server.name: [] for server in bench.servers}
    for number in range(repeats):
        for server in bench.servers:
            if number:
                server.stop()
            times[server.name].append(server.start())
    for name, found in times.items():
        bench.report.add(START_GROUP, "until a page of 5 files answers", name, statistics.median(found), "s")


def measure_memory(bench: Bench) -> None:
    """Look at what each server takes when nobody asks anything."""
    for server in bench.servers:
        processes.settle(server.pid)
        found = processes.memory(server.pid)
        bench.report.add(MEMORY_GROUP, "resident (PSS)", server.name, found.resident, "MB")


def note(text: str) -> None:
    """Say how far it is, aside from the report."""
    print(f"{time.monotonic() - BEGAN:5.0f} s  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
