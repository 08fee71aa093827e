"""Withdraws a file whose bytes vanished from the bucket.

Whether they did is asked of the bucket, never taken from the event. An old version that was deleted, a delete marker
that was taken away, an object that was put back, an event that comes twice or late: in each case the bytes are there,
or the file is not listed any more, and nothing happens. The same goes for bytes that the index itself collected.
"""

from packages_app import names
from packages_app.catalogue import read
from packages_app.catalogue.entries import Change
from packages_app.catalogue.errors import FileChanged
from packages_app.file_store import keys
from packages_app.storage_events.withdraw import in_store, withdraw_lost


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
        if in_store(listed):
            continue
        try:
            withdrawn = withdraw_lost(listed, change) or withdrawn
        except FileChanged:  # replaced or withdrawn by somebody else: it does not list these bytes any more
            continue
    return withdrawn
