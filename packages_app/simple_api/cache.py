"""Keeps built pages for as long as they are current, within a bound of memory."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from packages_app.conf import options
from packages_app.simple_api.encodings import Encoding, encode

LIMIT = 64 * 1024**2
OVERHEAD = 512
"""Bytes that an entry is counted for beside its body: its key and its places in dictionaries."""
VERSIONS = 2
"""Versions of a page that are kept: a slow reader may still ask for the one before."""


@dataclass(frozen=True, slots=True)
class PageKey:
    """A page of an index, in one state and kind."""

    index: str
    page: str
    """The project's name; empty for the root, and ``#`` with a key for a root that shows only some projects."""
    version: str
    kind: str
    """``html`` or ``json``, and the address that its links begin with where they are absolute."""


@dataclass(frozen=True, slots=True)
class Built:
    """The bytes of a page in one encoding."""

    body: bytes
    serial: int


Variant = tuple[PageKey, Encoding]
Slot = dict[str, dict[Variant, Built]]
"""All that is kept of one page, by version, the oldest version first."""


class PageCache:
    """Pages by key and encoding; safe for threads; pages that nobody asked for longest go first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.size = 0
        self._slots: OrderedDict[tuple[str, str], Slot] = OrderedDict()
        self._mutex = Lock()
        self._builders: dict[Variant, tuple[Lock, int]] = {}

    def get(self, key: PageKey, encoding: Encoding, build: Callable[[], Built]) -> Built:
        """Return the page in this encoding; ``build`` makes it without one, once for all who ask meanwhile."""
        variant = (key, encoding)
        found = self._find(variant)
        if found is not None:
            return found
        with self._alone(variant):
            found = self._find(variant)
            if found is None:
                if encoding is Encoding.IDENTITY:
                    found = build()
                else:
                    plain = self.get(key, Encoding.IDENTITY, build)
                    found = Built(encode(plain.body, encoding), plain.serial)
                self._keep(variant, found)
            return found

    def _find(self, variant: Variant) -> Built | None:
        """Return what is kept, and remember that it was asked for."""
        key = variant[0]
        place = (key.index, key.page)
        with self._mutex:
            found = self._slots.get(place, {}).get(key.version, {}).get(variant)
            if found is not None:
                self._slots.move_to_end(place)
            return found

    def _keep(self, variant: Variant, built: Built) -> None:
        """Keep a page, and let go of what is too old or too much."""
        key = variant[0]
        place = (key.index, key.page)
        with self._mutex:
            slot = self._slots.setdefault(place, {})
            slot.setdefault(key.version, {})[variant] = built
            self.size += cost(built)
            while len(slot) > VERSIONS or (self.size > self.limit and len(slot) > 1):
                self._forget(slot.pop(next(iter(slot))))
            self._slots.move_to_end(place)
            while self.size > self.limit:
                for variants in self._slots.popitem(last=False)[1].values():
                    self._forget(variants)

    def _forget(self, variants: dict[Variant, Built]) -> None:
        """Count what was let go of."""
        self.size -= sum(cost(built) for built in variants.values())

    @contextmanager
    def _alone(self, variant: Variant) -> Iterator[None]:
        """Hold the lock of one variant, which exists while somebody wants it."""
        with self._mutex:
            lock, wanted = self._builders.get(variant, (Lock(), 0))
            self._builders[variant] = (lock, wanted + 1)
        try:
            with lock:
                yield
        finally:
            with self._mutex:
                lock, wanted = self._builders.pop(variant)
                if wanted > 1:
                    self._builders[variant] = (lock, wanted - 1)


def cost(built: Built) -> int:
    """Return the bytes that an entry is counted for."""
    return len(built.body) + OVERHEAD


page_cache = PageCache()
"""This process's pages."""


def home() -> str:
    """Return what names this index and its catalogue, as tests have several of them in one process."""
    return f"{options().table or options().data}#{options().index}"
