"""The names of all projects that the upstream has: millions, so only where the settings ask for them, and kept."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.file_store.errors import BlobMissing
from packages_app.upstream import kept, sources
from packages_app.upstream.entries import Kept, Validators
from packages_app.upstream.keeping import Came, Shown, current

KEY = "_names"
"""No project's name can be this."""
FRESH = 3600
"""Seconds; such a list is long, and nobody installs by it."""
PIECE = 64 * 1024
"""Bytes that are unpacked at once."""
GZIP = 31
"""What zlib calls gzip's form."""


def names() -> Shown | None:
    """Return the list of all names.

    Raises:
        SourceFailed: a source does not answer, and no list is kept.
    """
    return current(AllNames())


def contents(shown: Shown) -> Iterator[str]:
    """Return the names of a list, sorted, as they are read; what can be refused is refused here.

    Raises:
        BlobMissing: the list is gone from the store; the next caller fetches it anew.
        StoreUnavailable: the disk or bucket refuses; also in the middle.
    """
    key = keys.upstream_page(KEY, shown.kept.body)
    try:
        size = stored.stat(key).size
    except BlobMissing:
        kept.lost(shown.kept)
        raise
    return lines(key, size)


def lines(key: str, size: int) -> Iterator[str]:
    """Yield the lines of a packed text in the store."""
    unpacker, rest = zlib.decompressobj(GZIP), b""
    with closing(stored.stream(key, 0, size)) as packed:
        for chunk in packed:
            left = chunk
            while left:
                *found, rest = (rest + unpacker.decompress(left, PIECE)).split(b"\n")
                left = unpacker.unconsumed_tail
                yield from (line.decode("ascii") for line in found)
    yield from (rest + unpacker.flush()).decode("ascii").split()


@dataclass(frozen=True)
class AllNames:
    """The names of every source together."""

    key: str = KEY

    @property
    def fresh(self) -> int:
        """Seconds for which the list counts without asking again."""
        return max(FRESH, options().upstream.fresh)

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the configured sources together: another list of them has other projects."""
        return (" ".join(source.name for source in sources.configured()),)

    def ask(self, known: Kept, ends: float) -> Came:
        """Return all names; one source that fails is a failure.

        Raises:
            SourceFailed: a source did.
        """
        del known  # sources make such lists anew all the time: they have no validators worth asking by
        found = {name for source in sources.configured() for name in source.names(ends)}
        data = gzip.compress("\n".join(sorted(found)).encode("ascii"), 6, mtime=0)
        body = hashlib.sha256(data).hexdigest()
        store.put_bytes(keys.upstream_page(KEY, body), data)
        return Came(body=body, validators=Validators(source=self.sources[0]))
