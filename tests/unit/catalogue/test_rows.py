"""That a file is read back from its items as it was listed, field by field."""

from dataclasses import fields

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, File
from packages_app.catalogue.rows import retired_row
from tests.factories import listed_file

FULL = listed_file(
    requires_python=">=3.8",
    metadata_size=11,
    pkg_info_sha256="d" * 64,
    attestations_sha256="e" * 64,
    yanked=True,
    yanked_reason="broken",
)
EMPTY = listed_file(uploader="", blake2_256="", metadata_sha256="")
CHANGE = Change(actor="ana", source="test")


def test_the_full_file_has_something_in_every_field():
    assert all(getattr(FULL, field.name) for field in fields(File))


@pytest.mark.parametrize("file", [pytest.param(FULL, id="everything"), pytest.param(EMPTY, id="as little as may be")])
def test_a_file_with_this_in_it_comes_back(file):
    write.publish(file, display_name="demo", change=CHANGE, fence="")
    assert read.file("demo", file.filename) == file


def test_retired_bytes_can_still_be_downloaded_with_their_metadata():
    write.publish(listed_file(filename="demo-2.0-py3-none-any.whl"), display_name="demo", change=CHANGE, fence="")
    retired_row(FULL).save()
    found = read.download(FULL.sha256, FULL.filename)
    assert (found.size, found.metadata_sha256, found.metadata_size) == (FULL.size, FULL.metadata_sha256, 11)
