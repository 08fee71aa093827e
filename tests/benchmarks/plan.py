"""How much a run measures, and what the servers hold before it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.factories import make_wheel

SMALL, MANY, BIG = "small-project", "many-files", "one-megabyte"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The sizes and times of a run."""

    rounds: int = 3
    seconds: float = 0.7
    """Of load for each server, in each round of each measurement."""
    connections: int = 8
    open_peer: bool = True
    """Whether pypiserver is also measured without signing in to read."""
    workers: int = 2
    threads: int = 8
    small: int = 5
    many: int = 1000
    projects: int = 5000
    """On the root page that is compared with the peers'."""
    everybody: int = 100_000
    """On the root page that is measured for this index alone."""
    uploads: int = 80
    """Small wheels in each round of each upload measurement, unless its time is up before."""
    large: int = 1000
    """Megabytes of the large upload."""
    starts: int = 3
    repeats: int = 7
    """Of what is timed one by one."""


QUICK = Plan(
    rounds=2, seconds=0.15, projects=1000, everybody=10_000, uploads=24, large=200, starts=1, repeats=3, open_peer=False
)


@dataclass(frozen=True)
class Filling:
    """A file that is there before anything is measured."""

    project: str
    number: int
    filename: str
    data: bytes


def fillings(plan: Plan) -> Iterator[Filling]:
    """Yield every file that each server starts with; the same bytes in every run."""
    yield filling(BIG, 0, content=noise(MEGABYTE))
    for number in range(plan.small):
        yield filling(SMALL, number)
    for number in range(plan.many):
        yield filling(MANY, number)
    for number in range(plan.projects - 3):
        yield filling(f"project-{number:05}", 0)


def filling(project: str, number: int, content: bytes = b"") -> Filling:
    """Return a wheel to start with."""
    version, tag = release(number)
    return Filling(project, number, *make_wheel(project, version, tag=tag, content=content))


def release(number: int) -> tuple[str, str]:
    """Return the version and the tag of a project's file by its number: 25 wheels a release, as projects in C have."""
    python = f"cp3{9 + number % 5}"
    return f"1.{number // 25}", f"{python}-{python}-manylinux_2_{17 + number // 5 % 5}_x86_64"


def noise(size: int) -> bytes:
    """Return bytes that do not compress, always the same."""
    import random  # noqa: PLC0415 - used once a process

    return random.Random(size).randbytes(size)
