"""Reads advisories in OSV's format: which versions of which projects they are about."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from packaging.utils import canonicalize_version

from packages_app import names

ECOSYSTEM = "pypi"
MALWARE = "MAL-"
RECORD_BYTES = 4 * 1024**2
MOST_RECORDS = 500_000
Event = tuple[str, str]
"""``introduced``, ``fixed`` or ``last_affected``, and the version."""


class NotAdvisories(ValueError):
    """This is no feed of advisories."""


@dataclass(frozen=True)
class Advisory:
    """One advisory about one project."""

    id: str
    project: str
    severity: str
    """``LOW``, ``MODERATE``, ``HIGH`` or ``CRITICAL``, as its database says; empty where it does not."""
    malware: bool
    versions: frozenset[str]
    """In the form in which equal versions are the same text."""
    ranges: tuple[tuple[Event, ...], ...]

    @cached_property
    def id_and_digest(self) -> tuple[str, str]:
        """What changes with the advisory."""
        said = (sorted(self.versions), self.ranges, self.severity)
        return self.id, hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    def affects(self, version: str) -> bool:
        """Return whether it is about a version; about one that is not known it may be, and that counts."""
        known = names.as_version(version)
        if known is None:
            return True
        if not self.versions and not self.ranges:
            return True
        return canonicalize_version(known) in self.versions or any(within(version, events) for events in self.ranges)


def within(version: str, events: Iterable[Event]) -> bool:
    """Return whether a version lies in a range of OSV's events."""
    wanted = names.as_version(version)
    inside = False
    for kind, text in sorted(events, key=order):
        at = None if text == "0" else names.as_version(text)
        if wanted is None or (at is None and text != "0"):
            continue
        if kind == "introduced" and (at is None or wanted >= at):
            inside = True
        elif (kind == "fixed" and at is not None and wanted >= at) or (
            kind == "last_affected" and at is not None and wanted > at
        ):
            inside = False
    return inside


def order(event: Event) -> tuple[bool, Any]:
    """Return what puts events in the order of their versions; ``0`` is before all of them."""
    at = None if event[1] == "0" else names.as_version(event[1])
    return (False, 0) if at is None else (True, at)


def records(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the records of a feed: one, a JSON array of them, one a line, or a zip archive of files with one each.

    Raises:
        NotAdvisories: it is none of these.
    """
    if not data.strip():
        raise NotAdvisories("it is empty")
    if data.startswith(b"PK"):
        yield from zipped(data)
        return
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        yield from by_line(data)
        return
    yield from (whole if isinstance(whole, list) else [whole])


def by_line(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the records of a feed with one a line.

    Raises:
        NotAdvisories: a line is no JSON.
    """
    for line in data.splitlines():
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                raise NotAdvisories("a line is no JSON") from error


def zipped(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the records of a zip archive.

    Raises:
        NotAdvisories: it is damaged, empty, or larger than one of advisories would be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in members(archive):
                with archive.open(member) as opened:
                    yield json.loads(opened.read(RECORD_BYTES))
    except NotAdvisories:
        raise
    except (zipfile.BadZipFile, ValueError, RecursionError, OSError, EOFError) as error:
        raise NotAdvisories("its archive is damaged") from error


def members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of an archive that hold records.

    Raises:
        NotAdvisories: there are none, or more than there could be.
    """
    found = [member for member in archive.infolist() if member.filename.endswith(".json")]
    if len(found) > MOST_RECORDS or any(member.file_size > RECORD_BYTES for member in found):
        raise NotAdvisories("its archive is larger than one of advisories would be")
    if not found:
        raise NotAdvisories("its archive is empty")
    return found


def advisories(found: Iterable[object]) -> Iterator[Advisory]:
    """Yield what records say of projects of this ecosystem; withdrawn ones are left out.

    Raises:
        NotAdvisories: something is no record.
    """
    for record in found:
        if not isinstance(record, Mapping) or not isinstance(record.get("id"), str):
            raise NotAdvisories("a record has no id")
        if record.get("withdrawn"):
            continue
        for affected in record.get("affected") or []:
            package = affected.get("package") or {} if isinstance(affected, Mapping) else {}
            name = package.get("name")
            if str(package.get("ecosystem", "")).partition(":")[0].lower() == ECOSYSTEM and isinstance(name, str):
                yield advisory(record, affected, names.normalize(name))


def advisory(record: Mapping[str, Any], affected: Mapping[str, Any], project: str) -> Advisory:
    """Return what a record says of one project."""
    known_as = [record["id"], *[each for each in record.get("aliases") or [] if isinstance(each, str)]]
    versions = [names.as_version(each) for each in affected.get("versions") or [] if isinstance(each, str)]
    return Advisory(
        id=record["id"],
        project=project,
        severity=severity(record, affected),
        malware=any(each.startswith(MALWARE) for each in known_as),
        versions=frozenset(canonicalize_version(each) for each in versions if each is not None),
        ranges=tuple(
            events(each)
            for each in affected.get("ranges") or []
            if isinstance(each, Mapping) and each.get("type") == "ECOSYSTEM"
        ),
    )


def events(found: Mapping[str, Any]) -> tuple[Event, ...]:
    """Return the events of a range."""
    listed = [each for each in found.get("events") or [] if isinstance(each, Mapping)]
    return tuple((kind, str(at)) for each in listed for kind, at in each.items() if kind != "limit")


def severity(record: Mapping[str, Any], affected: Mapping[str, Any]) -> str:
    """Return the severity in the database's own word; scores by CVSS are not computed."""
    for place in (
        affected.get("ecosystem_specific"),
        affected.get("database_specific"),
        record.get("database_specific"),
    ):
        if isinstance(place, Mapping) and isinstance(place.get("severity"), str):
            said = place["severity"].upper()
            return "MODERATE" if said == "MEDIUM" else said
    return ""
