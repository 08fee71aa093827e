"""Keeps blobs as files below one folder, so that what was acknowledged survives a power cut."""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from packages_app.file_store import temporary
from packages_app.file_store.entries import Blob, UploadLink
from packages_app.file_store.errors import found, reported
from packages_app.file_store.local_parts import LocalParts
from packages_app.file_store.storage import PartsStore, Source

STAGING = ".incoming"
"""Where bytes are copied to that cannot be moved into place: within the store, so that the last step is a rename."""
COPY_CHUNK = 1024 * 1024


class DurableStorage(FileSystemStorage):
    """Django's local storage, but a name means always the same bytes, and a write has reached the disk when it returns.

    ``incoming`` is where uploads are written while they arrive; it should be on the file system of ``location``.
    """

    def __init__(self, location: str | Path, incoming: str | Path) -> None:
        # The index decides who reads; another account of this machine must not read past it.
        super().__init__(
            location=location, allow_overwrite=True, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )
        self.incoming = Path(incoming).absolute()
        self.root_is_safe = False

    # --- Django's storage interface ---

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name as it is: content-addressed, so the same name holds the same bytes."""
        del max_length
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        if hasattr(content, "temporary_file_path"):
            self.put_file(name, Path(content.temporary_file_path()))
        else:
            self.copy_in(name, content)
        return name

    # --- What the file store asks ---

    def reading(self) -> AbstractContextManager[None]:
        """Translate what a read raises."""
        return found()

    def writing(self) -> AbstractContextManager[None]:
        """Translate what a write raises."""
        return reported()

    def put_file(self, key: str, source: Path) -> None:
        """Move the file into its place, or copy it where the file systems differ."""
        if not S_ISREG(source.lstat().st_mode):
            raise OSError(errno.EINVAL, "Only a regular file can be moved into the store")
        try:
            self.move_in(key, source)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            with source.open("rb") as opened:
                self.copy_in(key, opened)
            source.unlink()

    def put_bytes(self, key: str, data: bytes) -> None:
        """Write the bytes aside, and move them into their place."""
        self.copy_in(key, BytesIO(data))

    def put_stream(self, key: str, chunks: Iterator[bytes]) -> None:
        """Write the bytes aside as they come, and move them into their place."""
        with self.written(key) as whole:
            for chunk in chunks:
                whole.write(chunk)

    def copy(self, key: str, target: str, told: Callable[[int], None] | None = None) -> None:
        """Give the file a second name, or copy it where the file system has no hard links."""
        del told
        staging = Path(self.location, STAGING)
        self.secure_root()
        staging.mkdir(parents=True, exist_ok=True)
        name = staging / f"{temporary.PREFIX}{secrets.token_hex(8)}"
        try:
            name.hardlink_to(self.path(key))
            self.move_in(target, name)
        except OSError:  # no hard links here, or a sweep took the second name for a leftover
            with self.opened(key) as opened:
                self.copy_in(target, opened)
        finally:
            # Renaming one name of a file onto another name of the same file does nothing, and leaves both.
            name.unlink(missing_ok=True)

    def remove(self, key: str) -> None:
        """Remove the file, and its folder if nothing else is in it."""
        path = Path(self.path(key))
        with suppress(FileNotFoundError):
            path.unlink()
            sync(path.parent)
        with self.folders_held(fcntl.LOCK_EX):
            for folder in path.parents:
                if folder == Path(self.location):
                    break
                try:
                    folder.rmdir()
                except OSError:  # not empty, or gone
                    break

    def stat(self, key: str) -> Blob:
        """Return the file's record."""
        status = Path(self.path(key)).lstat()
        if not S_ISREG(status.st_mode):
            raise FileNotFoundError(errno.ENOENT, "No blob but a folder or something else")
        return blob_of(key, status)

    def opened(self, key: str) -> BinaryIO:
        """Return the file itself."""
        try:
            return Path(self.path(key)).open("rb")
        except IsADirectoryError as error:
            raise FileNotFoundError(errno.ENOENT, "No blob but a folder") from error

    def source(self, key: str, start: int = 0, length: int | None = None) -> Source:
        """Return the open file at ``start``."""
        del length  # the reader counts
        opened = self.opened(key)
        opened.seek(start)
        return opened

    def walk(self, prefix: str, after: str = "") -> Iterator[Blob]:
        """Yield the files below a folder, folder by folder in key order, from behind ``after``."""
        try:
            with os.scandir(self.path(prefix)) as entries:
                # "a!" sorts before "a/", and so must the file "a!" before what is in the folder "a".
                names = sorted(
                    entry.name + "/" if entry.is_dir(follow_symlinks=False) else entry.name for entry in entries
                )
        except (FileNotFoundError, NotADirectoryError):  # nothing stored yet, or removed meanwhile
            return
        for name in names:
            key = f"{prefix}/{name}"
            if key <= after and not after.startswith(key):
                continue
            if name.endswith("/"):
                yield from self.walk(key[:-1], after)
                continue
            if key == after:
                continue
            with suppress(FileNotFoundError):
                status = Path(self.path(f"{prefix}/{name}")).lstat()
                if S_ISREG(status.st_mode):
                    yield blob_of(f"{prefix}/{name}", status)

    def signed_link(self, key: str, parameters: Mapping[str, str], signed_at: datetime, expires: int) -> str | None:
        """Return None: this server sends the bytes itself."""
        del key, parameters, signed_at, expires
        return None

    def upload_link(self, key: str, *, size: int, sha256: str, expires: int) -> UploadLink | None:
        """Return None: this server takes the bytes itself."""
        del key, size, sha256, expires
        return None

    def parts(self) -> PartsStore:
        """Return what keeps parts beside the places of their blobs."""
        return LocalParts(self)

    def spool_folder(self) -> Path:
        """Return the folder for uploads that arrive, made if need be."""
        self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.incoming

    def temporary_folders(self) -> list[Path]:
        """Return the folders of arriving uploads and of copies."""
        return [self.incoming, Path(self.location, STAGING)]

    # --- How a write becomes durable ---

    def copy_in(self, key: str, content: "BinaryIO | File[bytes]") -> None:
        """Copy the content aside, and move it into its place."""
        with self.written(key) as copy:
            shutil.copyfileobj(content, copy, COPY_CHUNK)

    @contextmanager
    def written(self, key: str) -> Iterator[BinaryIO]:
        """Give a file aside to write to, and move it into its place when that went well."""
        staging = Path(self.location, STAGING)
        self.secure_root()
        staging.mkdir(mode=0o700, parents=True, exist_ok=True)
        with temporary.held(staging) as copy:
            yield copy.file
            copy.file.flush()
            self.move_in(key, copy.path)

    def move_in(self, key: str, source: Path) -> None:
        """Make the file's bytes durable, then its name, then the names of the folders that lead to it."""
        self.secure_root()
        target = Path(self.path(key))
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            if self.file_permissions_mode is not None:
                os.fchmod(descriptor, self.file_permissions_mode)
            os.utime(descriptor)  # garbage collection spares what was put lately; an upload may have begun long ago
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.rename(source, target)
        # Always the whole chain: another process may have made a folder a moment ago and not synced it yet, and what
        # is acknowledged here must not hang on that. Folders that did not change cost next to nothing.
        for folder in target.parents:
            sync(folder)
            if folder == Path(self.location):
                break

    def secure_root(self) -> None:
        """Make the store's folder, and its name durable; once per process."""
        if self.root_is_safe:
            return
        root = Path(self.location)
        made = [folder for folder in (root, *root.parents) if not folder.exists()]
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in made or [root]:
            # Where the folder above cannot be listed, this account did not make the name either.
            with suppress(PermissionError):
                sync(folder.parent)
        self.root_is_safe = True

    def rename(self, source: Path, target: Path) -> None:
        """Give the file its name, in a folder that no removal tidies away in between."""
        with self.folders_held(fcntl.LOCK_SH):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            source.replace(target)

    @contextmanager
    def folders_held(self, operation: int) -> Iterator[None]:
        """Let many writers use folders (shared), or one removal tidy them (exclusive), in all processes together."""
        try:
            descriptor = os.open(self.location, os.O_RDONLY)
        except FileNotFoundError:  # nothing stored yet: nothing to tidy; a writer made it before it came here
            yield
            return
        try:
            temporary.lock(descriptor, operation)
            yield
        finally:
            os.close(descriptor)


def blob_of(key: str, status: os.stat_result) -> Blob:
    """Return the record of a file."""
    return Blob(key=key, size=status.st_size, modified=datetime.fromtimestamp(status.st_mtime, tz=UTC))


def sync(folder: Path) -> None:
    """Make a folder's entries durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
