"""Keeps only so much: plans which releases a rule would delete, and deletes them when somebody says so.

Never planned: the newest release of a project and its newest final one, and both among what is not yanked. A plan is a
look; what is uploaded between plan and deed stays, since a deed deletes the very files that the plan names.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from itertools import groupby

from packaging.version import Version

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand, may
from packages_app.catalogue import read
from packages_app.catalogue.entries import File
from packages_app.catalogue.errors import NoSuchEntry
from packages_app.maintenance.delete import delete_listed
from packages_app.maintenance.entries import Done
from packages_app.maintenance.errors import BadRule

Progress = Callable[[str, int, int], None]
"""Told the stage, how many projects it has been through, and of how many; 0 when nobody knows."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What to keep of the projects of a pattern; a release is deleted when every condition given holds."""

    pattern: str
    """A project name in which ``*`` and ``?`` stand for anything, such as ``acme-*``."""
    keep_last: int | None = None
    """Keep this many of the newest releases, counted among those that the rule is about."""
    older_than: timedelta | None = None
    """Delete only releases whose last file came longer ago."""
    prereleases: bool = False
    """Be about pre-releases and development releases only."""


@dataclass(frozen=True, kw_only=True)
class Removal:
    """A release that a rule would delete."""

    project: str
    version: str
    files: tuple[File, ...]
    size: int
    """Bytes of all its files."""
    last_upload: datetime


def plan(rule: Rule, who: Principal, progress: Progress = lambda *_: None) -> Iterator[Removal]:
    """Yield what a rule would delete now, oldest releases first, of the projects that ``who`` may delete from.

    Raises:
        BadRule: it does not say what to keep, or not sensibly.
        NoSuchEntry: it names one project, and there is none.
        Forbidden: it names one project, and ``who`` may not delete from it.
    """
    check(rule)
    now = datetime.now(UTC)
    for number, project in enumerate(projects(rule, who), 1):
        progress("projects", number, 0)
        yield from removals(rule, project, read.files(project), now)


def apply(removal: Removal, who: Principal, *, source: str) -> Done:
    """Delete the planned files of one release; those that changed since then stay, and nothing else is touched.

    Raises:
        Forbidden: ``who`` may not delete there.
        NoSuchEntry: the project is gone.
        FileChanged: one of the files is not listed any more, or with other bytes; plan again.
    """
    return delete_listed(removal.files, who, source=source)


def check(rule: Rule) -> None:
    """Refuse a rule that would delete without measure.

    Raises:
        BadRule: it would.
    """
    if rule.keep_last is None and rule.older_than is None:
        raise BadRule("Say what to keep: how many of the last releases, or those not older than so many days.")
    if rule.keep_last is not None and rule.keep_last < 1:
        raise BadRule("Keep at least 1 release; to delete all of them, delete the project.")
    if rule.older_than is not None and rule.older_than < timedelta(0):
        raise BadRule("An age is a number of days of at least 0.")


def projects(rule: Rule, who: Principal) -> Iterator[str]:
    """Yield the projects that a rule is about."""
    if not set("*?[") & set(rule.pattern):
        name = names.project_name(rule.pattern)
        demand(who, Action.DELETE, name)
        if read.project(name) is None:
            raise NoSuchEntry(f"There is no project named {name}.")
        yield name
        return
    pattern = rule.pattern.lower().replace("_", "-").replace(".", "-")
    for listed in read.listed():
        if fnmatchcase(listed.name, pattern) and may(who, Action.DELETE, listed.name):
            yield listed.name


def removals(rule: Rule, project: str, files: Sequence[File], now: datetime) -> Iterator[Removal]:
    """Yield the releases of one project that a rule would delete."""
    known = {file.version: version for file in files if (version := names.as_version(file.version)) is not None}
    # A version that PEP 440 does not know has no place in the order: it is left to people.
    ordered = sorted((file for file in files if file.version in known), key=lambda file: known[file.version])
    releases = [(version, tuple(group)) for version, group in groupby(ordered, key=lambda file: known[file.version])]
    kept = newest(releases)
    about = [each for each in releases if each[0].is_prerelease or not rule.prereleases]
    if rule.keep_last is not None:
        about = about[: -rule.keep_last]
    for version, group in about:
        last_upload = max(file.upload_time for file in group)
        if version in kept or (rule.older_than is not None and now - last_upload < rule.older_than):
            continue
        yield Removal(
            project=project,
            version=group[0].version,
            files=group,
            size=sum(file.size for file in group),
            last_upload=last_upload,
        )


def newest(releases: Sequence[tuple[Version, tuple[File, ...]]]) -> set[Version]:
    """Return what always stays: the newest release, the newest final one, and both among what is not yanked."""
    offered = [(version, files) for version, files in releases if not all(file.yanked for file in files)]
    return {
        version
        for some in (releases, offered)
        for only in (some, [each for each in some if not each[0].is_prerelease])
        for version, _ in only[-1:]
    }
