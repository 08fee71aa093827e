import io
import json
import zipfile

import pytest

from packages_app.upstream import osv


def record(**affected) -> dict:
    return {"id": "GHSA-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "De_mo"}, **affected}]}


def read(*records: object) -> list[osv.Advisory]:
    return list(osv.advisories(osv.records(json.dumps(list(records)).encode())))


def events(*pairs: tuple[str, str]) -> list[dict]:
    return [{"type": "ECOSYSTEM", "events": [{kind: at} for kind, at in pairs]}]


@pytest.mark.parametrize(
    ("affected", "version", "expected"),
    [
        pytest.param({"versions": ["1.0"]}, "1.0", True, id="a listed version"),
        pytest.param({"versions": ["1.0.0"]}, "1.0", True, id="the same version, written otherwise"),
        pytest.param({"versions": ["1.0"]}, "1.1", False, id="a version that is not listed"),
        pytest.param({"ranges": events(("introduced", "0"))}, "9", True, id="every version"),
        pytest.param({"ranges": events(("introduced", "0"), ("fixed", "2"))}, "2", False, id="the fixed version"),
        pytest.param({"ranges": events(("introduced", "0"), ("fixed", "2"))}, "2.dev1", True, id="before that"),
        pytest.param({"ranges": events(("fixed", "2"), ("introduced", "1"))}, "1.5", True, id="events in any order"),
        pytest.param({"ranges": events(("introduced", "1"), ("last_affected", "2"))}, "2", True, id="the last one"),
        pytest.param({"ranges": events(("introduced", "1"), ("last_affected", "2"))}, "2.1", False, id="after that"),
        pytest.param(
            {"ranges": events(("introduced", "1"), ("fixed", "2"), ("introduced", "3"))}, "3.1", True, id="again"
        ),
        pytest.param(
            {"ranges": [{"type": "GIT", "events": [{"introduced": "abc"}]}], "versions": ["1"]}, "2", False, id="git"
        ),
        pytest.param({"versions": ["1.0"]}, "", True, id="a version that is not known"),
        pytest.param({}, "1.0", True, id="an advisory without versions"),
    ],
)
def test_which_versions_are_affected(affected, version, expected):
    (advisory,) = read(record(**affected))
    assert advisory.project == "de-mo"
    assert advisory.affects(version) is expected


def test_withdrawn_records_and_other_ecosystems_are_left_out():
    assert read({**record(), "withdrawn": "2026-01-01T00:00:00Z"}) == []
    assert read({"id": "X", "affected": [{"package": {"ecosystem": "npm", "name": "demo"}}, {}]}) == []


def test_malware_is_known_by_its_id_or_an_alias():
    assert read({**record(), "id": "MAL-1"})[0].malware
    assert read({**record(), "aliases": ["MAL-1"]})[0].malware
    assert not read(record())[0].malware


def test_feeds_come_in_several_forms():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("PyPI/a.json", json.dumps(record()))
        archive.writestr("readme.txt", "no record")
    lines = json.dumps(record()) + "\n\n" + json.dumps(record())
    for data, count in (
        (json.dumps(record()).encode(), 1),
        (json.dumps([record(), record()]).encode(), 2),
        (lines.encode(), 2),
        (packed.getvalue(), 1),
    ):
        assert len(list(osv.advisories(osv.records(data)))) == count


def test_what_holds_nothing_is_no_feed_that_says_all_is_well():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "no record")
    for data in (b"", b" \n", packed.getvalue()):
        with pytest.raises(osv.NotAdvisories, match="empty"):
            list(osv.records(data))
    assert list(osv.records(b"[]")) == []  # that says so


@pytest.mark.parametrize("data", [b"<html>", b"PK\x03\x04nonsense", b"[7]", b'[{"no": "id"}]', b'{"id": 7}'])
def test_what_is_no_feed_is_refused(data):
    with pytest.raises(osv.NotAdvisories):
        list(osv.advisories(osv.records(data)))
