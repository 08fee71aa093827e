"""Runs load jobs in one process of their own, so that the client's work is not the benchmark's."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from tests.benchmarks import load
from tests.benchmarks.load import Job, Result

LIMIT = 900.0


@dataclass(frozen=True)
class Generator:
    """The process that sends the load."""

    pool: ProcessPoolExecutor

    def run(self, job: Job) -> Result:
        """Do a job, and return what it came to."""
        return self.pool.submit(load.run, job).result(LIMIT)

    def send_file(self, port: int, head: bytes, path: str, tail: bytes) -> float:
        """Send one request with a file in it, and return the seconds that it took."""
        return self.pool.submit(load.send_file, port, head, path, tail).result(LIMIT)


@contextmanager
def generating() -> Iterator[Generator]:
    """Give a generator that has started, and end it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(int).result(60)
        yield Generator(pool)
