"""The names of all projects that the upstream has: millions, so only where the settings ask for them, and kept."""

import gzip
import hashlib
from collections.abc import Iterator
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
LIMIT = 256 * 1024**2


def names() -> Shown | None:
    """Return the list of all names.

    Raises:
        SourceFailed: a source does not answer, and no list is kept.
    """
    return current(AllNames())


def contents(shown: Shown) -> Iterator[str]:
    """Yield the names of a list, sorted.

    Raises:
        BlobMissing: the list is gone from the store; the next caller fetches it anew.
        StoreUnavailable: the disk or bucket refuses.
    """
    try:
        data = stored.read(keys.upstream_page(KEY, shown.kept.body), LIMIT)
    except BlobMissing:
        kept.lost(shown.kept)
        raise
    yield from gzip.decompress(data).decode("ascii").splitlines()


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
