from itertools import count

import pytest

from packages_app.accounts import rules
from packages_app.accounts.entries import EVERYONE, Subject, SubjectKind
from packages_app.accounts.roles import Role
from packages_app.accounts.rules import Kept, Standing, read_rules, role_on, standing_of, subjects_of
from packages_app.conf import OpenIdConnect

BEN = Subject(SubjectKind.USER, "ben")


@pytest.fixture
def clock(monkeypatch):
    """The monotonic clock, which a test turns: ``clock(9.9)`` sets it."""
    now = [0.0]
    monkeypatch.setattr("packages_app.accounts.rules.time.monotonic", lambda: now[0])

    def set_to(seconds: float) -> None:
        now[0] = seconds

    return set_to


@pytest.fixture
def read():
    """Read something that is another thing every time."""
    return count(1).__next__


@pytest.mark.parametrize(("age", "found"), [(0.0, 1), (rules.SECONDS - 0.1, 1), (rules.SECONDS, 2)])
def test_what_is_kept_is_read_again_when_it_is_old(clock, read, age, found):
    kept: Kept[int] = Kept()
    assert kept.get("a", read) == 1
    clock(age)
    assert kept.get("a", read) == found


def test_an_age_counts_from_before_the_read(clock):
    kept: Kept[str] = Kept()

    def slow() -> str:
        clock(rules.SECONDS)
        return "read slowly"

    kept.get("a", slow)
    assert kept.get("a", lambda: "read again") == "read again"


def test_keys_are_kept_apart_and_a_failure_is_not_kept(clock, read):
    kept: Kept[int] = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert [kept.get(key, read) for key in ("a", "b", "a")] == [1, 2, 1]


def test_what_was_read_before_a_change_here_is_not_kept_after_it(clock, read):
    kept: Kept[int] = Kept()

    def overtaken() -> int:
        kept.forget()  # somebody here changes it while this reads
        return 0

    assert kept.get("a", overtaken) == 0
    assert kept.get("a", read) == 1


def test_only_so_much_is_kept(clock, read, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 2)
    kept: Kept[int] = Kept()
    for key in "abc":
        kept.get(key, read)
    assert kept.get("c", read) == 3
    assert kept.get("a", read) == 4


def test_another_catalogue_is_read_anew(clock, read, settings):
    kept: Kept[int] = Kept()
    kept.get("a", read)
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "public_read": True}
    assert kept.get("a", read) == 2


def test_rules_are_those_of_this_index_and_users_those_of_all(make_user, give, settings):
    make_user("ben", disabled=True)
    give("reader", "acme-*", "ben")
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "index": "other"}
    give("uploader", "*", "ben")
    found = read_rules()
    assert found.grants == {"user:ben": {"*": Role.UPLOADER}}
    assert found.standings == {"ben": Standing(disabled=True)}


def test_roles_of_a_provider_s_groups_come_from_the_settings_and_from_nothing_else(make_user, give, settings):
    roles = {"devs": (("uploader", "acme-*"), ("reader", "*"))}
    settings.PACKAGES_APP = {
        **settings.PACKAGES_APP,
        "oidc": OpenIdConnect(issuer="https://id.example", client_id="epypi", groups=roles),
    }
    make_user("ben")
    give("reader", "b-*", "ben")
    assert read_rules().grants == {
        "user:ben": {"b-*": Role.READER},
        "group:oidc.devs": {"acme-*": Role.UPLOADER, "*": Role.READER},
    }


def test_a_configured_user_is_an_administrator_whatever_is_kept_of_that_name(make_user, settings):
    make_user("ben", disabled=True)
    assert standing_of("ben") == Standing(disabled=True)
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {"ben": "x"}}
    assert standing_of("ben") == Standing(administrator=True)
    assert standing_of("nobody") is None


def test_grants_count_that_are_of_the_user_their_groups_and_everyone():
    devs = Subject(SubjectKind.GROUP, "devs")
    assert subjects_of("ben", Standing(groups=("devs",))) == (BEN, devs, EVERYONE)


def test_what_somebody_is_to_one_project_is_of_that_project_and_this_index(give, make_user, settings):
    make_user("ben")
    give("uploader", "demo", "ben")
    give("reader", "demo", "everyone", group=True)
    assert sorted(role.value for role in role_on((BEN, EVERYONE), "demo")) == ["reader", "uploader"]
    assert role_on((BEN,), "demo-2") == []
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "index": "other"}
    assert role_on((BEN, EVERYONE), "demo") == []
