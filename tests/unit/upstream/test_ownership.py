import pytest

from packages_app.catalogue.entries import Change
from packages_app.upstream import ownership, pages, rules
from packages_app.upstream.entries import Owner, Rule, UpstreamPage
from packages_app.upstream.errors import UpstreamName
from tests.fakes.sources import FakeSource

ADMIN = Change(actor="root", source="command")


def rule(pattern: str, owner: Owner | None) -> Rule:
    return Rule(pattern=pattern, owner=owner, reason="", actor="root", at=None)


@pytest.mark.parametrize(
    ("published", "known", "expected"),
    [
        pytest.param(False, [], Owner.UPSTREAM, id="an unknown name comes from the upstream"),
        pytest.param(True, [], Owner.LOCAL, id="a published name never does"),
        pytest.param(False, [rule("acme-*", None)], Owner.LOCAL, id="a reserved name never does"),
        pytest.param(True, [rule("acme-*", None)], Owner.LOCAL, id="a reserved and published name never does"),
        pytest.param(False, [rule("acme-x", Owner.LOCAL)], Owner.LOCAL, id="a claimed name never does"),
        pytest.param(True, [rule("acme-x", Owner.UPSTREAM)], Owner.UPSTREAM, id="a published name may be given away"),
        pytest.param(True, [rule("acme-*", Owner.MERGE)], Owner.MERGE, id="a pattern may merge"),
        pytest.param(
            False,
            [rule("acme-x", Owner.UPSTREAM), rule("acme-*", None)],
            Owner.LOCAL,
            id="a reservation goes before an exact name",
        ),
        pytest.param(
            False,
            [rule("acme-*", Owner.LOCAL), rule("acme-x", Owner.MERGE)],
            Owner.MERGE,
            id="an exact name goes before a pattern",
        ),
        pytest.param(
            False,
            [rule("acme-*", Owner.MERGE), rule("*", Owner.LOCAL)],
            Owner.MERGE,
            id="a longer pattern goes before a shorter one",
        ),
        pytest.param(False, [rule("other", Owner.LOCAL)], Owner.UPSTREAM, id="other names' rules do not count"),
    ],
)
def test_who_owns_a_name(published, known, expected):
    assert ownership.decide("acme-x", published=published, known=known) is expected


def test_without_an_upstream_every_name_is_local(configure):
    configure(urls=())
    assert ownership.owner("demo", published=False) is Owner.LOCAL


def test_a_reservation_of_the_configuration_holds_from_the_start(configure):
    configure(urls=("https://upstream.example/simple/",), reserved=("Acme_*",))
    assert ownership.owner("acme-x", published=False) is Owner.LOCAL
    assert ownership.owner("demo", published=False) is Owner.UPSTREAM


def test_a_name_first_seen_upstream_is_published_only_when_it_was_claimed(sourced):
    sourced(FakeSource(UpstreamPage(name="demo")))
    ownership.check_publish("demo", published=False)  # nobody has asked for it yet
    assert pages.page("demo") is not None
    with pytest.raises(UpstreamName, match="upstream claim demo"):
        ownership.check_publish("demo", published=False)
    rules.claim("demo", "ours", ADMIN)
    ownership.check_publish("demo", published=False)


def test_a_name_that_the_upstream_does_not_have_can_be_published(sourced):
    sourced(FakeSource())
    assert pages.page("demo") is None
    ownership.check_publish("demo", published=False)


def test_a_published_name_stays_publishable_though_the_upstream_has_it_by_now(sourced):
    source = FakeSource(UpstreamPage(name="demo"))
    sourced(source)
    pages.page("demo")
    ownership.check_publish("demo", published=True)


def test_checking_a_name_asks_nobody(sourced):
    source = FakeSource(UpstreamPage(name="demo"))
    sourced(source)
    ownership.check_publish("demo", published=False)
    assert source.asked == []


@pytest.mark.parametrize("owner", [Owner.LOCAL, Owner.MERGE])
def test_an_override_lets_publish(sourced, owner):
    sourced(FakeSource(UpstreamPage(name="demo")))
    pages.page("demo")
    rules.override("demo", owner, "we maintain it", ADMIN)
    ownership.check_publish("demo", published=False)


def test_a_name_given_to_the_upstream_cannot_be_published(sourced):
    sourced(FakeSource())
    rules.override("demo", Owner.UPSTREAM, "moved", ADMIN)
    with pytest.raises(UpstreamName, match="set to come from the upstream"):
        ownership.check_publish("demo", published=True)


def test_a_rule_of_another_process_holds_for_the_next_question(sourced, monkeypatch):
    source = FakeSource(UpstreamPage(name="acme-x"))
    sourced(source)
    stale = rules.known()
    rules.reserve("acme-*", "", ADMIN)
    monkeypatch.setattr(rules, "known", lambda original=rules.known, now=False: original(now=True) if now else stale)
    assert ownership.owner("acme-x", published=False) is Owner.UPSTREAM
    assert pages.page("acme-x") is None
    assert source.asked == []
