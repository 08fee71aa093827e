"""Withdraws a file whose bytes vanished from the bucket.

Whether they did is asked of the bucket, never taken from the event. An old version that was deleted, a delete marker
that was taken away, an object that was put back, an event that comes twice or late: in each case the bytes are there,
or the file is not listed any more, and nothing happens. The same goes for bytes that the index itself collected.
"""

from packages_app import names
from packages_app.catalogue import collect, read, write
from packages_app.catalogue.entries import Change, File
from packages_app.catalogue.errors import DistributionExists, FileChanged, ProjectClosed
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import BlobMissing


def vanish(key: str, change: Change) -> bool:
    """Withdraw the file that lists this blob, if the blob is really gone; return whether one was withdrawn.

    Raises:
        Unavailable: catalogue or store cannot answer now.
    """
    said = keys.parse(key)
    if said is None or said.kind != "file":
        return False
    try:
        readings = names.readings(said.filename)
    except names.BadFilename:
        return False
    withdrawn = False
    for reading in readings:
        # The row first, then the store: what is listed has its bytes in the store by then, or has lost them.
        listed = read.file(reading.project, said.filename)
        if listed is None or listed.sha256 != said.sha256:
            continue
        if is_there(key):
            continue
        try:
            write.withdraw(listed, change)
        except FileChanged:  # replaced or withdrawn by somebody else: it does not list these bytes any more
            continue
        # Somebody may have uploaded the same bytes again in between, and been told that they are listed already. Who
        # stores them after this look finds no row, and lists them.
        withdrawn = not (is_there(key) and listed_again(listed, change)) or withdrawn
    return withdrawn


def is_there(key: str) -> bool:
    """Return whether the blob is in the store."""
    try:
        store.stat(key)
    except BlobMissing:
        return False
    return True


def listed_again(file: File, change: Change) -> bool:
    """List a file as it was; False when its name is taken by now, or its project closed."""
    project = read.project(file.project)
    display_name = project.display_name if project is not None else file.project
    try:
        write.publish(file, display_name=display_name, change=change, fence=collect.fence(file))
    except (DistributionExists, FileChanged, ProjectClosed):
        return False
    return True
