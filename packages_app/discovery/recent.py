"""Reads which releases were published lately, with their projects as they are now."""

from collections.abc import Callable
from itertools import islice

from packages_app.catalogue import read, recent
from packages_app.catalogue.entries import Recent
from packages_app.discovery.entries import RecentRelease

MOST = 100
"""Projects that one request to the table reads."""


def recent_releases(limit: int, may_read: Callable[[str], bool]) -> tuple[RecentRelease, ...]:
    """Return the newest releases, of the last 90 days and at most a hundred, that ``may_read`` allows.

    It takes one query and one read of all their projects; deleted ones are left out.
    """
    readable = (each for each in recent.recent() if may_read(each.project))
    newest: list[Recent] = list(islice(readable, min(limit, MOST)))
    projects = read.projects(each.project for each in newest)
    return tuple(
        RecentRelease(project=projects[each.project], version=each.version, at=each.at)
        for each in newest
        if each.project in projects
    )
