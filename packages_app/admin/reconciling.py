"""Shows how the stored files and the catalogue differ: reconcile's dry run, for as long as a request may take."""

import time
from dataclasses import dataclass, field
from itertools import islice

from packages_app.errors import PackagesError
from packages_app.storage_events.entries import Choices, Finding
from packages_app.storage_events.reconcile import reconcile

SECONDS = 15.0
"""How long one report may take: below what gateways wait for an answer."""
MOST = 500
"""Findings that one report shows."""


class TimeUp(Exception):
    """The report took too long for a page."""


@dataclass
class Report:
    """What reconcile found."""

    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """How many there are of each kind."""
    stopped: str = ""
    """Why it is not the whole story; empty when it is."""
    refusal: str = ""
    """Why there is none."""


def report() -> Report:
    """Return what reconcile would mend; it changes nothing."""
    ends = time.monotonic() + SECONDS

    def progress(stage: str, done: int, total: int) -> None:
        if time.monotonic() > ends:
            of = f" of {total}" if total else ""
            raise TimeUp(f"It was stopped after {SECONDS:.0f} seconds, at {done}{of} {stage}.")

    made = Report()
    findings = reconcile(Choices(apply=False), progress)
    try:
        for finding in islice(findings, MOST):
            made.findings.append(finding)
            made.counts[finding.kind.value] = made.counts.get(finding.kind.value, 0) + 1
        if next(findings, None) is not None:
            made.stopped = f"Only the first {MOST} differences are shown."
    except TimeUp as error:
        made.stopped = str(error)
    except PackagesError as error:
        made.refusal = str(error)
    return made
