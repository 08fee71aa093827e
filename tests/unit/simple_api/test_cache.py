import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from packages_app.simple_api.cache import OVERHEAD, Built, PageCache, PageKey
from packages_app.simple_api.encodings import Encoding

PLAIN = Encoding.IDENTITY
THREADS = 8


class Builder:
    """Builds one page, and counts how often it had to."""

    def __init__(self, body: bytes = b"page") -> None:
        self.body = body
        self.calls = 0

    def __call__(self) -> Built:
        self.calls += 1
        return Built(self.body, 7)


def key(page: str = "demo", version: str = "1", kind: str = "json", index: str = "main") -> PageKey:
    return PageKey(index, page, version, kind)


def test_a_page_is_built_once_for_all_encodings():
    cache, builder = PageCache(), Builder()
    assert gzip.decompress(cache.get(key(), Encoding.GZIP, builder).body) == b"page"
    assert cache.get(key(), Encoding.GZIP, builder) is cache.get(key(), Encoding.GZIP, builder)
    assert cache.get(key(), PLAIN, builder).body == b"page"
    assert cache.get(key(), Encoding.ZSTD, builder).serial == 7
    assert builder.calls == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(key(page="other"), id="another page"),
        pytest.param(key(version="2"), id="another version"),
        pytest.param(key(kind="html"), id="another kind"),
        pytest.param(key(index="other"), id="another index"),
    ],
)
def test_pages_are_not_mixed_up(other):
    cache = PageCache()
    assert cache.get(key(), PLAIN, Builder(b"one")).body == b"one"
    assert cache.get(other, PLAIN, Builder(b"two")).body == b"two"
    assert cache.get(key(), PLAIN, Builder(b"three")).body == b"one"


def test_many_threads_that_miss_at_once_build_once():
    cache, builder, start = PageCache(), Builder(b"x" * 10_000), Barrier(THREADS)

    def build() -> Built:
        time.sleep(0.05)  # the others come while this goes on
        return builder()

    def ask(encoding: Encoding) -> Built:
        start.wait(10)
        return cache.get(key(), encoding, build)

    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(ask, [PLAIN, Encoding.GZIP] * (THREADS // 2)))
    assert builder.calls == 1
    assert {len(answer.body) for answer in answers[::2]} == {10_000}
    assert cache._builders == {}


def test_a_page_being_built_does_not_hold_up_another():
    cache, started, go_on = PageCache(), Event(), Event()

    def slow() -> Built:
        started.set()
        assert go_on.wait(10)
        return Built(b"slow", 1)

    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(cache.get, key("slow"), PLAIN, slow)
        assert started.wait(10)
        assert cache.get(key("quick"), PLAIN, Builder(b"quick")).body == b"quick"
        go_on.set()
        assert waiting.result(10).body == b"slow"


def test_a_failed_build_is_told_and_tried_again():
    cache = PageCache()

    def fail() -> Built:
        raise RuntimeError("the catalogue does not answer")

    with pytest.raises(RuntimeError):
        cache.get(key(), Encoding.GZIP, fail)
    assert cache.get(key(), PLAIN, Builder()).body == b"page"
    assert cache._builders == {}


def test_what_nobody_asked_for_longest_goes_first_when_room_ends():
    cache = PageCache(limit=3 * (1000 + OVERHEAD))
    builders = {page: Builder(b"x" * 1000) for page in "abcd"}
    for page in "abcad":
        cache.get(key(page), PLAIN, builders[page])
    for page in "ab":
        cache.get(key(page), PLAIN, builders[page])
    assert builders["a"].calls == 1
    assert builders["b"].calls == 2


def test_memory_stays_within_the_limit_whatever_comes():
    cache = PageCache(limit=50_000)
    for number in range(500):
        cache.get(key(f"page{number % 7}", str(number)), PLAIN, Builder(b"x" * (number * 37 % 9000)))
        kept = [built for slot in cache._slots.values() for variants in slot.values() for built in variants.values()]
        assert cache.size == sum(len(built.body) + OVERHEAD for built in kept) <= 50_000


def test_a_page_larger_than_the_limit_is_answered_and_not_kept():
    cache, builder = PageCache(limit=2000), Builder(b"x" * 3000)
    assert len(cache.get(key(), PLAIN, builder).body) == 3000
    assert cache.size == 0


def test_only_the_newest_two_versions_of_a_page_are_kept():
    cache = PageCache()
    builders = {version: Builder(version.encode()) for version in "123"}
    for version in "1233221":
        assert cache.get(key(version=version), PLAIN, builders[version]).body == version.encode()
    assert [builders[version].calls for version in "123"] == [2, 1, 1]
