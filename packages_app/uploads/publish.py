"""The single way in: decides whether files may be listed, makes their bytes safe, and lists them.

Read `publish` from top to bottom: `check` (name, permission, digests, archive, metadata, policy), bytes, catalogue.
Nothing is listed before its bytes are durable, and nothing is acknowledged before it is listed. `publish_release` ends
in the same way with all files of a release at once, each of which came through the same checks.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue import collect, read
from packages_app.catalogue import write as catalogue
from packages_app.catalogue.entries import Change, File, Listing
from packages_app.catalogue.errors import Busy, FileChanged
from packages_app.discovery import describe, documents
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.uploads.begin import begins, check_begin, guard
from packages_app.uploads.candidate import Candidate
from packages_app.uploads.check import Checked, admit, check_overwriting, check_project, check_spelling, examine, reuse
from packages_app.uploads.yanked import as_its_release, as_their_release

log = logging.getLogger(__name__)


class Outcome(Enum):
    """What publishing came to."""

    CREATED = "published"
    REPLACED = "replaced"
    UNCHANGED = "already published with the same bytes"


@dataclass(frozen=True, kw_only=True)
class Published:
    """A file that is listed."""

    outcome: Outcome
    file: File


@dataclass(frozen=True, kw_only=True)
class Safe:
    """A checked file whose bytes, and what lies beside them, are in their place in the store."""

    file: File
    fence: str
    """What `collect.fence` said before the bytes were stored."""


def publish(candidate: Candidate) -> Published:
    """Publish a file, or say why not; the same bytes under the same name again change nothing.

    Raises:
        PackagesError: every refusal, by its code; nothing is listed then that was not listed before.
    """
    checked = examined(candidate)
    if isinstance(checked, Published):
        put_again(candidate, checked.file)
        return checked
    fence = collect.fence(checked.file)
    put_bytes(candidate, checked)
    documents.remember(checked.file, checked.core, len(checked.document))
    return listing(candidate, checked.file, display_name=checked.display_name, fence=fence)


def examined(candidate: Candidate) -> Checked | Published:
    """Return what is to be listed, or what is listed already; nothing is changed.

    Raises:
        PackagesError: every refusal, by its code.
    """
    claimed = admit(candidate)
    if (listed := read.file(claimed.project, candidate.filename)) is not None:
        if listed.sha256 != candidate.digests.sha256:
            check_overwriting(listed, may_replace=candidate.may_replace)
        else:
            return Published(outcome=Outcome.UNCHANGED, file=listed)
    return examine(candidate, claimed)


def put_again(candidate: Candidate, listed: File) -> None:
    """Store a listed file's bytes once more: if they were lost or damaged, whoever has them still mends them so."""
    target = keys.blob(listed.sha256, listed.filename)
    if (path := candidate.local()) is not None:
        store.put_file(target, path)
    elif (bring := candidate.brought()) is not None:
        bring(target)


def put_bytes(candidate: Candidate, checked: Checked) -> None:
    """Make everything durable that the row will point at; what lies beside the file goes first.

    Bytes that are said to be stored are looked for, after the fence was read: from then on nobody removes them unseen.
    """
    file = checked.file
    target = keys.blob(file.sha256, file.filename)
    store.put_bytes(target + keys.document(file.filename), checked.document)
    if checked.signed:
        store.put_bytes(keys.attestations(file.sha256, file.filename), checked.signed)
    if (path := candidate.local()) is not None:
        store.put_file(target, path)
    elif (bring := candidate.brought()) is not None:
        bring(target)
    else:
        stored.stat(target)


