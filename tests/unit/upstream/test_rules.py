import time

import pytest

from packages_app.audit.read import events
from packages_app.catalogue.entries import Change
from packages_app.upstream import rules
from packages_app.upstream.entries import Owner
from packages_app.upstream.errors import BadPattern, NoSuchRule, Reserved

ADMIN = Change(actor="root", address="192.0.2.1", source="command")


def known() -> list[tuple[str, str]]:
    return sorted((rule.pattern, rule.owner.value if rule.owner else "reserved") for rule in rules.known())


def trail() -> list[tuple[str, str, dict, dict]]:
    month = time.strftime("%Y-%m", time.gmtime())
    return [(event.action, event.target, event.before, event.after) for event in events(month)]


def test_rules_are_written_read_and_audited():
    assert rules.reserve("Acme_*", "our prefix", ADMIN) == "acme-*"
    rules.claim("Demo", "ours since 2019", ADMIN)
    rules.override("lib", Owner.MERGE, "we add wheels", ADMIN)
    assert known() == [("acme-*", "reserved"), ("demo", "local"), ("lib", "merge")]
    assert trail() == [
        ("upstream.override", "lib", {}, {"owner": "merge", "reason": "we add wheels"}),
        ("upstream.override", "demo", {}, {"owner": "local", "reason": "ours since 2019"}),
        ("upstream.reserve", "acme-*", {}, {"owner": "reserved", "reason": "our prefix"}),
    ]


def test_a_second_override_replaces_the_first_and_says_what_was():
    rules.override("lib", Owner.MERGE, "one", ADMIN)
    rules.override("lib", Owner.LOCAL, "two", ADMIN)
    assert known() == [("lib", "local")]
    assert trail()[0] == (
        "upstream.override",
        "lib",
        {"owner": "merge", "reason": "one"},
        {"owner": "local", "reason": "two"},
    )


@pytest.mark.parametrize("owner", [Owner.UPSTREAM, Owner.MERGE])
def test_nothing_lets_a_reserved_name_out(owner, configure):
    rules.reserve("acme-*", "", ADMIN)
    configure(reserved=("secret",))
    for name in ("acme-tools", "acme-t*", "secret"):
        with pytest.raises(Reserved, match="never looked up elsewhere"):
            rules.override(name, owner, "", ADMIN)
    rules.override("acme-tools", Owner.LOCAL, "harmless", ADMIN)


def test_a_rule_is_taken_back_with_its_trace():
    rules.reserve("acme-*", "", ADMIN)
    assert rules.release("ACME-*", ADMIN) == "acme-*"
    assert known() == []
    assert trail()[0][:2] == ("upstream.release", "acme-*")
    with pytest.raises(NoSuchRule):
        rules.release("acme-*", ADMIN)


def test_a_rule_about_every_name_is_refused():
    with pytest.raises(BadPattern):
        rules.override("*", Owner.MERGE, "", ADMIN)


def test_rules_are_read_once_in_some_seconds(monkeypatch):
    rules.reserve("acme-*", "", ADMIN)
    assert len(rules.known()) == 1
    read = []
    monkeypatch.setattr(rules, "written", lambda: read.append(1) or iter(()))
    assert len(rules.known()) == 1
    monkeypatch.setattr(rules, "CACHED", 0)
    assert rules.known() == ()
    assert read == [1]
