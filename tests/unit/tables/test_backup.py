"""What a backup holds of an item, and that a damaged one restores nothing."""

import gzip
import hashlib
import io
import json

import pytest

from packages_app.catalogue import write
from packages_app.catalogue.entries import Change
from packages_app.tables import backup
from packages_app.tables.base import table_connection
from packages_app.tables.errors import BadBackup, TableNotEmpty
from tests.factories import listed_file


@pytest.fixture(autouse=True)
def _filled(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    write.publish(listed_file(), display_name="demo", change=Change(actor="ana"), fence="")


@pytest.fixture
def kept() -> list[bytes]:
    """The lines of a backup."""
    stream = io.BytesIO()
    backup.write(stream)
    return gzip.decompress(stream.getvalue()).splitlines(keepends=True)


def everything() -> list[dict]:
    return sorted(backup.everything(), key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def whole(*lines: bytes) -> list[bytes]:
    """Return a backup of these lines, with a right count and digest at its end."""
    last = {"items": len(lines), "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}
    return [backup.line({"kind": backup.KIND, "version": backup.VERSION}), *lines, backup.line(last)]


def restore(tmp_path, data: bytes, **given) -> int:
    path = tmp_path / "backup.gz"
    path.write_bytes(data)
    return backup.restore(path, **given)


def test_a_backup_brings_back_every_item(kept, tmp_path, settings):
    before = everything()
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / "other"}
    assert everything() == []
    assert restore(tmp_path, gzip.compress(b"".join(kept))) == len(before)
    assert everything() == before


def test_a_table_with_items_is_only_written_over_where_that_is_meant(kept, tmp_path):
    before, data = everything(), gzip.compress(b"".join(kept))
    with pytest.raises(TableNotEmpty, match="--into-existing"):
        restore(tmp_path, data)
    table_connection().put_item("strange", range_key="x")
    assert restore(tmp_path, data, into_existing=True) == len(before)
    assert len(everything()) == len(before) + 1


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda lines: gzip.compress(b"".join(lines))[:-99], id="a file that was cut off"),
        pytest.param(lambda lines: gzip.compress(b"".join(lines[:-1])), id="no last line"),
        pytest.param(lambda lines: gzip.compress(b"".join([lines[0], *lines[2:]])), id="a line missing"),
        pytest.param(lambda lines: gzip.compress(b"".join([*lines[:2], *lines[1:]])), id="a line twice"),
        pytest.param(lambda lines: gzip.compress(b"".join(lines).replace(b"demo", b"dmeo", 1)), id="a line changed"),
        pytest.param(lambda lines: gzip.compress(b"".join(lines).replace(b":1}", b":2}", 1)), id="another version"),
        pytest.param(lambda lines: gzip.compress(b"".join(lines[1:])), id="no first line"),
        pytest.param(lambda _: b"no gzip at all", id="something else"),
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda _: gzip.compress(b"[]\n"), id="JSON of another shape"),
        pytest.param(lambda _: gzip.compress(b"".join(whole(b"7\n"))), id="a number in the place of an item"),
        pytest.param(lambda _: gzip.compress(b"".join(whole(b'{"item":7}\n'))), id="an item that is a number"),
        pytest.param(lambda _: gzip.compress(b"".join(whole(b'{"item":{"pk":"x"}}\n'))), id="a value without a type"),
        pytest.param(lambda _: gzip.compress(b"".join(whole(b'{"item":{"a":{"B":"?"}}}\n'))), id="bytes that are none"),
    ],
)
def test_a_damaged_backup_restores_nothing(kept, tmp_path, settings, damage):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / "other"}
    with pytest.raises(BadBackup, match="backup"):
        restore(tmp_path, damage(kept))
    assert everything() == []


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadBackup, match="no such file"):
        backup.restore(tmp_path / "nothing")


def test_bytes_and_nested_values_come_back_as_they_were():
    item = {"a": {"B": b"\x00\xff"}, "b": {"M": {"c": {"L": [{"N": "1"}, {"BS": [b"x", b""]}]}}}, "d": {"NULL": True}}
    assert backup.from_json(json.loads(backup.line(backup.in_json(item)))) == item


@pytest.mark.parametrize(
    ("item", "expired"),
    [
        pytest.param({"expires": {"N": "999990"}}, True, id="expired"),
        pytest.param({"expires": {"N": "1001000"}}, False, id="not yet"),
        pytest.param({}, False, id="never"),
    ],
)
def test_what_has_expired_since_is_left_out(item, expired, monkeypatch):
    monkeypatch.setattr(backup.time, "time", lambda: 1_000_000.0)
    assert backup.has_expired(item) is expired
