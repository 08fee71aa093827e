from itertools import product

import pytest

from packages_app.simple_api.conditions import page_etag, same_file, unchanged
from packages_app.simple_api.encodings import Encoding
from packages_app.simple_api.formats import Format

TAG = '"1763900000000000.json.gzip.1"'


def test_a_page_tag_is_strong_and_names_the_representation():
    assert page_etag("1763900000000000", Format.JSON, Encoding.GZIP) == TAG


def test_every_representation_of_every_version_has_its_own_tag():
    tags = {page_etag(version, one, encoding) for version, one, encoding in product(("1", "2"), Format, Encoding)}
    assert len(tags) == 2 * 3 * 3
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(TAG, True, id="the same tag"),
        pytest.param(f"W/{TAG}", True, id="the same tag, weakened by a proxy"),
        pytest.param(f'"other", {TAG}', True, id="among several"),
        pytest.param(f'"other",W/{TAG} , "more"', True, id="among several, weakened"),
        pytest.param("*", True, id="anything"),
        pytest.param('"other"', False, id="another tag"),
        pytest.param(TAG.strip('"'), False, id="without quotes"),
        pytest.param(None, False, id="no header"),
        pytest.param("", False, id="an empty header"),
        pytest.param('"', False, id="half a tag"),
    ],
)
def test_if_none_match_is_compared_weakly(header, expected):
    assert unchanged(header, TAG) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(None, True, id="no condition"),
        pytest.param(TAG, True, id="the same tag"),
        pytest.param(f" {TAG} ", True, id="the same tag among spaces"),
        pytest.param(f"W/{TAG}", False, id="a weak tag never matches"),
        pytest.param('"other"', False, id="another tag"),
        pytest.param("Mon, 23 Nov 2026 10:00:00 GMT", False, id="a date, as no file is sent with one"),
    ],
)
def test_if_range_is_compared_strongly(header, expected):
    assert same_file(header, TAG) is expected
