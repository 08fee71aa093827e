"""Measures uploads of small wheels, the page after one, and a large upload with the memory that it takes."""

import hashlib
import os
import re
import statistics
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import load, processes
from tests.benchmarks.bench import Bench
from tests.benchmarks.generator import Generator
from tests.benchmarks.load import Expected, Job, Result, WrongAnswer
from tests.benchmarks.measure_reads import asked
from tests.benchmarks.messages import form, upload, upload_head
from tests.benchmarks.plan import MANY, MEGABYTE, noise, release
from tests.benchmarks.report import OURS
from tests.benchmarks.servers import Server
from tests.factories import metadata, wheel_members

SMALL_GROUP = "uploads: small wheels a second (p50 | p99 in ms)"
CHANGE_GROUP = "first page after a change"
LARGE_GROUP = "one large upload"
PATIENCE = 30.0
LIMIT_SECONDS = 20.0
WARMING = 4


@dataclass(frozen=True)
class Way:
    """How uploads come: over how many connections, to how many projects."""

    label: str
    connections: int
    projects: int

    def names(self, number: int) -> list[str]:
        """Return the projects of one round; every round has its own."""
        return [f"up-{self.connections}-{self.projects}-{number}-{project}" for project in range(self.projects)]


WAYS = (
    Way("one at a time", 1, 1),
    Way("4 at once, one project", 4, 1),
    Way("4 at once, a project each", 4, 4),
)


def measure_small(bench: Bench) -> None:
    """Measure uploads one after the other and four at once; every one that is acknowledged must be listed after."""
    for way in WAYS:
        results: dict[str, list[Result]] = {server.name: [] for server in bench.servers}
        for number in range(bench.plan.rounds + 1):
            for server in bench.servers:
                count = bench.plan.uploads if number else WARMING
                with failing(bench, server, SMALL_GROUP, way.label):
                    results[server.name].append(send(bench, server, way, number, count=count))
        for name, found in results.items():
            if len(found) > 1:
                bench.report.add_results(SMALL_GROUP, way.label, name, found[1:])


@contextmanager
def failing(bench: Bench, server: Server, group: str, case: str) -> Iterator[None]:
    """Report a peer's wrong answer, and go on without it; a wrong answer of this index ends the benchmark."""
    try:
        yield
    except (WrongAnswer, OSError) as error:
        if server.name == OURS:
            raise
        bench.report.say(group, case, f"{server.name} FAILED: {str(error)[:200]}")


