"""Withdraws a file whose bytes were lost, and lists it again if somebody brought them back at that moment.

Who uploads the same bytes again stores them and then finds the file listed, so that nothing seems left to do. If the
file is withdrawn between these two, a look afterwards finds the bytes. Whoever stores them after that look finds no
row, and lists them.
"""

from packages_app.catalogue import collect, read, write
from packages_app.catalogue.entries import Change, File, Reuse
from packages_app.catalogue.errors import DistributionExists, FileChanged, FileDeleted, ProjectClosed
from packages_app.discovery import describe
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import BlobMissing


def withdraw_lost(file: File, change: Change) -> bool:
    """Withdraw a file that was found to be without its bytes; return whether it is not listed now.

    Raises:
        FileChanged: other bytes are listed under this name by now, or none.
        Unavailable: catalogue or store cannot answer now.
    """
    write.withdraw(file, change)
    is_back = in_store(file) and listed_again(file, change)
    describe.after_change(file.project)
    return not is_back


def in_store(file: File) -> bool:
    """Return whether a file's bytes are in the store, all of them."""
    try:
        return store.stat(keys.blob(file.sha256, file.filename)).size == file.size
    except BlobMissing:
        return False


def listed_again(file: File, change: Change) -> bool:
    """List a file as it was; False when its name is taken by now, or its project closed."""
    project = read.project(file.project)
    display_name = project.display_name if project is not None else file.project
    try:
        write.publish(file, display_name=display_name, change=change, fence=collect.fence(file), reuse=Reuse.NEVER)
    except (DistributionExists, FileChanged, FileDeleted, ProjectClosed):
        return False
    return True
