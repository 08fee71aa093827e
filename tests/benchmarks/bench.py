"""What every measurement is given: the servers, the plan, the load's process, and where results go."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.generator import Generator
from tests.benchmarks.load import Job, Result
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Report
from tests.benchmarks.servers import Server

WARMING = 0.3
"""Of the time of a round."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One run of the benchmark."""

    servers: Sequence[Server]
    plan: Plan
    generator: Generator
    report: Report
    folder: Path
    """For what a measurement leaves behind; removed after the run."""

    def alternate(self, group: str, case: str, jobs: dict[str, Job]) -> None:
        """Warm up, then load the servers in turn, so that whatever drifts on the machine meets all of them."""
        for job in jobs.values():
            self.generator.run(job.lasting(job.seconds * WARMING))
        results: dict[str, list[Result]] = {name: [] for name in jobs}
        for _ in range(self.plan.rounds):
            for name, job in jobs.items():
                results[name].append(self.generator.run(job))
        for name, found in results.items():
            self.report.add_results(group, case, name, found)