def send(bench: Bench, server: Server, way: Way, number: int, *, count: int) -> Result:
    """Upload so many wheels, and check that they are listed."""
    names = way.names(number)
    headers = server.basic()
    job = Job(
        port=server.port,
        requests=tuple(
            upload(server.upload_path, headers, names[each % len(names)], each // len(names), port=server.port)
            for each in range(count)
        ),
        expected=Expected(),
        connections=way.connections,
        seconds=LIMIT_SECONDS,
        repeat=False,
    )
    result = bench.generator.run(job)
    wait_until(server, lambda: listed(server, names) == result.count, f"{result.count} uploads are listed")
    return result


def listed(server: Server, projects: list[str]) -> int:
    """Return how many files the pages of some projects list."""
    pages = (server.get(server.page(project), Accept="text/html") for project in projects)
    return sum(len(re.findall(rb"<a\s", page.body)) for page in pages if page.status == 200)


def wait_until(server: Server, is_so: Callable[[], bool], what: str) -> None:
    """Wait for what must come true, where a server promises it for later only."""
    ends = time.monotonic() + (0 if server.lists_at_once else PATIENCE)
    while not is_so():
        if time.monotonic() > ends:
            raise WrongAnswer(f"{server.name}: it is not so that {what}")
        time.sleep(0.01)


def measure_change(bench: Bench) -> None:
    """Measure how long after an upload's answer the page of many files has arrived with the new one on it."""
    times: dict[str, list[float]] = {server.name: [] for server in bench.servers}
    for number in range(bench.plan.repeats):
        for server in bench.servers:
            with failing(bench, server, CHANGE_GROUP, "over HTTP"):
                times[server.name].append(change(server, bench.plan.many + number) * 1000)
    for name, found in times.items():
        if not found:
            continue
        bench.report.add(
            CHANGE_GROUP, f"page of {bench.plan.many:,} files, over HTTP", name, statistics.median(found), "ms"
        )


def change(server: Server, number: int) -> float:
    """Upload to the project with many files, and return the seconds until its page lists that."""
    head, _, body = upload(server.upload_path, server.basic(), MANY, number, port=server.port).partition(b"\r\n\r\n")
    send_once(server, head, body)
    began = time.perf_counter()
    marker = "-".join(release(number)).encode()
    wait_until(server, lambda: marker in asked(server, server.page(MANY), Accept="text/html").body, str(marker))
    return time.perf_counter() - began


def send_once(server: Server, head: bytes, body: bytes) -> None:
    """Send one upload that was built for the load."""
    raw = head + b"\r\n\r\n" + body
    load.run(Job(port=server.port, requests=(raw,), expected=Expected(), connections=1, repeat=False))


def measure_large(bench: Bench) -> None:
    """Measure the upload of one large wheel, what memory it takes, and what the disk alone would take."""
    path, digest = large_wheel(bench.folder, bench.plan.large)
    size = path.stat().st_size / 1_000_000
    label = f"{bench.plan.large:,} MB"
    for server in bench.servers:
        processes.settle(server.pid)
        before = processes.memory(server.pid).resident
        processes.forget_peaks(server.pid)
        seconds = 0.0
        with failing(bench, server, LARGE_GROUP, label):
            seconds = send_large(bench.generator, server, path, digest)
        if not seconds:
            continue
        after = processes.memory(server.pid)
        bench.report.add(LARGE_GROUP, f"{label}, speed", server.name, size / seconds, "MB/s")
        bench.report.add(LARGE_GROUP, f"{label}, memory before (PSS, all processes)", server.name, before, "MB")
        bench.report.add(LARGE_GROUP, f"{label}, peak of one process (VmHWM)", server.name, after.peak, "MB")
        bench.report.add(LARGE_GROUP, f"{label}, sum of all processes' peaks", server.name, after.peaks, "MB")
    bench.report.add(LARGE_GROUP, f"{label}, a plain copy with fsync", OURS, size / copied(path), "MB/s")
    path.unlink()


def large_wheel(folder: Path, megabytes: int) -> tuple[Path, str]:
    """Write a wheel of so many megabytes that do not compress; return it with its sha256."""
    path = folder / "large_file-1.0-py3-none-any.whl"
    members = wheel_members("large-file", "1.0", tag="py3-none-any", core=metadata("large-file"), content=b"")
    block = noise(MEGABYTE)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        with archive.open("large_file/weights.bin", "w", force_zip64=True) as member:
            for _ in range(megabytes * 1_000_000 // MEGABYTE):
                member.write(block)
        for name, data in members.items():
            archive.writestr(name, data)
    with path.open("rb") as opened:
        return path, hashlib.file_digest(opened, "sha256").hexdigest()


def send_large(generator: Generator, server: Server, path: Path, digest: str) -> float:
    """Upload the large wheel, and return the seconds until the server acknowledged it."""
    before, after = form("large-file", "1.0", path.name, digest)
    length = len(before) + path.stat().st_size + len(after)
    head = upload_head(server.upload_path, server.basic(), length, port=server.port)
    seconds = generator.send_file(server.port, head + before, str(path), after)
    wait_until(server, lambda: path.name.encode() in server.get(server.page("large-file")).body, path.name)
    return seconds


def copied(path: Path) -> float:
    """Return the seconds that a copy of a file takes until it is safe on disk."""
    copy = path.with_suffix(".copy")
    began = time.perf_counter()
    with path.open("rb") as source, copy.open("wb") as target:
        while block := source.read(MEGABYTE):
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    seconds = time.perf_counter() - began
    copy.unlink()
    return seconds
