from dataclasses import replace

import pytest

from packages_app.accounts import administer, read
from packages_app.accounts.entries import Grant, Group, Limits, Principal, Subject, SubjectKind, User
from packages_app.accounts.errors import AccountChanged, BadAccount, Forbidden, NoSuchAccount
from packages_app.accounts.roles import Action, Role
from packages_app.catalogue.errors import NoSuchProject

ANA, BEN = Principal(name="ana"), Principal(name="ben")
CEM = Subject(SubjectKind.USER, "cem")


@pytest.fixture(autouse=True)
def _people(make_user):
    make_user("ben")
    make_user("cem")


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda: administer.create_user(User(name="dan"), None, BEN, source="api"), id="make a user"),
        pytest.param(
            lambda: administer.change_user(read.user("ben"), User(name="ben", administrator=True), BEN, source="api"),
            id="make themselves an administrator",
        ),
        pytest.param(lambda: administer.create_group(Group(name="core"), BEN, source="api"), id="make a group"),
        pytest.param(lambda: administer.delete_group("core", BEN, source="api"), id="delete a group"),
        pytest.param(lambda: administer.user("cem", BEN), id="look at somebody else"),
        pytest.param(
            lambda: administer.grant(Grant(subject=CEM, pattern="acme-*", role=Role.READER), BEN, source="api"),
            id="grant on a pattern",
        ),
    ],
)
def test_only_administrators(deed):
    with pytest.raises(Forbidden):
        deed()


def test_whoever_manages_a_project_shares_it_and_makes_no_administrator(give):
    wanted = Grant(subject=CEM, pattern="demo", role=Role.UPLOADER)
    with pytest.raises(NoSuchProject):
        administer.grant(wanted, BEN, source="api")
    give("uploader", "demo", "ben")
    with pytest.raises(Forbidden):
        administer.grant(wanted, BEN, source="api")
    give("maintainer", "demo", "ben")
    assert administer.grant(wanted, BEN, source="api") == wanted
    with pytest.raises(Forbidden):
        administer.grant(replace(wanted, role=Role.ADMINISTRATOR), BEN, source="api")
    administer.ungrant(CEM, "demo", BEN, source="api")
    with pytest.raises(NoSuchAccount):
        administer.ungrant(CEM, "demo", BEN, source="api")


def test_two_who_change_one_user_do_not_undo_each_other():
    seen = read.user("cem")
    administer.change_user(seen, replace(seen, email="cem@mail.example"), ANA, source="api")
    with pytest.raises(AccountChanged):
        administer.change_user(seen, replace(seen, disabled=True), ANA, source="api")
    assert not read.user("cem").disabled


def test_everybody_may_look_at_themselves_but_not_with_a_token_and_nobody_at_who_is_not():
    assert administer.user("ben", BEN).name == "ben"
    with pytest.raises(NoSuchAccount):
        administer.user("nobody", ANA)


def test_an_administrator_stays_one_as_far_as_they_can_help_it(make_user):
    dan = make_user("dan", administrator=True)
    with pytest.raises(BadAccount, match="yourself"):
        administer.change_user(dan, replace(dan, disabled=True), Principal(name="dan"), source="api")


def test_whoever_runs_a_command_is_not_the_user_of_the_same_name(make_user):
    make_user("zoe", administrator=True)
    operator = Principal(name="zoe", trusted=True)
    seen = read.user("zoe")
    assert administer.change_user(seen, replace(seen, disabled=True), operator, source="command").disabled


def test_passwords_are_set_by_the_user_and_by_administrators():
    seen = read.user("ben")
    with pytest.raises(Forbidden):
        administer.set_password(seen, "a long password", Principal(name="cem"), source="browser")
    by_token = Principal(name="ben", token="0" * 16, limits=Limits(actions=frozenset(Action), patterns=("acme-*",)))
    with pytest.raises(Forbidden):
        administer.set_password(seen, "a long password", by_token, source="api")
    mine = administer.set_password(seen, "a long password", BEN, source="browser")
    assert administer.set_password(mine, None, ANA, source="admin").password == ""
