"""Measures what only this index is asked: operations, a cold start, a root page of a hundred thousand projects."""

import statistics
import time
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.bench import Bench
from tests.benchmarks.load import WrongAnswer
from tests.benchmarks.measure_reads import JSON, asked, job
from tests.benchmarks.ours import Ours, inside
from tests.benchmarks.report import OURS

OPERATIONS = "operations on the catalogue, for one request"
CHANGE = "first page after a change"
COLD = "a fresh process with the WSGI handler"
ROOT = "root page of everybody"


def measure_inside(bench: Bench, data: Path) -> None:
    """Count the catalogue's operations, and time a page after a change without HTTP."""
    found = inside(data, "requests", repeats=bench.plan.repeats)
    for kind, calls in found["operations"].items():
        bench.report.say(OPERATIONS, kind, ", ".join(calls) or "none")
    label = f"page of {bench.plan.many:,} files, in process"
    bench.report.add(CHANGE, label, OURS, found["change"]["first"], "ms")
    bench.report.add(CHANGE, f"{label}, the next one", OURS, found["change"]["next"], "ms")


def measure_cold(bench: Bench, data: Path) -> None:
    """Time fresh processes up to their first answer; the first one only warms the disk's cache."""
    found = [inside(data, "start") for _ in range(bench.plan.repeats + 1)][1:]
    for name, case in (("import", "import of the handler"), ("answer", "first answer"), ("total", "all of it")):
        bench.report.add(COLD, case, OURS, statistics.median(one[name] for one in found), "ms")
    early = sorted({name for one in found for name in one["too_early"]})
    bench.report.say(COLD, "imported too early", ", ".join(early) or "nothing")
    bench.report.say(COLD, "modules", str(found[-1]["modules"]))


def measure_root(bench: Bench) -> None:
    """Time the root page of very many projects: built once, then cached, then not modified."""
    plan = bench.plan
    server = Ours(bench.folder, plan, name="everybody")
    server.fill_listing(bench.plan.everybody)
    count = f"{bench.plan.everybody:,} projects"
    try:
        server.start("/healthz")
        began = time.perf_counter()
        page = asked(server, server.simple, Accept=JSON)
        bench.report.add(ROOT, f"{count}, first page (JSON)", OURS, time.perf_counter() - began, "s")
        if page.body.count(b'"name"') != bench.plan.everybody:
            raise WrongAnswer(f"the root page lists {page.body.count(b'name')} instead of {bench.plan.everybody}")
        bench.report.add(ROOT, f"{count}, size of it", OURS, len(page.body) / 1_000_000, "MB")
        marker = f"project-{bench.plan.everybody - 1:06}"
        jobs = {
            "cached (JSON)": job(server, plan, server.simple, page, marker, Accept=JSON),
            "304": job(
                server,
                plan,
                server.simple,
                server.get(server.simple, Accept=JSON, **{"If-None-Match": page.headers["ETag"]}),
                "",
                Accept=JSON,
                **{"If-None-Match": page.headers["ETag"]},
            ),
        }
        for label, one in jobs.items():
            bench.alternate(ROOT, f"{count}, {label}", {OURS: one})
        bench.report.add(ROOT, f"{count}, memory after (PSS)", OURS, processes.memory(server.pid).resident, "MB")
    finally:
        server.stop()
