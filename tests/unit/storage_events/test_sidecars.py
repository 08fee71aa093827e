"""Reading a wheel's METADATA, and comparing what lies beside it."""

import io

import pytest

from packages_app.storage_events import sidecars
from tests.factories import make_sdist, make_wheel, metadata, zipped
from tests.homes import upload
from tests.unit.storage_events.conftest import path_of

INFO = "demo-1.0.dist-info/METADATA"


def damaged(data: bytes, *, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def test_the_metadata_of_a_wheel_is_read_byte_for_byte():
    core = metadata(body="Lines\r\nwith ends\r\n")
    assert sidecars.wheel_metadata(io.BytesIO(make_wheel(core=core)[1])) == core


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no zip", id="no zip"),
        pytest.param(make_wheel()[1][:-30], id="a wheel cut off"),
        pytest.param(zipped({"demo.py": b""}), id="a zip without METADATA"),
        pytest.param(zipped({f"a/{INFO}": b"x"}), id="METADATA deeper down"),
        pytest.param(zipped({INFO: b"x", "other-1.0.dist-info/METADATA": b"y"}), id="two of them"),
        pytest.param(zipped({INFO: bytes(11 * 1024**2)}), id="one too long"),
        pytest.param(damaged(zipped({INFO: b"x" * 99}), at=30 + len(INFO)), id="damaged inside"),
    ],
)
def test_where_there_is_not_one_there_is_none(data):
    assert sidecars.wheel_metadata(io.BytesIO(data)) is None


def test_an_sdist_needs_nothing_beside_it():
    assert list(sidecars.wrong(upload(make_sdist()))) == []


def test_a_wheel_needs_its_metadata(files):
    file = upload(make_wheel())
    assert list(sidecars.wrong(file)) == []
    path_of(files, file, ".metadata").unlink()
    assert [key.rpartition(".")[2] for key in sidecars.wrong(file)] == ["metadata"]
