"""Where an upstream's pages and files come from: the contract, and the sources that the settings name."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from packages_app.conf import Upstream, options
from packages_app.upstream.entries import Answer, Validators


class Reply(Protocol):
    """The answer to a question for a file: its length, where it is said, and its bytes."""

    @property
    def size(self) -> int | None:
        """Bytes; None where the source does not say."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes as they come; `SourceFailed` when they end too early."""


class Source(Protocol):
    """One upstream index.

    ``ends`` is when `time.monotonic` says that the answer must be complete. Every failure is a `SourceFailed`: a source
    never answers ``Absent`` unless it was told so by an answer that says it.
    """

    @property
    def name(self) -> str:
        """What tells this source from others; for people too, so without credentials."""

    def page(self, project: str, known: Validators | None, ends: float) -> Answer:
        """Return a project's page, by its normalised name; ``known`` is what this source said with the kept one."""

    def names(self, ends: float) -> Iterator[str]:
        """Yield the normalised names of all projects."""

    def file(self, url: str, ends: float) -> AbstractContextManager[Reply]:
        """Give the bytes that an address of a page leads to."""


made: dict[Upstream, tuple[Source, ...]] = {}


def configured() -> tuple[Source, ...]:
    """Return the sources that the settings name, in their order; a process makes them once, for their connections."""
    chosen = options().upstream
    found = made.get(chosen)
    if found is None:
        from packages_app.upstream.sources.simple_index import SimpleIndex  # noqa: PLC0415 - an index without an
        # upstream never pays for urllib3's pools

        made.clear()
        found = made[chosen] = tuple(SimpleIndex(url, chosen) for url in chosen.urls)
    return found
