"""Fetches projects ahead of time, with what they require: files come in by the same way as for a client who asks.

This is no resolver. Of each requirement that is met it takes the newest release that fits, for every target; where two
requirements of one project differ, both get theirs. So it fetches what a resolver is likely to choose, and more. Who
wants exactly what a resolver chose gives its lock file.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import Version

from packages_app import names
from packages_app.catalogue import read as catalogue
from packages_app.errors import PackagesError
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.metadata import core
from packages_app.metadata.archive import inspect
from packages_app.metadata.entries import CoreMetadata
from packages_app.upstream import keep, ownership, pages, policy
from packages_app.upstream.entries import KeptFile, Owner, UpstreamFile, Wanted
from packages_app.upstream.shopping import Item
from packages_app.upstream.targets import Target

EXACT = frozenset({"==", "==="})
Tell = Callable[[str, int, int], None]
"""Told what is done, how many projects are through, and how many there are so far."""


@dataclass
class Report:
    """What came of it."""

    fetched: list[str] = field(default_factory=list)
    """File names."""
    kept: list[str] = field(default_factory=list)
    """Files that were kept already."""
    failed: list[str] = field(default_factory=list)
    """Sentences."""


@dataclass(frozen=True)
class Candidate:
    """A file that could be taken, from wherever."""

    filename: str
    version: str
    filetype: str
    requires_python: str
    sha256: str
    yanked: bool
    file: UpstreamFile | None
    """None for what is published here."""


def mirror(wanted: Iterable[Item], targets: Sequence[Target], *, dependencies: bool, tell: Tell) -> Report:
    """Fetch and keep what is wanted, and say what came of it; what fails does not stop the rest.

    Calling it again goes on where it was broken off: what is kept already is not fetched again.
    """
    report = Report()
    waiting = deque(wanted)
    seen = {key_of(item) for item in waiting}
    done = 0
    while waiting:
        item = waiting.popleft()
        tell(f"fetching {item.project}", done, done + len(waiting) + 1)
        try:
            found = one(item, targets, report)
        except PackagesError as error:
            report.failed.append(f"{item.requirement}: {error}")
            found = []
        for needed in found if dependencies else ():
            if key_of(needed) not in seen:
                seen.add(key_of(needed))
                waiting.append(needed)
        done += 1
    return report


def key_of(item: Item) -> tuple[str, str, frozenset[str], frozenset[str]]:
    """Return what makes two wishes the same."""
    return item.project, str(item.requirement.specifier), frozenset(item.requirement.extras), item.hashes


def one(item: Item, targets: Sequence[Target], report: Report) -> list[Item]:
    """Fetch what one requirement wants, and return what that requires.

    Raises:
        PackagesError: the project cannot be had.
    """
    published = catalogue.project(item.project) is not None
    owner = ownership.owner(item.project, published=published)
    source, found = candidates(item.project, owner)
    chosen = choose(item, found, targets)
    if not chosen:
        where = "this index" if owner is Owner.LOCAL else "the upstream"
        report.failed.append(f"{item.requirement}: {where} has nothing that fits.")
    needed: list[Item] = []
    for candidate, its_targets in chosen.items():
        try:
            metadata = brought(item.project, source, candidate, report)
        except PackagesError as error:
            report.failed.append(f"{candidate.filename}: {error}")
            continue
        needed += required(metadata, item, its_targets)
    return needed


def candidates(project: str, owner: Owner) -> tuple[str, list[Candidate]]:
    """Return a project's files that are shown, and the source that lists them.

    Raises:
        SourceFailed: the upstream does not answer.
    """
    if owner is Owner.LOCAL:
        return "", [
            Candidate(file.filename, file.version, file.filetype, file.requires_python, file.sha256, file.yanked, None)
            for file in catalogue.files(project)
        ]
    shown = pages.page(project)
    if shown is None:
        return "", []
    judged = policy.judged(pages.contents(shown), policy.current())
    return shown.kept.validators.source if shown.kept.validators else "", [
        Candidate(file.filename, file.version, file.filetype, file.requires_python, file.sha256, file.yanked, file)
        for file in judged.files
        if file.sha256 and file.filetype
    ]


def choose(item: Item, found: Sequence[Candidate], targets: Sequence[Target]) -> dict[Candidate, set[Target]]:
    """Return which files are taken, and for which targets."""
    if item.hashes:
        return {each: set(targets) for each in found if each.sha256 in item.hashes}
    # PEP 592: installers pass over what is yanked, unless its exact version is asked for.
    exact = any(each.operator in EXACT and not each.version.endswith(".*") for each in item.requirement.specifier)
    by_version: dict[Version, list[Candidate]] = {}
    for candidate in found:
        if candidate.yanked and not exact:
            continue
        if (version := names.as_version(candidate.version)) is not None:
            by_version.setdefault(version, []).append(candidate)
    newest_first = sorted(item.requirement.specifier.filter(by_version), reverse=True)
    chosen: dict[Candidate, set[Target]] = {}
    for target in targets:
        for version in newest_first:
            files = for_target(by_version[version], target)
            for file in files:
                chosen.setdefault(file, set()).add(target)
            if files:
                break
    return chosen


def for_target(files: Sequence[Candidate], target: Target) -> list[Candidate]:
    """Return what of a release fits a target: its wheels, or the sdist where there are none."""
    usable = [file for file in files if target.takes_python(file.requires_python)]
    wheels = [file for file in usable if file.filetype == "bdist_wheel" and target.takes(file.filename)]
    return wheels or [file for file in usable if file.filetype == "sdist"]


def brought(project: str, source: str, candidate: Candidate, report: Report) -> CoreMetadata:
    """Fetch a file and its metadata, unless they are kept, and return what it says of itself.

    Raises:
        PackagesError: it cannot be had, or not be read.
    """
    if candidate.file is None:
        return own_metadata(candidate)
    wanted = Wanted(project=project, file=candidate.file, source=source)
    kept, fresh = kept_by_now(wanted)
    (report.fetched if fresh else report.kept).append(candidate.filename)
    beside = Wanted(project=project, file=candidate.file, source=source, metadata=True)
    if beside.digest:
        document, _ = kept_by_now(beside)
        return core.parse(stored.read(keys.upstream_file(document.digest), keep.METADATA_BYTES))
    with stored.open(keys.upstream_file(kept.digest)) as opened:
        return inspect(opened, names.parse(candidate.filename)).core


def own_metadata(candidate: Candidate) -> CoreMetadata:
    """Return what a file that is published here says of itself."""
    if candidate.filetype == "bdist_wheel":
        return core.parse(stored.read(keys.metadata(candidate.sha256, candidate.filename), keep.METADATA_BYTES))
    with stored.open(keys.blob(candidate.sha256, candidate.filename)) as opened:
        return inspect(opened, names.parse(candidate.filename)).core


def kept_by_now(wanted: Wanted) -> tuple[KeptFile, bool]:
    """Return a file, and whether it had to be fetched.

    Raises:
        PackagesError: it cannot be had.
    """
    found, token = keep.begin(wanted)
    return (found, False) if found is not None else (keep.fetch(wanted, token), True)


def required(metadata: CoreMetadata, item: Item, targets: Iterable[Target]) -> Iterator[Item]:
    """Yield what a release requires for any of the targets; lines that are no requirements are passed over."""
    extras = frozenset(names.normalize(extra) for extra in item.requirement.extras)
    for line in metadata.requires_dist:
        try:
            needed = Requirement(line)
        except InvalidRequirement:
            continue
        if any(target.wants(needed.marker, extras) for target in targets):
            needed.marker = None
            yield Item(needed)
