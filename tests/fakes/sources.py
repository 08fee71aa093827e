"""A source of pages in memory, for tests that need no HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from packages_app.upstream.entries import Absent, Answer, Fetched, UpstreamPage, Validators
from packages_app.upstream.errors import Fault, SourceFailed


class FakeSource:
    """An upstream that counts what it is asked, and fails while it is ``down``; ``files`` are bytes by address."""

    def __init__(self, *pages: UpstreamPage, name: str = "https://upstream.example/simple/") -> None:
        self.pages = {page.name: page for page in pages}
        self.name = name
        self.asked: list[str] = []
        self.down = False
        self.files: dict[str, bytes] = {}
        self.fetched = 0

    def page(self, project: str, known: Validators | None, ends: float) -> Answer:
        """Answer, count, or fail."""
        del known, ends
        self.asked.append(project)
        if self.down:
            raise SourceFailed(Fault.UNREACHABLE, "The upstream cannot be reached.")
        if project not in self.pages:
            return Absent()
        return Fetched(page=self.pages[project], validators=Validators(source=self.name, etag='"1"'))

    def names(self, ends: float) -> Iterator[str]:
        """Yield every name."""
        del ends
        if self.down:
            raise SourceFailed(Fault.UNREACHABLE, "The upstream cannot be reached.")
        yield from self.pages

    @contextmanager
    def file(self, url: str, ends: float) -> Iterator["FakeReply"]:
        """Give the bytes of an address, count, or fail."""
        del ends
        if self.down or url not in self.files:
            raise SourceFailed(Fault.BROKEN, f"There is no {url}.")
        self.fetched += 1
        yield FakeReply(self.files[url])


class FakeReply:
    """The bytes of a file, on their way."""

    def __init__(self, data: bytes) -> None:
        self.data, self.size = data, len(data)

    def chunks(self) -> Iterator[bytes]:
        """Yield them."""
        yield self.data
