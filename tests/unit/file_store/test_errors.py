"""What a disk says becomes a domain error with a stable code."""

import errno
import os
from pathlib import Path

import pytest

from packages_app.errors import Unavailable
from packages_app.file_store.errors import BlobMissing, StoreFull, StoreUnavailable, found, reported

REFUSALS = {
    errno.ENOSPC: "store-full",
    errno.EDQUOT: "store-full",
    errno.EFBIG: "store-full",
    errno.EROFS: "store-unavailable",
    errno.EACCES: "store-unavailable",
    errno.EIO: "store-unavailable",
    errno.EMFILE: "store-unavailable",
    errno.ENOTDIR: "store-unavailable",
}


@pytest.mark.parametrize("manager", [reported, found])
@pytest.mark.parametrize(("number", "code"), REFUSALS.items(), ids=lambda value: errno.errorcode.get(value, value))
def test_a_refusal_has_a_code(manager, number, code):
    with pytest.raises(StoreUnavailable) as caught, manager():
        raise OSError(number, os.strerror(number), "/secret/path")
    assert caught.value.code == code
    assert isinstance(caught.value, Unavailable)
    assert isinstance(caught.value.__cause__, OSError)
    assert "/" not in str(caught.value)


def test_a_real_full_disk_is_told():
    with pytest.raises(StoreFull), reported(), Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")


def test_what_is_not_there_is_missing_for_a_reader():
    with pytest.raises(BlobMissing), found(), Path("/not/there").open("rb"):
        pass


def test_a_folder_that_is_not_there_is_no_missing_blob_for_a_writer():
    with pytest.raises(StoreUnavailable), reported(), Path("/not/there/either").open("wb"):
        pass


@pytest.mark.parametrize("manager", [reported, found])
def test_other_errors_pass(manager):
    with pytest.raises(ValueError, match="a bug"), manager():
        raise ValueError("a bug")
