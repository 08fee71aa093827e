"""Compares what was measured with the numbers that docs/architecture.md promises."""

from collections.abc import Iterator

from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Report

GROUP = "numbers to hold"
SAME = 0.8
"""A page of many files costs about what a page of few costs, where no bytes travel."""
FIRST_PAGE_MS = 150
ROOT_SECONDS = 3
LARGE_MB = 150
COLD_MS = 700


def compare(plan: Plan, report: Report) -> None:
    """Add a line for each number that this run measured."""
    for case, holds, text in lines(plan, report):
        report.say(GROUP, case, f"{'held  ' if holds else 'MISSED'}  {text}")


def lines(plan: Plan, report: Report) -> Iterator[tuple[str, bool, str]]:
    """Yield what each number is about, whether it holds, and what was measured."""
    for kind in ("304", "HEAD"):
        few = report.value(f"{kind}, side by side", f"{plan.small} files")
        many = report.value(f"{kind}, side by side", f"{plan.many:,} files")
        if few and many:
            yield (
                f"{kind} of {plan.many:,} files beside one of {plan.small}",
                many / few >= SAME,
                f"{many / few:.2f} of the rate (at least {SAME})",
            )
    limits = (
        ("first page after a change, in process", f"page of {plan.many:,} files, in process", FIRST_PAGE_MS, "ms"),
        ("root page, first time", f"{plan.everybody:,} projects, first page (JSON)", ROOT_SECONDS, "s"),
        ("memory under a large upload", f"{plan.large:,} MB, peak of one process (VmHWM)", LARGE_MB, "MB"),
        ("fresh process until its first answer", "all of it", COLD_MS, "ms"),
    )
    for label, case, limit, unit in limits:
        value = report.value(case)
        if value is not None:
            yield label, value < limit, f"{value:.3g} {unit} (below {limit} {unit})"
    texts = {case: text for _, case, text in report.texts}
    if "project page, cached" in texts:
        text = texts["project page, cached"]
        yield "reads for one project page", text == "1 GetItem", f"{text} (1 GetItem)"
    if "imported too early" in texts:
        text = texts["imported too early"]
        yield "imported before it is needed", text == "nothing", f"{text} (nothing)"
