"""What the audit trail keeps of a user, and that a user is read back as it was written."""

from dataclasses import fields, replace
from datetime import UTC, datetime

from packages_app.accounts import read
from packages_app.accounts.entries import User
from packages_app.accounts.rows import standing_row, told, user_row

AT = datetime(2030, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
FULL = User(
    name="ben",
    display_name="Ben",
    email="ben@mail.example",
    password="scrypt$secret",
    nonce="n",
    disabled=True,
    administrator=True,
    groups=("devs", "ops"),
    created=AT,
    updated=AT,
    version=3,
)


def test_the_full_user_has_something_in_every_field_that_is_kept():
    assert all(getattr(FULL, field.name) for field in fields(User) if field.name != "configured")


def test_the_trail_keeps_nothing_of_the_password():
    kept = told(FULL)
    assert kept == {
        "display_name": "Ben",
        "email": "ben@mail.example",
        "disabled": "yes",
        "administrator": "yes",
        "groups": "devs ops",
    }
    assert told(User(name="ben")) == {}


def test_a_user_is_read_back_as_it_was_written():
    user_row(replace(FULL, groups=("ops", "devs", "ops"))).save()
    assert read.user("ben") == FULL
    empty = User(name="eve", created=AT, updated=AT, version=1)
    user_row(empty).save()
    assert read.user("eve") == empty


def test_rules_know_of_a_user_what_they_need_and_no_more():
    row = standing_row(FULL).serialize()
    assert {name for name in row if name not in {"pk", "sk"}} == {"disabled", "administrator", "groups"}
    assert set(standing_row(User(name="ben")).serialize()) == {"pk", "sk"}
