"""Measures pages and downloads under load: each server in turn, round after round."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from tests.benchmarks.bench import Bench
from tests.benchmarks.load import Expected, Job, WrongAnswer
from tests.benchmarks.messages import Reply, fetch, request
from tests.benchmarks.plan import BIG, MANY, MEGABYTE, SMALL, Plan, release
from tests.benchmarks.servers import Server

GROUP = "reads: requests a second (p50 | p99 in ms)"
COST_GROUP = "a page without its bytes: requests a second (p50 | p99 in ms)"
COST_ROUNDS = 9  # two close figures are compared, and which process a connection meets is luck
KINDS_WITHOUT_BYTES = ("304", "HEAD")
JSON = "application/vnd.pypi.simple.v1+json"


@dataclass(frozen=True)
class Page:
    """A page that is measured, and what must be on it."""

    label: str
    path: str
    entries: int
    marker: str


def measure(bench: Bench) -> None:
    """Measure every case on every server that has it."""
    jobs = {server.name: dict(cases(server, bench.plan)) for server in bench.servers}
    for case in dict.fromkeys(label for named in jobs.values() for label in named):
        bench.alternate(GROUP, case, {name: named[case] for name, named in jobs.items() if case in named})
    measure_cost(bench)


def measure_cost(bench: Bench) -> None:
    """Measure this index's pages of few and of many files in turn, where no bytes travel; they should cost the same."""
    steady = replace(bench, plan=replace(bench.plan, rounds=COST_ROUNDS))
    found = dict(cases(bench.servers[0], bench.plan))
    few, many = f"{bench.plan.small} files", f"{bench.plan.many:,} files"
    for kind in KINDS_WITHOUT_BYTES:
        jobs = {label: found[f"page of {label}, {kind}"] for label in (few, many)}
        steady.alternate(COST_GROUP, f"{kind}, side by side", jobs)


def cases(server: Server, plan: Plan) -> Iterator[tuple[str, Job]]:
    """Yield each case with the job that loads it; what a server does not offer is left out."""
    pages = (
        Page(f"page of {plan.small} files", server.page(SMALL), plan.small, "-".join(release(plan.small - 1))),
        Page(f"page of {plan.many:,} files", server.page(MANY), plan.many, "-".join(release(plan.many - 1))),
        Page(f"root page of {plan.projects:,} projects", server.simple, plan.projects, "project-00001"),
    )
    for page in pages:
        yield from page_cases(server, page, plan)
    yield from download_cases(server, plan)
    if server.health:
        yield "no page at all: a health check", job(server, plan, server.health, asked(server, server.health), "")


def page_cases(server: Server, page: Page, plan: Plan) -> Iterator[tuple[str, Job]]:
    """Yield a page in its formats and encodings, and not modified."""
    html = asked(server, page.path, Accept="text/html")
    check_entries(page, len(re.findall(rb"<a\s", html.body)))
    yield f"{page.label}, HTML", job(server, plan, page.path, html, page.marker, Accept="text/html")
    data = asked(server, page.path, Accept=JSON)
    if (data.headers["Content-Type"] or "").startswith(JSON):
        parsed = json.loads(data.body)
        check_entries(page, len(parsed.get("files", parsed.get("projects", ()))))
        yield f"{page.label}, JSON", job(server, plan, page.path, data, page.marker, Accept=JSON)
    packed = asked(server, page.path, Accept="text/html", **{"Accept-Encoding": "gzip"})
    if packed.headers["Content-Encoding"] == "gzip":
        more = {"Accept": "text/html", "Accept-Encoding": "gzip"}
        yield f"{page.label}, HTML in gzip", job(server, plan, page.path, packed, "", **more)
    yield from unchanged_case(server, page.label, page.path, plan, Accept="text/html")
    head = fetch(server.port, "HEAD", page.path, server.read_headers() | {"Accept": "text/html"})
    if head.status == 200 and head.headers["Content-Length"]:
        yield f"{page.label}, HEAD", job(server, plan, page.path, head, "", method="HEAD", Accept="text/html")


def unchanged_case(server: Server, label: str, path: str, plan: Plan, **headers: str) -> Iterator[tuple[str, Job]]:
    """Yield the same request from a client that has the answer already, where the server can say so."""
    tag = asked(server, path, **headers).headers["ETag"]
    if not tag:
        return
    more = headers | {"If-None-Match": tag}
    again = fetch(server.port, "GET", path, server.read_headers() | more)
    if again.status == 304:
        yield f"{label}, 304", job(server, plan, path, again, "", **more)


def download_cases(server: Server, plan: Plan) -> Iterator[tuple[str, Job]]:
    """Yield the download of a file of one megabyte, and what clients ask of it without its bytes."""
    page = asked(server, server.page(BIG), Accept="text/html")
    link = re.search(rb'href="([^"#]+)', page.body)
    path = urljoin(server.page(BIG), link.group(1).decode()) if link else ""
    found = asked(server, path)
    if len(found.body) < MEGABYTE:
        raise WrongAnswer(f"{server.name} sent {len(found.body)} bytes of a file of {MEGABYTE}")
    yield "file of 1 MB", job(server, plan, path, found, "dist-info/RECORD")
    head = fetch(server.port, "HEAD", path, server.read_headers())
    if head.status == 200:
        yield "file of 1 MB, HEAD", job(server, plan, path, head, "", method="HEAD")
    yield from unchanged_case(server, "file of 1 MB", path, plan)


def asked(server: Server, path: str, **headers: str) -> Reply:
    """Return the answer to a GET, which must succeed."""
    reply = server.get(path, **headers)
    if reply.status != 200:
        raise WrongAnswer(f"{server.name} answered {reply.status} to {path}: {reply.body[:300]!r}")
    return reply


def check_entries(page: Page, found: int) -> None:
    """Demand that everything is listed, and nothing else."""
    if found != page.entries:
        raise WrongAnswer(f"{page.path} lists {found} instead of {page.entries}")


def job(
    server: Server, plan: Plan, path: str, reply: Reply, marker: str, *, method: str = "GET", **headers: str
) -> Job:
    """Return the job of sending one request over and over; every answer must be like the one that was looked at."""

    return Job(
        port=server.port,
        requests=(request(method, path, server.read_headers() | headers, port=server.port),),
        expected=Expected(
            status=reply.status,
            length=length_of(reply, method),
            marker=marker.encode(),
        ),
        connections=plan.connections,
        seconds=plan.seconds,
    )


def length_of(reply: Reply, method: str) -> int | None:
    """Return the length that every answer must have; a 304 has none to compare."""
    if method == "HEAD":
        return int(reply.headers["Content-Length"] or 0)
    return len(reply.body) if reply.status == 200 else None
