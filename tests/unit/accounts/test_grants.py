import pytest
from pynamodb.transactions import TransactWrite

from packages_app.accounts import grants, read, rules
from packages_app.accounts.entries import Grant, Subject, SubjectKind
from packages_app.accounts.errors import NoSuchAccount
from packages_app.accounts.grants import all_but_few_taken, grant, take_in, ungrant
from packages_app.accounts.roles import Role
from packages_app.audit.read import events
from packages_app.catalogue.entries import Change
from packages_app.tables.base import connection
from tests.unit.audit.test_write import MONTH

CHANGE = Change(actor="ana", source="admin")
BEN = Subject(SubjectKind.USER, "ben")


@pytest.fixture(autouse=True)
def _ben(make_user):
    make_user("ben")


def given(pattern: str, role: Role = Role.READER, subject: Subject = BEN) -> Grant:
    return grant(Grant(subject=subject, pattern=pattern, role=role), change=CHANGE)


@pytest.mark.parametrize("pattern", ["Demo_X", "acme-*", "*"])
def test_a_grant_is_kept_listed_replaced_and_taken_away(pattern):
    kept = given(pattern)
    assert list(read.grants_of(BEN)) == [kept]
    higher = given(pattern, Role.MAINTAINER)
    assert list(read.grants_of(BEN)) == [higher]
    ungrant(BEN, pattern, change=CHANGE)
    assert list(read.grants_of(BEN)) == []
    with pytest.raises(NoSuchAccount):
        ungrant(BEN, pattern, change=CHANGE)
    assert [event.action for event in events(MONTH)][:3] == ["grant.remove", "grant.add", "grant.add"]


@pytest.mark.parametrize(
    "subject",
    [Subject(SubjectKind.USER, "nobody"), Subject(SubjectKind.GROUP, "devs"), Subject(SubjectKind.GROUP, "ben")],
)
def test_nothing_is_granted_to_who_is_not_there(subject):
    with pytest.raises(NoSuchAccount):
        given("demo", subject=subject)


def test_the_roles_on_a_project_are_found_by_it_and_go_with_it(monkeypatch):
    given("demo", Role.MAINTAINER)
    given("demo", Role.READER, Subject(SubjectKind.USER, "ana"))
    given("other")
    assert {str(each.subject): each.role for each in read.grants_on("demo")} == {
        "user:ana": Role.READER,
        "user:ben": Role.MAINTAINER,
    }
    monkeypatch.setattr(grants, "MOST_TAKEN", 1)
    (left,) = all_but_few_taken("demo", change=CHANGE)
    assert list(read.grants_on("demo")) == [left]
    with TransactWrite(connection=connection()) as transaction:
        take_in(transaction, [left])
    assert list(read.grants_on("demo")) == []
    assert [each.pattern for each in read.grants_of(BEN)] == ["other"]


def test_rules_of_another_process_are_seen_within_the_stated_seconds(monkeypatch):
    given("acme-*")
    assert rules.rules().grants == {"user:ben": {"acme-*": Role.READER}}
    monkeypatch.setattr(rules, "forget", lambda: None)  # as if another process changed it
    given("zeta-*")
    assert "zeta-*" not in rules.rules().grants["user:ben"]
    later = rules.time.monotonic() + rules.SECONDS
    monkeypatch.setattr(rules.time, "monotonic", lambda: later)
    assert "zeta-*" in rules.rules().grants["user:ben"]


def test_what_was_read_before_a_change_here_is_not_kept_after_it():
    kept: rules.Kept[int] = rules.Kept()

    def read_while_it_changes() -> int:
        kept.forget()
        return 1

    assert kept.get("key", read_while_it_changes) == 1
    assert kept.get("key", lambda: 2) == 2
