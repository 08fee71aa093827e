"""Why files were not listed, read off a transaction that lists several; and which names may be taken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.catalogue import read, recent, write
from packages_app.catalogue.entries import Change, Listing, Reuse
from packages_app.catalogue.errors import Busy, DistributionExists, FileChanged, FileDeleted
from packages_app.catalogue.list_files import RECENT, not_listed
from packages_app.catalogue.removal import delete_files
from tests.factories import listed_file

CHANGE = Change(actor="ana", source="test")
ONE = listed_file(filename="one-1.0.tar.gz", project="one", filetype="sdist", metadata_sha256="")
TWO = replace(ONE, filename="two-1.0.tar.gz", project="two")
NEW, REPLACING = Listing(file=ONE, fence=""), Listing(file=ONE, fence="", replaces=replace(ONE, sha256="d" * 64))
LAST = Listing(file=TWO, fence="")


@pytest.mark.parametrize(
    ("listings", "failed", "error", "said"),
    [
        pytest.param([NEW, LAST], 0, Busy, "cleared away", id="the bytes of the first were cleared away"),
        pytest.param([NEW, LAST], 1, Busy, "cleared away", id="the bytes of the last were cleared away"),
        pytest.param([NEW, LAST], 2, FileChanged, ONE.filename, id="the first was published by somebody else"),
        pytest.param([NEW, LAST], 4, FileChanged, TWO.filename, id="the last was published by somebody else"),
        pytest.param([REPLACING, LAST], 2, FileChanged, ONE.filename, id="what the first replaces is another by now"),
        pytest.param([REPLACING, LAST], 5, FileChanged, TWO.filename, id="the last, behind one that replaces"),
        pytest.param([NEW, LAST], 3, FileChanged, "These files", id="a name was taken and is free again"),
    ],
)
def test_the_failed_condition_says_which_file_it_was(listings, failed, error, said):
    actions = sum(3 if each.replaces is None else 4 for each in listings)
    found = not_listed(listings, tuple(place == failed for place in range(actions)))
    assert isinstance(found, error)
    assert said in str(found)


@pytest.mark.parametrize(
    ("deleted", "error"),
    [
        pytest.param(False, DistributionExists, id="another spelling is listed"),
        pytest.param(True, FileDeleted, id="the name was deleted"),
    ],
)
def test_a_taken_name_is_named(deleted, error):
    write.publish(TWO, display_name="two", change=CHANGE, fence="")
    if deleted:
        delete_files([TWO], CHANGE, action="file.delete", target=TWO.filename)
    found = not_listed([NEW, LAST], (False, False, False, False, False, True))
    assert isinstance(found, error)
    assert TWO.filename in str(found)


@pytest.mark.parametrize(
    ("reuse", "sha256", "listed"),
    [
        pytest.param(Reuse.NEVER, "a" * 64, False, id="what was only found never comes back"),
        pytest.param(Reuse.SAME_BYTES, "a" * 64, True, id="the deleted bytes come back"),
        pytest.param(Reuse.SAME_BYTES, "d" * 64, False, id="other bytes do not"),
        pytest.param(Reuse.ANY_BYTES, "d" * 64, True, id="other bytes do where overwriting is on"),
    ],
)
def test_a_deleted_name_is_taken_again_by_the_transaction_itself(reuse, sha256, listed):
    write.publish(ONE, display_name="one", change=CHANGE, fence="")
    delete_files([ONE], CHANGE, action="file.delete", target=ONE.filename)
    file = replace(ONE, sha256=sha256)
    try:
        write.publish(file, display_name="one", change=CHANGE, fence="", reuse=reuse)
    except FileDeleted:
        assert not listed
    else:
        assert listed
    assert len(read.files("one")) == listed


@pytest.mark.parametrize(
    ("age", "noted"),
    [
        pytest.param(RECENT - timedelta(minutes=1), True, id="a file of the last 90 days"),
        pytest.param(RECENT + timedelta(minutes=1), False, id="an older file that was imported"),
    ],
)
def test_what_was_published_lately_is_noted(age, noted):
    file = replace(ONE, upload_time=datetime.now(UTC) - age)
    write.publish(file, display_name="one", change=CHANGE, fence="")
    assert [each.version for each in recent.recent()] == (["1.0"] if noted else [])
