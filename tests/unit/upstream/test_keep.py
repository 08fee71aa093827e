"""That nobody gets a whole file that is not the announced one, and that none of its bytes stay."""

import hashlib
from contextlib import contextmanager

import pytest

from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.upstream import keep, kept_files
from packages_app.upstream.entries import UpstreamFile, Wanted
from packages_app.upstream.errors import Fault, NotAsAnnounced, SourceFailed

DATA = b"some bytes of a file"
SHA = hashlib.sha256(DATA).hexdigest()


class Reply:
    def __init__(self, chunks, size) -> None:
        self.given, self.size = chunks, size

    def chunks(self):
        for chunk in self.given:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk


class Source:
    """Gives these chunks of every file, and says that they are so many bytes."""

    name = "https://upstream.example/simple/"

    def __init__(self, *chunks, size: int | None = None) -> None:
        self.chunks, self.size = chunks, size

    @contextmanager
    def file(self, url: str, ends: float):
        del url, ends
        yield Reply(self.chunks, self.size)


def wanted(*, size: int | None = len(DATA), sha256: str = SHA, **given) -> Wanted:
    file = UpstreamFile(
        filename="demo-1.0.tar.gz", url="https://files.example/f", hashes=(("sha256", sha256),), size=size, **given
    )
    return Wanted(project="demo", file=file, source=Source.name)


def files() -> list[str]:
    return [blob.key for blob in stored.walk("upstream/files")]


def fetched(given: Wanted) -> None:
    keep.fetch(given, kept_files.lease(given))


def relayed(given: Wanted) -> list[bytes]:
    came = []
    with keep.Relay(given, kept_files.lease(given)) as relay:
        for chunk in relay:
            came.append(chunk)
            relayed.came = came
    return came


relayed.came = []
BROKEN = SourceFailed(Fault.BROKEN, "It broke off.")
WRONG = [
    pytest.param(Source(DATA[:9], b"evil"), wanted(), NotAsAnnounced, id="other bytes"),
    pytest.param(Source(DATA[:9]), wanted(), NotAsAnnounced, id="fewer bytes"),
    pytest.param(Source(DATA, b"more"), wanted(), NotAsAnnounced, id="more bytes"),
    pytest.param(Source(DATA, size=99), wanted(), NotAsAnnounced, id="another length than the page says"),
    pytest.param(Source(DATA[:9], BROKEN), wanted(), SourceFailed, id="a connection that breaks"),
]


@pytest.mark.parametrize("take", [fetched, relayed])
@pytest.mark.parametrize(("source", "given", "error"), WRONG)
def test_nothing_else_than_the_announced_bytes_is_kept_or_sent_whole(sourced, take, source, given, error):
    relayed.came = []
    sourced(source)
    with pytest.raises(error):
        take(given)
    assert files() == []
    assert len(b"".join(relayed.came)) < len(DATA)
    if error is NotAsAnnounced:
        with pytest.raises(NotAsAnnounced):  # and it is not fetched again at once
            kept_files.is_kept(given)
    else:
        assert kept_files.lease(given) is not None  # whoever comes next may try


@pytest.mark.parametrize("take", [fetched, relayed])
@pytest.mark.parametrize("size", [None, len(DATA)])
def test_the_announced_bytes_are_kept(sourced, take, size):
    sourced(Source(DATA[:9], DATA[9:], size=size))
    came = take(wanted())
    assert came is None or b"".join(came) == DATA
    assert files() == [keys.upstream_file(SHA)]
    assert kept_files.is_kept(wanted()).size == len(DATA)


def test_bytes_that_are_kept_under_another_name_are_not_fetched_again(sourced):
    sourced(Source(DATA))
    fetched(wanted())
    other = Wanted(project="other", file=wanted().file, source="")
    found, token = keep.begin(other)
    assert (found.digest, token) == (SHA, None)


@pytest.mark.parametrize(
    ("given", "most"),
    [
        pytest.param(wanted(), len(DATA), id="as many as the page says"),
        pytest.param(wanted(size=None), 1000, id="as an upload may have, where it does not say"),
        pytest.param(
            Wanted(project="demo", file=wanted().file, source="", metadata=True), keep.METADATA_BYTES, id="of metadata"
        ),
    ],
)
def test_so_many_bytes_are_taken_at_the_most(settings, given, most):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "max_upload_bytes": 1000}
    assert keep.largest(given) == most


@pytest.mark.parametrize(("fetch_bytes", "patience"), [(None, keep.LONGEST), (10, 7.0)])
def test_a_file_may_take_long_where_nothing_bounds_a_request(configure, fetch_bytes, patience):
    configure(fetch_bytes=fetch_bytes, timeout=7.0)
    assert keep.patience() == patience


def test_a_file_comes_from_the_source_that_lists_it_or_else_from_the_first(sourced):
    first, second = Source(), Source()
    first.name = "https://first.example/simple/"
    sourced(first, second)
    assert keep.source_of(wanted()) is second
    assert keep.source_of(Wanted(project="demo", file=wanted().file, source="gone")) is first
