"""Decides whether a file may come in: name, permission, size, digests, archive, metadata, policy."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from packages_app import names
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue import read
from packages_app.catalogue.entries import File, Reuse
from packages_app.catalogue.errors import DistributionExists, FileDeleted
from packages_app.catalogue.transact import closed
from packages_app.conf import options
from packages_app.metadata import attestations
from packages_app.metadata.archive import inspect
from packages_app.metadata.entries import CoreMetadata, Inspected
from packages_app.names import Distribution
from packages_app.uploads.begin import check_begin
from packages_app.uploads.candidate import Candidate, Digests
from packages_app.uploads.errors import BadDigest, Disagreement, FileExists, TooLarge

LONGEST_QUOTE = 80


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file that may be listed once its bytes are safe."""

    file: File
    core: CoreMetadata
    """What the metadata says."""
    document: bytes
    """The metadata to keep beside it, byte for byte."""
    signed: bytes
    """The attestations to keep beside the file; empty when none were sent."""

    @property
    def display_name(self) -> str:
        """The project's name as the metadata writes it."""
        return self.core.name


def admit(candidate: Candidate) -> Distribution:
    """Return what the file is said to be, where its sender may upload it and its bytes are the announced ones.

    Raises:
        PackagesError: every refusal that needs no look into the archive, by its code.
    """
    claimed = claimed_distribution(candidate)
    demand(candidate.principal, Action.UPLOAD, claimed.project)
    check_size(candidate)
    check_digests(candidate)
    check_project(claimed.project)
    check_begin(claimed.project, candidate.principal)
    return claimed


def examine(candidate: Candidate, claimed: Distribution) -> Checked:
    """Return the file as it will be listed, after a look into the archive.

    Raises:
        PackagesError: every refusal that comes of what is inside, by its code.
    """
    with candidate.path.open("rb") as opened:
        inspected = inspect(opened, claimed, whole=candidate.whole)
    distribution = agreed(candidate, claimed, inspected)
    if distribution.project != claimed.project:
        demand(candidate.principal, Action.UPLOAD, distribution.project)
        check_project(distribution.project)
        check_begin(distribution.project, candidate.principal)
    check_spelling(
        distribution.project,
        distribution.filename,
        candidate.digests.sha256,
        may_replace=candidate.may_replace,
    )
    signed = check_attestations(candidate)
    return Checked(
        file=entry(candidate, distribution, inspected, signed=signed),
        core=inspected.core,
        document=inspected.document,
        signed=signed,
    )


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
    check_announced(candidate.claims.digests, candidate.digests)


def check_announced(claims: Mapping[str, str], digests: Digests) -> None:
    """Refuse digests that are not the ones announced, naming both."""
    for name, announced in claims.items():
        received = str(getattr(digests, name))
        if not hmac.compare_digest(announced.strip().lower().encode(), received.encode()):
            raise BadDigest(
                f"The {name} digest announced, {announced[:128]}, is not that of the bytes received, {received}: "
                "the file was damaged on its way or changed after it was hashed; upload it again."
            )


def check_project(project: str) -> None:
    """Refuse a name that is the upstream's, and early what the transaction would refuse: a closed project (PEP 792)."""
    found = read.project(project)
    if options().upstream.urls:
        from packages_app.upstream.ownership import check_publish  # noqa: PLC0415 - only where there is an upstream

        check_publish(project, published=found is not None)
    if found is not None and not found.status.accepts_uploads:
        raise closed(project, found.status.value, found.status_reason)


def check_overwriting(listed: File, *, may_replace: bool = True) -> None:
    """Refuse other bytes under a published name, unless overwriting is on and meant for such files."""
    if not (options().overwrite and may_replace):
        raise FileExists(
            f"File already exists: {listed.filename} is published with other bytes (sha256 {listed.sha256}); "
            "raise the version, or let the operator turn overwriting on."
        )


def check_spelling(project: str, filename: str, sha256: str | None, *, may_replace: bool = True) -> None:
    """Refuse early what the transaction would refuse in the end: another spelling of a name, or a deleted name.

    Without ``sha256``, as nobody knows the bytes yet, a deleted name passes.
    """
    taken = read.taken(project, filename)
    if taken is None:
        return
    if not taken.deleted_sha256:
        if taken.filename != filename:
            raise DistributionExists.under(taken.filename)
        return
    allowed = Reuse.ANY_BYTES if sha256 is None else reuse(may_replace=may_replace)
    if allowed is Reuse.NEVER or (allowed is Reuse.SAME_BYTES and taken.deleted_sha256 != sha256):
        raise FileDeleted.under(taken.filename)


def reuse(*, may_replace: bool) -> Reuse:
    """Return whether a name that was deleted may be taken; the rule is that of published names."""
    if not may_replace:
        return Reuse.NEVER
    return Reuse.ANY_BYTES if options().overwrite else Reuse.SAME_BYTES


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


def entry(candidate: Candidate, distribution: Distribution, inspected: Inspected, *, signed: bytes) -> File:
    """Return the file as it will be listed."""
    document, digest = inspected.document, hexdigest(inspected.document)
    # PEP 658 is for wheels; an sdist's PKG-INFO may say less than what it builds, and is kept under a name of its own.
    is_wheel = distribution.filetype == "bdist_wheel"
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
        metadata_sha256=digest if is_wheel else "",
        metadata_size=len(document) if is_wheel else 0,
        pkg_info_sha256="" if is_wheel else digest,
        attestations_sha256=hexdigest(signed) if signed else "",
    )


def hexdigest(data: bytes) -> str:
    """Return the sha256 of bytes in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()
