from collections import Counter

import pytest

from packages_app.accounts import read
from packages_app.accounts.entries import Subject, SubjectKind
from packages_app.tables.base import table_connection


@pytest.fixture
def asked(monkeypatch) -> Counter:
    """What is asked of the catalogue, by partition."""
    found: Counter = Counter()
    connection = type(table_connection().connection)
    call = connection._make_api_call

    def noted(self, operation, request, *given):
        values = request.get("ExpressionAttributeValues", {}).values()
        found[next((value["S"] for value in values), operation)] += 1
        return call(self, operation, request, *given)

    monkeypatch.setattr(connection, "_make_api_call", noted)
    return found


def test_what_counts_for_a_user_is_read_with_one_look_at_the_rules(make_user, make_group, give, asked):
    for name in ("devs", "ops"):
        make_group(name)
        give("reader", f"{name}-*", name, group=True)
    make_user("ben", groups=("devs", "ops"))
    for pattern in ("demo", "b-*", "a-*"):
        give("uploader", pattern, "ben")
    give("reader", "open-*", "everyone", group=True)
    asked.clear()
    found = read.grants_for("ben", ("devs", "ops"))
    assert [(str(grant.subject), grant.pattern) for grant in found] == [
        ("user:ben", "a-*"),
        ("user:ben", "b-*"),
        ("user:ben", "demo"),
        ("group:devs", "devs-*"),
        ("group:ops", "ops-*"),
        ("group:everyone", "open-*"),
    ]
    assert asked["R#rules"] == 1
    assert read.grants_for("ben", ("devs", "ops"), most=2) == found[:2]


def test_roles_of_another_index_are_not_among_them(make_user, give, settings):
    make_user("ben")
    give("uploader", "acme-*", "ben")
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "index": "other"}
    assert list(read.grants_of(Subject(SubjectKind.USER, "ben"))) == []
    assert list(read.grants()) == []


@pytest.mark.parametrize("after", ["", "a", "b", "bb", "z"])
def test_users_and_groups_go_on_behind_a_name(make_user, make_group, after):
    for name in ("a", "b", "c"):
        make_user(name)
        make_group(name)
    everybody = ["a", "ana", "b", "c"]
    assert [user.name for user in read.users(after)] == [name for name in everybody if name > after]
    assert [group.name for group in read.groups(after)] == [name for name in "abc" if name > after]


def test_members_are_told_of_all_groups_at_once(make_user, make_group, asked):
    for name in ("devs", "ops", "empty"):
        make_group(name)
    make_user("zoe", groups=("devs",))
    make_user("ben", groups=("devs", "ops"))
    asked.clear()
    assert read.members() == {"devs": ["ben", "zoe"], "ops": ["ben"]}
    assert asked.total() == 1
