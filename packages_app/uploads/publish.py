"""The single way in: decides whether a file may be listed, makes its bytes safe, and lists it.

Read `publish` from top to bottom: name, permission, digests, archive, metadata, policy, bytes, catalogue. Nothing is
listed before its bytes are durable, and nothing is acknowledged before it is listed.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from packages_app import names
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue import collect, read
from packages_app.catalogue import write as catalogue
from packages_app.catalogue.entries import Change, File
from packages_app.catalogue.errors import Busy, DistributionExists, FileChanged
from packages_app.catalogue.transact import closed
from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.metadata import attestations
from packages_app.metadata.archive import inspect
from packages_app.metadata.entries import Inspected
from packages_app.names import Distribution
from packages_app.uploads.candidate import Candidate
from packages_app.uploads.errors import BadDigest, Disagreement, FileExists, TooLarge

LONGEST_QUOTE = 80

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


def publish(candidate: Candidate) -> Published:
    """Publish a file, or say why not; the same bytes under the same name again change nothing.

    Raises:
        PackagesError: every refusal, by its code; nothing is listed then that was not listed before.
    """
    claimed = claimed_distribution(candidate)
    demand(candidate.principal, Action.UPLOAD, claimed.project)
    check_size(candidate)
    check_digests(candidate)
    check_project(claimed.project)
    if (listed := read.file(claimed.project, candidate.filename)) is not None:
        if listed.sha256 != candidate.digests.sha256:
            check_overwriting(listed)
        else:
            put_again(candidate, listed)
            return Published(outcome=Outcome.UNCHANGED, file=listed)

    with candidate.path.open("rb") as opened:
        inspected = inspect(opened, claimed)
    distribution = agreed(candidate, claimed, inspected)
    if distribution.project != claimed.project:
        demand(candidate.principal, Action.UPLOAD, distribution.project)
        check_project(distribution.project)
    check_spelling(distribution)
    signed = check_attestations(candidate)

    file = entry(candidate, distribution, inspected, signed)
    fence = collect.fence(file)
    put_bytes(candidate, file, inspected, signed)
    return listing(candidate, file, display_name=inspected.core.name, fence=fence)


def claimed_distribution(candidate: Candidate) -> Distribution:
    """Return the reading of the file name that the sender means; an old sdist name can be split in several ways."""
    readings = names.readings(candidate.filename)
    claimed = names.normalize(candidate.claims.name) if candidate.claims.name else ""
    return next((reading for reading in readings if reading.project == claimed), readings[0])


def check_size(candidate: Candidate) -> None:
    """Refuse what is larger than this index takes; doors stop earlier, while they read."""
    if candidate.size > options().max_upload_bytes:
        raise too_large()


def too_large() -> TooLarge:
    """Return the refusal of a file over the limit."""
    limit = options().max_upload_bytes // 1024**2
    return TooLarge(f"The file is larger than the {limit} MB that this index takes.")


def check_digests(candidate: Candidate) -> None:
    """Refuse bytes that are not the ones announced, naming both digests."""
    for name, announced in candidate.claims.digests.items():
        received = str(getattr(candidate.digests, name))
        if not hmac.compare_digest(announced.strip().lower().encode(), received.encode()):
            raise BadDigest(
                f"The {name} digest announced, {announced[:128]}, is not that of the bytes received, {received}: "
                "the file was damaged on its way or changed after it was hashed; upload it again."
            )


def check_project(project: str) -> None:
    """Refuse early what the transaction would refuse in the end: a project that takes no uploads (PEP 792)."""
    found = read.project(project)
    if found is not None and not found.status.accepts_uploads:
        raise closed(project, found.status.value, found.status_reason)


def check_overwriting(listed: File) -> None:
    """Refuse other bytes under a published name, unless overwriting is on."""
    if not options().overwrite:
        raise FileExists(
            f"File already exists: {listed.filename} is published with other bytes (sha256 {listed.sha256}); "
            "raise the version, or let the operator turn overwriting on."
        )


def put_again(candidate: Candidate, listed: File) -> None:
    """Store a listed file's bytes once more: if they were lost or damaged, whoever has them still mends them so."""
    if not candidate.stored:
        store.put_file(keys.blob(listed.sha256, listed.filename), candidate.path)


