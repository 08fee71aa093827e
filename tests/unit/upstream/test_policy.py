import json
import threading
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.upstream import advisories, explain, feeds, pages, policy
from packages_app.upstream.entries import UpstreamFile, UpstreamPage, Why
from packages_app.upstream.errors import SourceFailed
from tests.fakes import upstream as fakes
from tests.fakes.sources import FakeSource

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


def file(filename: str, *, days: float | None = 100, **fields) -> UpstreamFile:
    version = filename.removesuffix(".tar.gz").split("-")[1]
    at = "" if days is None else (NOW - timedelta(days=days)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return UpstreamFile(
        filename=filename,
        url="https://files.example/f",
        hashes=(("sha256", "a" * 64),),
        version=version,
        filetype="sdist" if filename.endswith(".tar.gz") else "bdist_wheel",
        upload_time=at,
        **fields,
    )


OLD, NEW = file("demo-1.0.tar.gz"), file("demo-2.0.tar.gz", days=2)
WHEEL = file("demo-1.0-py3-none-any.whl")
UNDATED, YANKED = file("demo-3.0.tar.gz", days=None), file("demo-4.0.tar.gz", yanked=True, yanked_reason="broken")
PAGE = UpstreamPage(name="demo", files=(OLD, NEW, WHEEL, UNDATED, YANKED))


def hidden(page: UpstreamPage = PAGE) -> dict[str, str]:
    return {each.filename.removeprefix("demo-"): each.why.value for each in policy.judged(page, NOW).hidden}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param([], {}, id="nothing is hidden by default"),
        pytest.param([{"projects": ["other"], "wheels_only": True}], {}, id="another project's rule"),
        pytest.param(
            [{"cooldown_days": 7}], {"2.0.tar.gz": "cooldown", "3.0.tar.gz": "no-upload-time"}, id="a cooldown"
        ),
        pytest.param([{"cooldown_days": 7, "exempt": ["demo"]}], {}, id="a cooldown with the project exempt"),
        pytest.param(
            [{"cooldown_days": 7, "exempt": ["demo==2.0"]}],
            {"3.0.tar.gz": "no-upload-time"},
            id="a cooldown with a version exempt",
        ),
        pytest.param([{"cooldown_days": 1}], {"3.0.tar.gz": "no-upload-time"}, id="a shorter cooldown"),
        pytest.param(
            [{"deny": ["demo<2"]}], {"1.0.tar.gz": "denied", "1.0-py3-none-any.whl": "denied"}, id="a denied range"
        ),
        pytest.param(
            [{"allow": ["demo==1.0"]}],
            {"2.0.tar.gz": "not-allowed", "3.0.tar.gz": "not-allowed", "4.0.tar.gz": "not-allowed"},
            id="an allowed version",
        ),
        pytest.param([{"allow": ["de*"]}], {}, id="an allowed pattern"),
        pytest.param(
            [{"wheels_only": True}],
            dict.fromkeys(["1.0.tar.gz", "2.0.tar.gz", "3.0.tar.gz", "4.0.tar.gz"], "not-a-wheel"),
            id="wheels only",
        ),
        pytest.param([{"hide_yanked": True}], {"4.0.tar.gz": "yanked"}, id="no yanked files"),
        pytest.param(
            [{"projects": ["d*"], "hide_yanked": True}, {"deny": ["demo==1.0"]}],
            {"4.0.tar.gz": "yanked", "1.0.tar.gz": "denied", "1.0-py3-none-any.whl": "denied"},
            id="every rule counts",
        ),
    ],
)
def test_what_rules_hide(configure, rules, expected):
    configure(policy=json.dumps(rules))
    assert hidden() == expected


def test_a_project_in_quarantine_shows_nothing():
    assert set(hidden(UpstreamPage(name="demo", status="quarantined", files=(OLD,))).values()) == {"quarantined"}


def test_the_reason_is_a_sentence_and_counted(configure):
    configure(policy='[{"cooldown_days": 7, "hide_yanked": true}]')
    judged = policy.judged(PAGE, NOW)
    assert judged.counts == {"cooldown": 1, "no-upload-time": 1, "yanked": 1}
    assert sorted(map(policy.sentence, judged.hidden)) == [
        "demo-2.0.tar.gz is hidden: it was uploaded less than 7 days ago.",
        f"demo-3.0.tar.gz is hidden: {policy.SENTENCES[Why.NO_UPLOAD_TIME].format(7)}.",
        "demo-4.0.tar.gz is hidden: it is yanked: broken.",
    ]


def test_the_cooldown_moves_by_the_hour_and_the_fingerprint_with_it(configure):
    configure(policy='[{"cooldown_days": 2}]')
    young = UpstreamPage(name="demo", files=(file("demo-2.0.tar.gz", days=2),))
    prints = []
    for minutes in (0, 29, 31, 61):
        at = NOW + timedelta(minutes=minutes)
        prints.append((policy.fingerprint("demo", at), len(policy.judged(young, at).files)))
    assert [shown for _, shown in prints] == [0, 0, 1, 1]
    assert prints[0] == prints[1]
    assert len({each for each, _ in prints}) == 2


def test_the_fingerprint_changes_with_the_rules_about_the_project_only(configure):
    configure(policy="[]")
    before = policy.fingerprint("demo", NOW)
    configure(policy='[{"projects": ["other"], "wheels_only": true}]')
    assert policy.fingerprint("demo", NOW) == before
    configure(policy='[{"wheels_only": true}]')
    assert policy.fingerprint("demo", NOW) != before


