"""Keeps upstream pages in the file store, named by what they hold, and the last used ones in memory."""

import gzip
import hashlib
import json
from collections import OrderedDict
from threading import Lock

from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.upstream.entries import Hidden, UpstreamFile, UpstreamPage, Why

LIMIT = 256 * 1024**2
"""Bytes of a kept page; the settings bound what comes from outside, and this what is read back."""
IN_MEMORY = 24 * 1024**2
"""Bytes of kept pages, packed to tell from, whose contents stay in memory."""
FILE_FIELDS = tuple(UpstreamFile.__dataclass_fields__)


class Memory:
    """Pages by their digest; safe for threads; those that nobody asked for longest go first."""

    def __init__(self) -> None:
        self.pages: OrderedDict[str, tuple[UpstreamPage, int]] = OrderedDict()
        self.size = 0
        self.mutex = Lock()

    def get(self, sha256: str) -> UpstreamPage | None:
        """Return a page that is remembered."""
        with self.mutex:
            found = self.pages.get(sha256)
            if found is None:
                return None
            self.pages.move_to_end(sha256)
            return found[0]

    def keep(self, sha256: str, page: UpstreamPage, size: int) -> None:
        """Remember a page, and forget what is too much."""
        with self.mutex:
            if sha256 not in self.pages:
                self.pages[sha256] = (page, size)
                self.size += size
            while self.size > IN_MEMORY and len(self.pages) > 1:
                self.size -= self.pages.popitem(last=False)[1][1]


memory = Memory()
"""This process's pages; a digest means the same page in every index."""


def keep(page: UpstreamPage) -> str:
    """Store a page, and return its digest.

    Raises:
        StoreUnavailable: the disk or bucket refuses.
    """
    data = written(page)
    sha256 = hashlib.sha256(data).hexdigest()
    store.put_bytes(keys.upstream_page(page.name, sha256), gzip.compress(data, 6, mtime=0))
    memory.keep(sha256, page, len(data))
    return sha256


def load(project: str, sha256: str) -> UpstreamPage:
    """Return a kept page.

    Raises:
        BlobMissing: it is gone, as a newer one replaced it.
        StoreUnavailable: the disk or bucket refuses.
    """
    found = memory.get(sha256)
    if found is None:
        data = gzip.decompress(stored.read(keys.upstream_page(project, sha256), LIMIT))
        found = page_of(data)
        memory.keep(sha256, found, len(data))
    return found


def written(page: UpstreamPage) -> bytes:
    """Return a page as it is kept: the same page gives the same bytes, whatever order its source lists files in."""
    files = sorted(page.files, key=lambda file: file.filename)
    document = {
        "name": page.name,
        "status": page.status,
        "status_reason": page.status_reason,
        "versions": page.versions,
        "files": [[getattr(file, field) for field in FILE_FIELDS] for file in files],
        "hidden": sorted((each.filename, each.version, each.why.value) for each in page.hidden),
    }
    return json.dumps(document, separators=(",", ":")).encode()


def page_of(data: bytes) -> UpstreamPage:
    """Return what `written` wrote."""
    document = json.loads(data)
    return UpstreamPage(
        name=document["name"],
        status=document["status"],
        status_reason=document["status_reason"],
        versions=tuple(document["versions"]),
        files=tuple(file_of(dict(zip(FILE_FIELDS, row, strict=True))) for row in document["files"]),
        hidden=tuple(
            Hidden(filename=filename, version=version, why=Why(why)) for filename, version, why in document["hidden"]
        ),
    )


def file_of(row: dict[str, object]) -> UpstreamFile:
    """Return a file out of its fields."""
    row["hashes"] = tuple((name, digest) for name, digest in row["hashes"])  # type: ignore[attr-defined] # pairs, as written
    return UpstreamFile(**row)  # type: ignore[arg-type] # the fields are those that were written
