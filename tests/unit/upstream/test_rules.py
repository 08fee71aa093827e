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
    assert rules.reserve("Acme_*", "our prefix", ADMIN).pattern == "acme-*"
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


def test_the_trail_names_the_token_that_the_administrator_showed():
    rules.reserve("acme-*", "", Change(actor="root", source="api", token="a1"))
    month = time.strftime("%Y-%m", time.gmtime())
    assert [(event.source, event.token) for event in events(month)] == [("api", "a1")]


def once_after(monkeypatch, name: str, act) -> None:
    """Let somebody else act right after the rules' own ``name`` was asked for the first time."""
    original, asked = getattr(rules, name), []

    def asking(*arguments):
        found = original(*arguments)
        found = list(found) if name == "items" else found
        if not asked:
            asked.append(1)
            act()
        return found

    monkeypatch.setattr(rules, name, asking)


@pytest.mark.parametrize("first", [True, False], ids=["that was not there", "that was there"])
def test_what_was_before_is_true_though_somebody_else_changes_the_same_rule(monkeypatch, first):
    if not first:
        rules.override("lib", Owner.MERGE, "old", ADMIN)
    once_after(monkeypatch, "plain_item", lambda: rules.override("lib", Owner.LOCAL, "theirs", ADMIN))
    rules.override("lib", Owner.UPSTREAM, "mine", ADMIN)
    theirs = {"owner": "local", "reason": "theirs"}
    assert trail()[0] == ("upstream.override", "lib", theirs, {"owner": "upstream", "reason": "mine"})
    assert trail()[1][3] == theirs
    assert known() == [("lib", "upstream")]


def test_a_rule_that_changes_while_it_is_taken_back_goes_with_what_it_said_last(monkeypatch):
    rules.override("lib", Owner.MERGE, "old", ADMIN)
    once_after(monkeypatch, "items", lambda: rules.override("lib", Owner.LOCAL, "new", ADMIN))
    rules.release("lib", ADMIN)
    assert known() == []
    assert trail()[0] == ("upstream.release", "lib", {"owner": "local", "reason": "new"}, {})


def test_a_rule_that_somebody_else_takes_back_at_the_same_time_is_gone(monkeypatch):
    rules.override("lib", Owner.MERGE, "old", ADMIN)
    once_after(monkeypatch, "items", lambda: rules.release("lib", ADMIN))
    with pytest.raises(NoSuchRule):
        rules.release("lib", ADMIN)
    assert [each[0] for each in trail()] == ["upstream.release", "upstream.override"]


def test_a_reservation_and_an_override_of_one_pattern_go_together():
    rules.reserve("acme-x", "ours", ADMIN)
    rules.override("acme-x", Owner.LOCAL, "also", ADMIN)
    rules.release("acme-x", ADMIN)
    assert known() == []
    assert sorted(each[2]["owner"] for each in trail()[:2]) == ["local", "reserved"]


def test_a_clock_that_fell_back_does_not_make_two_states_of_a_rule_look_alike(monkeypatch):
    first = rules.override("lib", Owner.MERGE, "one", ADMIN)
    monkeypatch.setattr(time, "time_ns", lambda: int(first.at.timestamp() * 1_000_000_000) - 7200 * 10**9)
    assert rules.override("lib", Owner.LOCAL, "two", ADMIN).at > first.at


def test_a_reservation_of_the_configuration_is_not_taken_back_here(configure):
    configure(reserved=("secret",))
    with pytest.raises(NoSuchRule, match="PYPI_UPSTREAM_RESERVED"):
        rules.release("secret", ADMIN)
