"""How much of an answer is taken, and that it must be whole."""

import gzip

import pytest

from packages_app.upstream.errors import SourceFailed
from packages_app.upstream.sources.reply import joined, unpacked


def test_what_is_too_much_is_not_joined():
    assert joined(iter([b"abc", b"de"]), 5) == b"abcde"
    with pytest.raises(SourceFailed, match="larger"):
        joined(iter([b"abc", b"def"]), 5)


def test_what_ends_too_early_is_not_unpacked():
    whole = gzip.compress(b"demo")
    assert b"".join(unpacked(iter([whole[:7], whole[7:]]), 10)) == b"demo"
    with pytest.raises(SourceFailed, match="ends too early"):
        list(unpacked(iter([whole[:-1]]), 10))
    with pytest.raises(SourceFailed, match="larger"):
        list(unpacked(iter([gzip.compress(b"x" * 100)]), 10))