def listing(candidate: Candidate, file: File, *, display_name: str, fence: str) -> Published:
    """List the file; whoever's transaction comes first decides, and the others are told what it decided."""
    change = candidate.principal.change(candidate.source)
    for _ in range(10):
        listed = read.file(file.project, file.filename)
        if listed is not None and listed.sha256 == file.sha256:
            return Published(outcome=Outcome.UNCHANGED, file=listed)
        if listed is not None:
            check_overwriting(listed, may_replace=candidate.may_replace)
        file = as_its_release(file)
        try:
            catalogue.publish(
                file,
                display_name=display_name,
                change=change,
                fence=fence,
                replaces=listed,
                begins=begins(file.project, candidate.principal),
                guard=guard(file.project),
                reuse=reuse(may_replace=candidate.may_replace),
            )
        except FileChanged:
            continue
        describe.after_change(file.project, [file])
        if listed is None:
            return Published(outcome=Outcome.CREATED, file=file)
        tell_replaced(listed, file, change)
        return Published(outcome=Outcome.REPLACED, file=file)
    raise Busy(f"{file.filename} is being replaced by others over and over; try again in a moment.")


def publish_release(safe: Sequence[Safe], *, display_name: str, who: Principal, source: str) -> tuple[Published, ...]:
    """List the files of one release together, or say why not.

    All are listed by one transaction as long as they fit into one, `catalogue.MOST_FILES` of them; the files of a
    larger release are listed in several, the first of which begins when all files have been looked at.

    Raises:
        Forbidden: ``who`` may not upload here any more, since the files came in.
        FileExists: other bytes are published under one of the names, and overwriting is off.
        DistributionExists: a distribution is published under another spelling of its name.
        ProjectClosed: the project's status does not accept uploads.
        Busy: others change the same files or the project over and over, or bytes are being cleared away.
    """
    project, change = safe[0].file.project, who.change(source)
    demand(who, Action.UPLOAD, project)
    check_project(project)
    check_begin(project, who)
    outcomes: dict[str, Published] = {}
    for _ in range(10):
        left = as_their_release(look(safe, outcomes))
        try:
            for first in range(0, len(left), catalogue.MOST_FILES):
                together = left[first : first + catalogue.MOST_FILES]
                catalogue.publish_release(
                    together,
                    display_name=display_name,
                    change=change,
                    begins=begins(project, who),
                    guard=guard(project),
                )
                for each in together:
                    outcomes[each.file.filename] = told(each, change)
        except FileChanged:
            continue
        describe.after_change(safe[0].file.project, [each.file for each in safe])
        return tuple(outcomes[each.file.filename] for each in safe)
    raise Busy("Files of this release are being replaced by others over and over; try again in a moment.")


def look(safe: Sequence[Safe], outcomes: dict[str, Published]) -> list[Listing]:
    """Return what is still to be listed, and put down what is listed already with the same bytes.

    Raises:
        FileExists: other bytes are published under one of the names, and overwriting is off.
        DistributionExists: a distribution is published under another spelling of its name.
    """
    left = []
    for each in safe:
        if each.file.filename in outcomes:
            continue
        listed = read.file(each.file.project, each.file.filename)
        if listed is not None and listed.sha256 == each.file.sha256:
            outcomes[each.file.filename] = Published(outcome=Outcome.UNCHANGED, file=listed)
            continue
        if listed is None:
            check_spelling(each.file.project, each.file.filename, each.file.sha256)
        else:
            check_overwriting(listed)
        left.append(Listing(file=each.file, fence=each.fence, replaces=listed, reuse=reuse(may_replace=True)))
    return left


def told(listed: Listing, change: Change) -> Published:
    """Return what became of a file that was just listed, and log what it took the place of."""
    if listed.replaces is None:
        return Published(outcome=Outcome.CREATED, file=listed.file)
    tell_replaced(listed.replaces, listed.file, change)
    return Published(outcome=Outcome.REPLACED, file=listed.file)


def tell_replaced(before: File, file: File, change: Change) -> None:
    """Log that a published file has other bytes now."""
    log.warning(
        "%s was replaced by %s: sha256 %s is now %s",
        file.filename,
        change.actor or "nobody in particular",
        before.sha256,
        file.sha256,
    )
