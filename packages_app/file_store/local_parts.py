"""Keeps the parts of large blobs as files beside the place of the blob, which they become one after the other."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packages_app.file_store.entries import Part, Unfinished, UploadLink

if TYPE_CHECKING:
    from packages_app.file_store.local import DurableStorage

BEGUN = "folder"
"""The name of every upload here: a key has one at a time."""
PART = re.compile(r"\.part-([0-9]{5})\Z")
CHUNK = 1024 * 1024


class LocalParts:
    """Parts in a folder; ``<key>.part-00001`` is the first."""

    def __init__(self, storage: "DurableStorage") -> None:
        self.storage = storage

    def begin(self, key: str) -> str:
        """Remove what an earlier upload of this key left."""
        self.drop(key, BEGUN)
        return BEGUN

    def is_begun(self, key: str, upload: str) -> bool:
        """Return True: nothing here is ever forgotten."""
        del key, upload
        return True

    def link(self, key: str, upload: str, part: Part, sha256: str, expires: int) -> UploadLink | None:
        """Return None: this server takes the bytes itself."""
        del key, upload, part, sha256, expires
        return None

    def put(self, key: str, number: int, source: Path) -> None:
        """Move a part into its place."""
        self.storage.put_file(part_key(key, number), source)

    def received(self, key: str, upload: str) -> list[Part]:
        """Return the parts that lie beside the key."""
        del upload
        folder, _, name = key.rpartition("/")
        found = []
        for blob in self.storage.walk(folder):
            said = PART.match(blob.key.removeprefix(f"{folder}/{name}"))
            if said is not None:
                found.append(Part(number=int(said[1]), size=blob.size))
        return found

    def join(self, key: str, upload: str, parts: Sequence[Part]) -> None:
        """Copy the parts together aside, move that into its place, and remove them."""
        with self.storage.written(key) as whole:
            for part in parts:
                with self.storage.opened(part_key(key, part.number)) as opened:
                    shutil.copyfileobj(opened, whole, CHUNK)
        self.drop(key, upload)

    def drop(self, key: str, upload: str) -> None:
        """Remove the parts that lie beside the key."""
        for part in self.received(key, upload):
            self.storage.remove(part_key(key, part.number))

    def unfinished(self, prefix: str) -> Iterator[Unfinished]:
        """Yield nothing: here all parts are files that a walk sees."""
        del prefix
        yield from ()


def part_key(key: str, number: int) -> str:
    """Return the key of a part."""
    return f"{key}.part-{number:05}"
