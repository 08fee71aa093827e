"""Reads every listed file and what lies beside it, and tells which are not as they were published."""

import hashlib
from collections.abc import Iterator

from packages_app.catalogue import read
from packages_app.catalogue.entries import File
from packages_app.catalogue.errors import NoSuchEntry
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import BlobMissing, StoreUnavailable, reported
from packages_app.storage_events import sidecars
from packages_app.storage_events.entries import Progress, silent

CHUNK = 1024 * 1024

Verified = tuple[File, tuple[str, ...]]
"""A listed file and what is wrong with it; nothing, when it is sound."""


def verify(*, quick: bool = False, project: str = "", progress: Progress = silent) -> Iterator[Verified]:
    """Yield every listed file, of the index or of one project (normalised name), with what is wrong with it.

    With ``quick`` only presence and size are looked at.

    Raises:
        NoSuchEntry: there is no such project.
        TableUnavailable: the catalogue cannot answer.
    """
    if project and read.project(project) is None:
        raise NoSuchEntry(f"There is no project named {project}.")
    done = 0
    for name in [project] if project else (listed.name for listed in read.listed()):
        for file in read.files(name):
            faults = tuple(check(file, quick=quick))
            current = read.file(name, file.filename) if faults else file
            if current is not None and current.sha256 == file.sha256:  # else it was replaced while we looked
                yield file, faults
            done += 1
            progress("files", done, 0)


def check(file: File, *, quick: bool) -> Iterator[str]:
    """Yield what is wrong with a listed file."""
    key = keys.blob(file.sha256, file.filename)
    try:
        size = store.stat(key).size
        if size != file.size:
            yield f"its bytes are {size} where {file.size} were published"
        elif not quick:
            yield from check_bytes(file, key)
    except BlobMissing:
        yield "its bytes are not in the store"
    except StoreUnavailable as error:  # one bad sector must not hide what else is wrong
        yield f"it cannot be read: {error}"


def check_bytes(file: File, key: str) -> Iterator[str]:
    """Yield what is wrong with the bytes of a file, and with what lies beside it."""
    document = None
    with store.open(key) as opened, reported():
        found = hashlib.sha256()
        while chunk := opened.read(CHUNK):
            found.update(chunk)
        if file.metadata_sha256:
            opened.seek(0)
            document = sidecars.wheel_metadata(opened)
    if found.hexdigest() != file.sha256:
        yield f"its sha256 is {found.hexdigest()} where {file.sha256} was published"
    elif file.metadata_sha256 and (document is None or hashlib.sha256(document).hexdigest() != file.metadata_sha256):
        yield "the METADATA inside is not the one that the catalogue names"
    for wrong in sidecars.wrong(file):
        yield f"its {wrong.rpartition('.')[2]} are missing or damaged"
