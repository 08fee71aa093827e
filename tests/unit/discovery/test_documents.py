"""Whose document stands for a release."""

from dataclasses import replace

import pytest

from packages_app.discovery.documents import LARGEST, Kept, best, digest_of
from tests.factories import listed_file

WHEEL = listed_file()
OTHER = replace(WHEEL, filename="demo-1.0-cp312-cp312-linux_x86_64.whl")
SDIST = replace(WHEEL, filename="demo-1.0.tar.gz", filetype="sdist", metadata_sha256="", pkg_info_sha256="d" * 64)


@pytest.mark.parametrize(
    ("files", "stands"),
    [
        pytest.param((SDIST,), SDIST, id="the sdist where it is alone"),
        pytest.param((SDIST, WHEEL), WHEEL, id="the wheel before the sdist"),
        pytest.param((WHEEL, OTHER), OTHER, id="of wheels the first by its name"),
    ],
)
def test_a_release_says_what_this_file_says(files, stands):
    assert best(files) == best(files[::-1]) == stands


@pytest.mark.parametrize(
    ("file", "digest"),
    [
        pytest.param(WHEEL, "c" * 64, id="a wheel's metadata"),
        pytest.param(SDIST, "d" * 64, id="an sdist's own"),
        pytest.param(replace(WHEEL, metadata_sha256=""), "", id="none"),
    ],
)
def test_a_document_is_known_by_its_digest(file, digest):
    assert digest_of(file) == digest


def test_a_large_document_is_not_kept_and_none_is_counted_twice():
    kept = Kept()
    kept.put("large", "x", LARGEST + 1)
    for _ in range(2):
        kept.put("a", "x", LARGEST)
    assert (kept.get("large"), kept.get("a"), kept.size) == (None, "x", LARGEST)
