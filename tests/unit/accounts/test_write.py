from dataclasses import replace

import pytest

from packages_app.accounts import read
from packages_app.accounts.entries import Group, User
from packages_app.accounts.errors import AccountChanged, AccountExists, BadAccount, NoSuchAccount
from packages_app.accounts.passwords import right
from packages_app.accounts.rules import standing_of
from packages_app.accounts.write import (
    change_user,
    create_group,
    create_user,
    delete_group,
    end_sessions,
    set_password,
)
from packages_app.audit.read import events
from packages_app.catalogue.entries import Change
from tests.unit.audit.test_write import MONTH

CHANGE = Change(actor="ana", address="192.0.2.9", source="admin", token="0123")
PASSWORD = "correct horse battery"


def test_a_user_is_read_back_as_it_was_made_and_the_trail_has_no_password(make_user):
    made = create_user(User(name="ben", email="ben@mail.example"), password=PASSWORD, change=CHANGE)
    assert read.user("ben") == made
    assert right(PASSWORD, made.password)
    assert PASSWORD not in made.password
    event = next(iter(events(MONTH)))
    assert (event.action, event.actor, event.address, event.token, event.target) == (
        "user.create", "ana", "192.0.2.9", "0123", "ben",
    )  # fmt: skip
    assert made.password not in repr(event) + repr(made)


@pytest.mark.parametrize(
    ("user", "password"),
    [
        pytest.param(User(name="Ben"), PASSWORD, id="upper case, which another user could differ by"),
        pytest.param(User(name="a:b"), PASSWORD, id="a colon, which Basic splits at"),
        pytest.param(User(name="a#b"), PASSWORD, id="what keys are split at"),
        pytest.param(User(name="__token__"), PASSWORD, id="the name that tokens come with"),
        pytest.param(User(name=""), PASSWORD, id="no name"),
        pytest.param(User(name="b" * 65), PASSWORD, id="a long name"),
        pytest.param(User(name="ben\n"), PASSWORD, id="a line end"),
        pytest.param(User(name="ben"), "short", id="a short password"),
        pytest.param(User(name="ben"), "", id="an empty password"),
        pytest.param(User(name="ben"), "x" * 2000, id="an endless password"),
        pytest.param(User(name="ben", display_name="a\u202eb"), PASSWORD, id="a text that turns its direction"),
        pytest.param(User(name="ben", email="x" * 300), PASSWORD, id="a long address"),
        pytest.param(User(name="ben", groups=("devs",)), PASSWORD, id="a group that is not there"),
        pytest.param(User(name="ben", groups=("everyone",)), PASSWORD, id="the group that all are in"),
    ],
)
def test_a_user_that_cannot_be_is_refused(user, password):
    with pytest.raises(BadAccount):
        create_user(user, password=password, change=CHANGE)
    assert [each.name for each in read.users()] == ["ana"]


@pytest.mark.parametrize("name", ["ben", "ana"], ids=["an account", "a configured user"])
def test_a_name_is_taken_once(make_user, name):
    make_user("ben")
    with pytest.raises(AccountExists):
        create_user(User(name=name), password=PASSWORD, change=CHANGE)


def test_of_two_who_change_a_user_at_once_the_second_looks_again(make_user):
    before = make_user("ben")
    change_user(before, replace(before, email="first@mail.example"), change=CHANGE)
    with pytest.raises(AccountChanged):
        change_user(before, replace(before, email="second@mail.example"), change=CHANGE)
    with pytest.raises(AccountChanged):
        set_password(before, PASSWORD, change=CHANGE)
    assert read.user("ben").email == "first@mail.example"


def test_a_disabled_user_has_no_standing_at_once_and_the_trail_says_so(make_user):
    before = make_user("ben")
    assert not standing_of("ben").disabled
    after = change_user(before, replace(before, disabled=True), change=CHANGE)
    assert standing_of("ben").disabled
    change_user(after, replace(after, disabled=False), change=CHANGE)
    assert not standing_of("ben").disabled
    assert [event.action for event in events(MONTH)][:2] == ["user.enable", "user.disable"]


def test_another_password_and_a_sign_out_end_sessions(make_user):
    first = make_user("ben", password=PASSWORD)
    second = set_password(first, f"{PASSWORD} 2", change=CHANGE)
    assert not right(PASSWORD, second.password)
    assert first.nonce != second.nonce
    end_sessions("ben", change=CHANGE)
    assert read.user("ben").nonce not in {first.nonce, second.nonce}
    assert read.user("ben").version == second.version  # it is no change that another would have to look at


def test_a_sign_out_is_not_undone_by_a_change_that_began_before_it(make_user):
    before = make_user("ben", password=PASSWORD)
    end_sessions("ben", change=CHANGE)
    with pytest.raises(AccountChanged):
        change_user(before, replace(before, email="ben@mail.example"), change=CHANGE)
    now = read.user("ben")
    assert now.nonce != before.nonce
    assert change_user(now, replace(now, email="ben@mail.example"), change=CHANGE).nonce == now.nonce
    end_sessions("ben", change=CHANGE)
    ended = read.user("ben")
    changed = set_password(replace(ended, nonce=before.nonce), PASSWORD, change=CHANGE)
    assert changed.nonce not in {before.nonce, ended.nonce}  # another password ends sessions anyway


def test_a_configured_user_has_a_nonce_and_is_changed_in_the_settings_only():
    before = read.user("ana")
    assert (before.administrator, before.configured, before.password) == (True, True, "")
    end_sessions("ana", change=CHANGE)
    assert read.user("ana").nonce
    with pytest.raises(BadAccount, match="PYPI_USERNAME"):
        set_password(before, PASSWORD, change=CHANGE)
    with pytest.raises(BadAccount, match="PYPI_USERNAME"):
        change_user(before, replace(before, disabled=True), change=CHANGE)


def test_who_was_configured_once_is_no_user(settings):
    end_sessions("ana", change=CHANGE)
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {"zoe": "x"}}
    assert read.user("ana") is None
    assert [user.name for user in read.users()] == ["zoe"]


def test_users_are_listed_in_order_with_the_configured_ones_among_them(make_user):
    for name in ("zoe", "abe", "cem"):
        make_user(name)
    end_sessions("ana", change=CHANGE)
    assert [user.name for user in read.users()] == ["abe", "ana", "cem", "zoe"]


def test_a_group_with_members_or_grants_stays(make_user, make_group, give):
    make_group("devs")
    ben = make_user("ben", groups=("devs",))
    assert read.members() == {"devs": ["ben"]}
    with pytest.raises(BadAccount, match="ben"):
        delete_group("devs", change=CHANGE)
    change_user(ben, replace(ben, groups=()), change=CHANGE)
    give("reader", "acme-*", "devs", group=True)
    with pytest.raises(BadAccount, match=r"acme-\*"):
        delete_group("devs", change=CHANGE)
    make_group("empty")
    delete_group("empty", change=CHANGE)
    assert [group.name for group in read.groups()] == ["devs"]
    with pytest.raises(NoSuchAccount):
        delete_group("empty", change=CHANGE)


@pytest.mark.parametrize("name", ["devs", "everyone"])
def test_a_group_is_made_once(make_group, name):
    make_group("devs")
    with pytest.raises(AccountExists):
        create_group(Group(name=name), change=CHANGE)
