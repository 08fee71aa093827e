"""``manage.py upstream``, as an operator uses it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from packages_app.management import operator
from packages_app.upstream import keeping, kept, pages, rules, sources
from packages_app.upstream.entries import UpstreamPage
from tests.fakes.sources import FakeSource
from tests.homes import in_folder


@pytest.fixture
def source(settings, tmp_path, monkeypatch):
    """An upstream in memory, behind an index in one folder."""
    made = FakeSource(UpstreamPage(name="demo", status="quarantined"))
    in_folder(settings, tmp_path, upstream={"urls": (made.name,), "reserved": ("secret",)})
    monkeypatch.setattr(sources, "configured", lambda: (made,))
    rules.last.clear()
    return made


def upstream(*words: str) -> str:
    """Return what the command says."""
    out = io.StringIO()
    call_command("upstream", *words, stdout=out)
    return out.getvalue()


def test_an_account_without_a_name_decides_about_names_too(source, monkeypatch):
    monkeypatch.setattr(operator, "account", lambda: "uid-1234")
    upstream("reserve", "acme-*")
    assert "by uid-1234" in upstream("rules")


def test_rules_are_made_listed_and_taken_back(source):
    assert "acme-* is reserved" in upstream("reserve", "Acme_*", "--reason", "our prefix")
    claimed = upstream("claim", "tools")
    assert "tools is this index's own" in claimed
    assert "Other processes follow within seconds." in claimed, "an upload right after it may still be refused"
    assert upstream("override", "lib", "merge", "--reason", "patched").startswith("lib: merge. ")
    lines = upstream("rules").splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["acme-*", "reserved"],
        ["lib", "merge"],
        ["secret", "reserved"],
        ["tools", "local"],
    ]
    assert "patched" in lines[1]
    assert "taken back" in upstream("release", "lib")
    assert "lib" not in upstream("rules")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reserve", "*"), "no pattern"),
        (("override", "secret", "merge", "--reason", "x"), "reserved by secret"),
        (("release", "nothing"), "No rule was written"),
        (("explain", "../x"), "not a project name"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(source, words, said):
    with pytest.raises(CommandError, match=said):
        upstream(*words)


def test_status_tells_what_is_configured_and_kept(source):
    pages.page("demo")
    told = upstream("status")
    assert "https://upstream.example/simple/" in told
    assert "1 pages" in told
    assert "0 files" in told
    assert source.asked == ["demo"]


def test_status_tells_what_fails(source):
    pages.page("demo")
    source.down = True
    token = kept.lease("demo", 5)
    keeping.refreshed(pages.ProjectPage("demo"), kept.read("demo"), token)
    assert "failing     demo: The upstream cannot be reached." in upstream("status")


def test_status_tells_what_feeds_say_and_which_cannot_be_read(source, settings, tmp_path):
    bad = {"id": "MAL-2026-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "demo"}, "versions": ["1.0"]}]}
    (tmp_path / "feed.json").write_text(json.dumps(bad))
    feeds = (str(tmp_path / "feed.json"), str(tmp_path / "nothing"))
    given = {**settings.PACKAGES_APP["upstream"], "advisories": feeds}
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": given}
    told = upstream("status")
    assert "1 advisories about 1 projects count here" in told
    assert "cannot be read, so no upstream file is shown." in told


def test_explain_tells_whose_a_name_is(source):
    assert "no answer of the upstream is kept" in upstream("explain", "Demo")
    pages.page("demo")
    told = upstream("explain", "Demo")
    assert "no answer" not in told
    assert "demo comes from: upstream" in told
    assert "the upstream has it; 0 files are shown" in told
    secret = upstream("explain", "secret")
    assert "secret comes from: local by the rule for secret" in secret
    assert "no answer" not in secret
    assert source.asked == ["demo"]