def check_spelling(distribution: Distribution) -> None:
    """Refuse early what the transaction would refuse in the end: the same distribution under another spelling."""
    published = read.spelling(distribution.project, distribution.filename)
    if published not in {"", distribution.filename}:
        raise DistributionExists.under(published)


def agreed(candidate: Candidate, claimed: Distribution, inspected: Inspected) -> Distribution:
    """Return the reading on which file name, form and metadata agree.

    Raises:
        Disagreement: they do not; the sentence names all three.
    """
    core, claims = inspected.core, candidate.claims
    try:
        distribution = names.reading_for(candidate.filename, names.normalize(core.name), core.version)
    except names.BadFilename:
        distribution = None
    named = not claims.name or names.normalize(claims.name) == names.normalize(core.name)
    versioned = not claims.version or names.same_version(claims.version, core.version)
    if distribution is None or not named or not versioned:
        form = f"{plain(claims.name) or 'no name'} {plain(claims.version) or 'no version'}"
        raise Disagreement(
            f"Three names that must agree do not: the file name says {claimed.project} {claimed.version}, "
            f"the form says {form}, the metadata inside says {core.name} {core.version}."
        )
    if claims.filetype and claims.filetype != distribution.filetype:
        raise Disagreement(
            f"The form says filetype {claims.filetype}, but {candidate.filename} is of type {distribution.filetype}."
        )
    return distribution


def plain(claim: str) -> str:
    """Return what a form claims as a sentence may quote it."""
    return ascii(claim[:LONGEST_QUOTE])[1:-1]


def check_attestations(candidate: Candidate) -> bytes:
    """Return the attestations to keep, or nothing when none were sent."""
    if not candidate.claims.attestations:
        return b""
    return attestations.check(
        candidate.claims.attestations, filename=candidate.filename, sha256=candidate.digests.sha256
    )


def entry(candidate: Candidate, distribution: Distribution, inspected: Inspected, signed: bytes) -> File:
    """Return the file as it will be listed."""
    # PEP 658 is for wheels; an sdist's PKG-INFO may say less than what it builds.
    document = inspected.document if distribution.filetype == "bdist_wheel" else b""
    return File(
        project=distribution.project,
        filename=candidate.filename,
        version=str(distribution.version),
        filetype=distribution.filetype,
        size=candidate.size,
        sha256=candidate.digests.sha256,
        blake2_256=candidate.digests.blake2_256,
        upload_time=candidate.published_at or datetime.now(UTC),
        uploader=candidate.principal.name,
        requires_python=inspected.core.requires_python,
        metadata_sha256=hexdigest(document) if document else "",
        metadata_size=len(document),
        attestations_sha256=hexdigest(signed) if signed else "",
    )


def hexdigest(data: bytes) -> str:
    """Return the sha256 of bytes in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def put_bytes(candidate: Candidate, file: File, inspected: Inspected, signed: bytes) -> None:
    """Make everything durable that the row will point at; what lies beside the file goes first.

    Bytes that are said to be stored are looked for, after the fence was read: from then on nobody removes them unseen.
    """
    if file.metadata_sha256:
        store.put_bytes(keys.metadata(file.sha256, file.filename), inspected.document)
    if signed:
        store.put_bytes(keys.attestations(file.sha256, file.filename), signed)
    if candidate.stored:
        stored.stat(keys.blob(file.sha256, file.filename))
    else:
        store.put_file(keys.blob(file.sha256, file.filename), candidate.path)


def listing(candidate: Candidate, file: File, *, display_name: str, fence: str) -> Published:
    """List the file; whoever's transaction comes first decides, and the others are told what it decided."""
    change = Change(actor=candidate.principal.name, address=candidate.principal.address, source=candidate.source)
    for _ in range(10):
        listed = read.file(file.project, file.filename)
        if listed is not None and listed.sha256 == file.sha256:
            return Published(outcome=Outcome.UNCHANGED, file=listed)
        if listed is not None:
            check_overwriting(listed)
        try:
            catalogue.publish(file, display_name=display_name, change=change, fence=fence, replaces=listed)
        except FileChanged:
            continue
        if listed is None:
            return Published(outcome=Outcome.CREATED, file=file)
        log.warning(
            "%s was replaced by %s: sha256 %s is now %s",
            file.filename,
            change.actor or "nobody in particular",
            listed.sha256,
            file.sha256,
        )
        return Published(outcome=Outcome.REPLACED, file=file)
    raise Busy(f"{file.filename} is being replaced by others over and over; try again in a moment.")
