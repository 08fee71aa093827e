"""Starts and ends processes, and reads from /proc what memory they take."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
KILOBYTES_PER_MB = 1024


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Megabytes of a server with all of its processes."""

    resident: float
    """What is in memory now; pages that processes share are counted once (PSS)."""
    peak: float
    """The most that any one of its processes had (VmHWM)."""
    peaks: float
    """The sum of what each of its processes had at most (VmHWM); shared pages count several times."""


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """Return this process's variables without those that configure an index, Django, AWS or a server."""
    alien = ("PYPI_", "AWS_", "DJANGO_", "GUNICORN_", "DEVPI", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(alien)}


def spawn(
    command: Sequence[str | Path], *, log: Path, cwd: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process whose output goes to ``log``."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for parent in found:  # grows while it is read
        for children in (PROC / str(parent) / "task").glob("*/children"):
            with suppress(OSError):
                found += [int(child) for child in children.read_text().split()]
    return found


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop; what is left of it and its children after ten seconds is killed, by pid."""
    pids = family(process.pid)
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
    if process.poll() is None:
        process.kill()
        process.wait(10)
    for pid in pids[1:]:
        # A child that outlived its parent has another parent now; its command line still tells that it is ours.
        if is_orphan_of(pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def is_orphan_of(pid: int) -> bool:
    """Return whether a process that we knew as a child lives on without its parent."""
    with suppress(OSError, ValueError):
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return fields[0] != "Z" and int(fields[1]) in (1, os.getpid())
    return False


def memory(pid: int) -> Memory:
    """Return what a server takes."""
    pids = family(pid)
    peaks = [megabytes(one, "status", "VmHWM") for one in pids]
    return Memory(
        resident=sum(megabytes(one, "smaps_rollup", "Pss") for one in pids), peak=max(peaks), peaks=sum(peaks)
    )


def forget_peaks(pid: int) -> None:
    """Let every process of a server begin its peak anew."""
    for one in family(pid):
        with suppress(OSError):
            (PROC / str(one) / "clear_refs").write_text("5")


def megabytes(pid: int, file: str, name: str) -> float:
    """Return one figure of a process."""
    with suppress(OSError):
        for line in (PROC / str(pid) / file).read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / KILOBYTES_PER_MB
    return 0.0


def settle(pid: int, seconds: float = 5.0) -> None:
    """Wait until a server is idle, so that what it does aside is not measured with something else."""
    ends = time.monotonic() + seconds
    before = ticks(pid)
    while time.monotonic() < ends:
        time.sleep(0.2)
        now = ticks(pid)
        if now - before <= 1:
            return
        before = now


def ticks(pid: int) -> int:
    """Return the processor time that a server has used, in the kernel's ticks."""
    total = 0
    for one in family(pid):
        with suppress(OSError):
            fields = (PROC / str(one) / "stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total
