"""Measures uploads of small wheels, the page after one, and a large upload with the memory that it takes."""

import hashlib
import os
import re
import statistics
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.generator import Generator
from tests.benchmarks.load import Expected, Job, Result, WrongAnswer
from tests.benchmarks.measure_reads import asked
from tests.benchmarks.messages import form, upload, upload_head
from tests.benchmarks.plan import MANY, MEGABYTE, Plan, noise
from tests.benchmarks.report import OURS, Report
from tests.benchmarks.servers import Server
from tests.factories import metadata, wheel_members

SMALL_GROUP = "uploads: small wheels a second (p50 | p99 in ms)"
CHANGE_GROUP = "first page after a change"
LARGE_GROUP = "one large upload"
PATIENCE = 30.0
LIMIT_SECONDS = 20.0


def measure_small(servers: Sequence[Server], plan: Plan, generator: Generator, report: Report) -> None:
    """Measure uploads one after the other and four at once; every one that is acknowledged must be listed after."""
    for label, connections, projects in (
        ("one at a time", 1, 1),
        ("4 at once, one project", 4, 1),
        ("4 at once, a project each", 4, 4),
    ):
        results: dict[str, list[Result]] = {server.name: [] for server in servers}
        for server in servers:
            send(server, f"warm-{connections}-{projects}", 4, connections, projects, generator)
        for number in range(plan.rounds):
            for server in servers:
                prefix = f"up-{connections}-{projects}-{number}"
                results[server.name].append(send(server, prefix, plan.uploads, connections, projects, generator))
        for name, found in results.items():
            report.add_results(SMALL_GROUP, label, name, found)


def send(server: Server, prefix: str, count: int, connections: int, projects: int, generator: Generator) -> Result:
    """Upload so many wheels, and check that they are listed."""
    requests = tuple(
        upload(server.upload_path, server.basic(), f"{prefix}-{number % projects}", f"1.{number}", port=server.port)
        for number in range(count)
    )
    result = generator.run(
        Job(
            port=server.port,
            requests=requests,
            expected=Expected(),
            connections=connections,
            seconds=LIMIT_SECONDS,
            repeat=False,
        )
    )
    wait_until(server, lambda: listed(server, prefix, projects) == result.count, f"{result.count} uploads listed")
    return result


def listed(server: Server, prefix: str, projects: int) -> int:
    """Return how many files the pages of some projects list."""
    pages = (asked(server, server.page(f"{prefix}-{number}"), Accept="text/html") for number in range(projects))
    return sum(len(re.findall(rb"<a\s", page.body)) for page in pages)


def wait_until(server: Server, is_so, what: str) -> None:
    """Wait for what must come true; a peer's cache may notice a new file a moment after it acknowledged it."""
    ends = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > ends:
            raise WrongAnswer(f"{server.name}: not within {PATIENCE:g} seconds: {what}")
        time.sleep(0.01)


def measure_change(servers: Sequence[Server], plan: Plan, report: Report) -> None:
    """Measure how long after an upload's answer the page of many files has arrived with the new one on it."""
    times: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(plan.repeats):
        for server in servers:
            times[server.name].append(change(server, f"2.{number}") * 1000)
    for name, found in times.items():
        report.add(CHANGE_GROUP, f"page of {plan.many:,} files, over HTTP", name, statistics.median(found), "ms")


def change(server: Server, version: str) -> float:
    """Upload to the project with many files, and return the seconds until its page lists that."""
    head, _, body = upload(server.upload_path, server.basic(), MANY, version, port=server.port).partition(b"\r\n\r\n")
    send_once(server, head, body)
    began = time.perf_counter()
    marker = f"-{version}-py3".encode()
    wait_until(server, lambda: marker in asked(server, server.page(MANY), Accept="text/html").body, version)
    return time.perf_counter() - began


def send_once(server: Server, head: bytes, body: bytes) -> None:
    """Send one upload that was built for the load."""
    from tests.benchmarks import load  # noqa: PLC0415 - in this process, as one request is no load

    raw = head + b"\r\n\r\n" + body
    load.run(Job(port=server.port, requests=(raw,), expected=Expected(), connections=1, repeat=False))


def measure_large(servers: Sequence[Server], plan: Plan, generator: Generator, report: Report, folder: Path) -> None:
    """Measure the upload of one large wheel, what memory it takes, and what the disk alone would take."""
    path, digest = large_wheel(folder, plan.large)
    size = path.stat().st_size / 1_000_000
    label = f"{plan.large:,} MB"
    for server in servers:
        processes.settle(server.pid)
        before = processes.memory(server.pid).resident
        processes.forget_peaks(server.pid)
        seconds = send_large(server, path, digest, generator)
        after = processes.memory(server.pid)
        report.add(LARGE_GROUP, f"{label}, speed", server.name, size / seconds, "MB/s")
        report.add(LARGE_GROUP, f"{label}, memory before (PSS, all processes)", server.name, before, "MB")
        report.add(LARGE_GROUP, f"{label}, peak of one process (VmHWM)", server.name, after.peak, "MB")
        report.add(LARGE_GROUP, f"{label}, sum of all processes' peaks", server.name, after.peaks, "MB")
    report.add(LARGE_GROUP, f"{label}, a plain copy with fsync", OURS, size / copied(path), "MB/s")
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


def send_large(server: Server, path: Path, digest: str, generator: Generator) -> float:
    """Upload the large wheel, and return the seconds until the server acknowledged it."""
    before, after = form("large-file", "1.0", path.name, digest)
    length = len(before) + path.stat().st_size + len(after)
    head = upload_head(server.upload_path, server.basic(), length, port=server.port)
    seconds = generator.send_file(server.port, head + before, str(path), after)
    wait_until(server, lambda: path.name.encode() in asked(server, server.page("large-file")).body, path.name)
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
