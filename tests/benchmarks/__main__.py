"""Measures this index, and its peers beside it, with real servers on loopback."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import measure_ours, measure_reads, measure_uploads, processes
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
    "root": "the root page of a hundred thousand projects (this index only)",
}
START_GROUP = "from start to the first page"
MEMORY_GROUP = "memory of the idle server, all processes"


def main() -> None:
    """Measure what the command line asks for, and print it."""
    chosen = arguments()
    plan = planned(chosen)
    names = set(chosen.only or [*WITH_SERVERS, *ALONE])
    report, facts = Report(), machine(cores())
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="elastic-pypi-benchmark-") as folder:
        kinds: list[Callable[[Path, Plan], Server]] = [Ours]
        if chosen.peers:
            kinds += [PyPIServer, OpenPyPIServer, Devpi]
        servers = [kind(Path(folder), plan) for kind in kinds]
        facts |= {f"{server.name}": f"{versions(server.name, facts)}; {server.runs_with}" for server in servers}
        run(servers, names, plan, report, Path(folder))
    facts["took"] = f"{time.monotonic() - began:.0f} s, {plan.rounds} rounds of {plan.seconds:g} s each"
    print(report.written(facts))
    print("\nRatios above 1 say that this index does better; all figures are medians of one run on one machine.")
    if chosen.json:
        report.save(chosen.json, facts)


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    topics = "\n".join(f"  {name:<9}{what}" for name, what in (WITH_SERVERS | ALONE).items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        epilog=f"what NAME can be:\n{topics}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--peers", action="store_true", help="put pypiserver and devpi-server beside this index")
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


def run(servers: Sequence[Server], names: set[str], plan: Plan, report: Report, folder: Path) -> None:
    """Fill the servers, measure, and end every process whatever happens."""
    ours = servers[0]
    with ExitStack() as stack:
        generator = stack.enter_context(generating())
        for server in servers if names & WITH_SERVERS.keys() else servers[:1]:
            if names - {"root"}:
                note(f"filling {server.name}")
                server.fill()
        if names & WITH_SERVERS.keys():
            for server in servers:
                stack.callback(server.stop)
            measure_start(servers, plan if "start" in names else replace(plan, repeats=1), report)
            steps: dict[str, Callable[[], None]] = {
                "reads": lambda: measure_reads.measure(servers, plan, generator, report),
                "uploads": lambda: measure_uploads.measure_small(servers, plan, generator, report),
                "change": lambda: measure_uploads.measure_change(servers, plan, report),
                "large": lambda: measure_uploads.measure_large(servers, plan, generator, report, folder),
                "memory": lambda: measure_memory(servers, report),
            }
            for name, step in steps.items():
                if name in names:
                    note(f"measuring {name}")
                    step()
            for server in servers:
                server.stop()
        if "inside" in names:
            note("measuring inside")
            measure_ours.measure_inside(ours.data, plan, report)
        if "cold" in names:
            note("measuring cold")
            measure_ours.measure_cold(ours.data, plan, report)
        if "root" in names:
            note("measuring root")
            measure_ours.measure_root(folder, plan, generator, report)


def measure_start(servers: Sequence[Server], plan: Plan, report: Report) -> None:
    """Start every server several times in turn; the last start stays for what is measured next."""
    times: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(plan.repeats):
        for server in servers:
            if number:
                server.stop()
            times[server.name].append(server.start())
    for name, found in times.items():
        report.add(START_GROUP, "until a page of 5 files answers", name, statistics.median(found), "s")


def measure_memory(servers: Sequence[Server], report: Report) -> None:
    """Look at what each server takes when nobody asks anything."""
    for server in servers:
        processes.settle(server.pid)
        found = processes.memory(server.pid)
        report.add(MEMORY_GROUP, "resident (PSS)", server.name, found.resident, "MB")


def note(text: str) -> None:
    """Say how far it is, aside from the report."""
    print(f"... {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