# --- Advisories ---


def record(id_: str = "MAL-2026-1", name: str = "Demo", **affected) -> dict:
    return {"id": id_, "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **affected}]}


@pytest.fixture
def feed(configure, tmp_path):
    """A folder of advisories: ``feed(record(...))``."""

    def write(*records: dict, **options) -> None:
        folder = tmp_path / "osv"
        folder.mkdir(exist_ok=True)
        for number, each in enumerate(records):
            (folder / f"{number}.json").write_text(json.dumps(each))
        configure(advisories=(str(folder),), **options)

    return write


def test_malware_is_hidden_with_its_id(feed):
    feed(record(versions=["2.0"]))
    assert hidden() == {"2.0.tar.gz": "malware"}
    (each,) = policy.judged(PAGE, NOW).hidden
    assert policy.sentence(each) == "demo-2.0.tar.gz is hidden: it is known malware: MAL-2026-1."


def test_other_advisories_count_by_their_severity(feed):
    high = {**record("GHSA-1", versions=["1.0"]), "database_specific": {"severity": "HIGH"}}
    low = {**record("GHSA-2", versions=["2.0"]), "database_specific": {"severity": "LOW"}}
    feed(high, low)
    assert hidden() == {}
    feed(high, low, severities=("HIGH", "CRITICAL"))
    assert hidden() == {"1.0.tar.gz": "vulnerable", "1.0-py3-none-any.whl": "vulnerable"}


def test_a_feed_that_was_never_read_shows_nothing_unchecked(configure):
    configure(advisories=("/no/such/file.json",))
    with pytest.raises(SourceFailed, match="never read"):
        policy.judged(PAGE, NOW)


@pytest.mark.parametrize("filename", ["all.zip", "malware.jsonl"])
def test_a_folder_may_hold_every_form_of_a_feed(configure, tmp_path, filename):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("PyPI/MAL-2026-1.json", json.dumps(record(versions=["2.0"])))
    (tmp_path / "malware.jsonl").write_text(json.dumps(record(versions=["2.0"])) + "\n")
    (tmp_path / "osv").mkdir()
    (tmp_path / filename).rename(tmp_path / "osv" / filename)
    (tmp_path / "osv" / "README.md").write_text("# Advisories")
    configure(advisories=(str(tmp_path / "osv"),))
    assert hidden() == {"2.0.tar.gz": "malware"}


def test_a_folder_without_advisories_was_never_read(configure, tmp_path):
    (tmp_path / "README.md").write_text("# Advisories")
    configure(advisories=(str(tmp_path),))
    with pytest.raises(SourceFailed, match="never read"):
        policy.judged(PAGE, NOW)


def test_a_feed_that_cannot_be_read_any_more_counts_as_it_was(feed, tmp_path, monkeypatch):
    feed(record(versions=["2.0"]))
    assert hidden() == {"2.0.tar.gz": "malware"}
    (tmp_path / "osv" / "0.json").write_text("{")
    monkeypatch.setattr(advisories, "LOOK_AGAIN", 0)
    assert hidden() == {"2.0.tar.gz": "malware"}


def test_a_feed_that_changes_is_read_again_and_pages_change_with_it(feed, monkeypatch):
    monkeypatch.setattr(advisories, "LOOK_AGAIN", 0)
    feed(record("MAL-2026-1", name="other"))
    before = policy.fingerprint("demo", NOW)
    feed(record(versions=["1.0"]))
    assert "1.0.tar.gz" in hidden()
    assert policy.fingerprint("demo", NOW) != before


def test_a_feed_is_fetched_once_and_kept(fake, configure, monkeypatch):
    fake.behaviours["/osv/all.json"] = fakes.says(json.dumps([record(versions=["2.0"])]).encode(), "application/json")
    configure(advisories=(fake.url.replace("/simple/", "/osv/all.json"),), timeout=2.0, budget=1.0)
    assert hidden() == {"2.0.tar.gz": "malware"}
    advisories.held.clear()
    fake.behaviours["/osv/all.json"] = fakes.status(500)
    assert hidden() == {"2.0.tar.gz": "malware"}
    assert fake.asked == ["/osv/all.json"]


def test_pages_go_by_the_feed_at_hand_while_somebody_looks_at_it_again(feed, monkeypatch):
    feed(record(versions=["2.0"]))
    assert hidden() == {"2.0.tar.gz": "malware"}
    monkeypatch.setattr(advisories, "LOOK_AGAIN", 0)
    looks, goes_on, original = threading.Event(), threading.Event(), feeds.local

    def slow(place: str):
        looks.set()
        assert goes_on.wait(10)
        return original(place)

    monkeypatch.setattr(feeds, "local", slow)
    looking = threading.Thread(target=hidden)
    looking.start()
    assert looks.wait(10)
    try:
        assert hidden() == {"2.0.tar.gz": "malware"}
        assert looking.is_alive()
    finally:
        goes_on.set()
        looking.join(10)


def test_explaining_asks_nobody(sourced, configure):
    source = FakeSource(PAGE)
    sourced(source)
    configure(policy='[{"hide_yanked": true}]')
    assert explain.explain("demo").shown == 0
    pages.page("demo")
    found = explain.explain("demo")
    assert (found.owner.value, found.published, found.seen, found.shown) == ("upstream", False, True, 4)
    assert found.counts == {"yanked": 1}
    assert found.sentences == ("demo-4.0.tar.gz is hidden: it is yanked: broken.",)
    assert source.asked == ["demo"]
