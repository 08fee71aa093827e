"""What administrators do to users, groups and tokens in Django's admin, and what they are refused there."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Group, User
from packages_app.accounts.tokens import read as tokens
from packages_app.accounts.tokens import write as token_writes
from packages_app.accounts.write import change_user, create_group, create_user
from packages_app.audit.read import trail
from packages_app.catalogue.entries import Change
from tests.functional.administrator import Administrator, hidden, refusal, text

# The journeys have tests of their own in every home; the lists are looked at in every home by test_admin.
pytestmark = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)

BY = Change(actor="ana", source="test")


@pytest.fixture
def admin(home) -> Administrator:
    return Administrator()


@pytest.fixture
def cleo(admin) -> Administrator:
    """An index with a user."""
    create_user(User(name="cleo"), password="a long password", change=BY)
    return admin


def last() -> tuple[str, str, str, str]:
    """Return the newest event: what, to what, by whom, through which door."""
    event = trail(limit=1).events[0]
    return event.action, event.target, event.actor, event.source


def test_users_and_groups_are_granted_roles_on_patterns(cleo):
    create_group(Group(name="developers"), change=BY)
    cleo.do("userface", "grant", "cleo", pattern="Acme_*", role="uploader")
    cleo.do("groupface", "grant", "developers", pattern="*", role="reader")
    assert {(str(given.subject), given.pattern, given.role.value) for given in accounts.grants()} == {
        ("user:cleo", "acme-*", "uploader"),
        ("group:developers", "*", "reader"),
    }
    cleo.do("userface", "ungrant", "cleo", pattern="acme-*")
    assert [str(given.subject) for given in accounts.grants()] == ["group:developers"]


def test_a_user_is_made_changed_disabled_and_enabled(admin):
    form = {"name": "cleo", "password": "a long password", "display_name": "Cleo", "email": "", "groups": ""}
    assert admin.post("userface/add/", form).status_code == 302
    assert accounts.user("cleo").password
    assert last() == ("user.create", "cleo", "ana", "admin")
    page = admin.get("userface/cleo/change/")
    changed = {**form, "display_name": "Cleopatra", "administrator": "on", **hidden(page)}
    assert admin.post("userface/cleo/change/", changed).status_code == 302
    found = accounts.user("cleo")
    assert (found.display_name, found.administrator, found.disabled) == ("Cleopatra", True, False)
    admin.do("userface", "disable", "cleo")
    assert accounts.user("cleo").disabled
    admin.do("userface", "enable", "cleo")
    assert not accounts.user("cleo").disabled


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"name": "Cleo!"}, 400, "'Cleo!' is no name for an account"),
        ({"name": "cleo", "password": "short"}, 400, "A password has 10 to 1024 characters"),
        ({"name": "ana"}, 409, "The user ana is configured by the operator"),
        ({"name": "cleo", "groups": "nobodies"}, 400, "There is no group named 'nobodies'"),
    ],
    ids=["a bad name", "a short password", "a configured user", "a group that is not there"],
)
def test_a_user_that_cannot_be_is_refused_and_the_form_keeps_what_was_typed(admin, form, status, sentence):
    sent = {"display_name": "Kept", "email": "", "password": "", "groups": "", **form}
    answer = admin.post("userface/add/", sent)
    assert answer.status_code == status
    assert sentence in refusal(answer)
    assert 'value="Kept"' in text(answer)
    assert accounts.user("cleo") is None


def test_the_second_of_two_administrators_who_change_a_user_is_told(cleo):
    page = cleo.get("userface/cleo/change/")
    found = accounts.user("cleo")
    change_user(found, User(name="cleo", display_name="First"), change=BY)
    form = {"display_name": "Second", "email": "", "groups": "", **hidden(page)}
    answer = cleo.post("userface/cleo/change/", form)
    assert answer.status_code == 409
    assert "changed by somebody else in the meantime" in refusal(answer)
    assert accounts.user("cleo").display_name == "First"


def test_a_password_is_set_and_ends_the_users_sessions(cleo):
    before = accounts.user("cleo")
    cleo.do("userface", "set_password", "cleo", password="another long password")
    after = accounts.user("cleo")
    assert after.password not in {"", before.password}
    assert after.nonce != before.nonce
    assert "another long password" not in "".join(str(entry) for entry in trail().events)


def test_nobody_disables_themselves_or_gives_up_being_an_administrator(cleo):
    cleo.do("userface", "disable", "cleo")
    change_user(accounts.user("cleo"), User(name="cleo", administrator=True), change=BY)
    myself = Administrator("cleo")
    assert myself.ask("userface", "disable", "cleo").status_code == 302
    assert "You cannot disable yourself" in myself.told("userface")
    for less in ({"disabled": "on", "administrator": "on"}, {}):  # a form's box that is not ticked is not sent
        form = {"display_name": "", "email": "", "groups": "", "version": accounts.user("cleo").version, **less}
        answer = myself.post("userface/cleo/change/", form)
        assert "stop being an administrator" in refusal(answer)
    assert accounts.user("cleo").administrator
    assert not accounts.user("cleo").disabled


@pytest.mark.parametrize(
    ("action", "keys", "sentence"),
    [
        ("disable", ["cleo", "ben"], "The user ben is configured by the operator"),
        ("enable", ["ben"], "The user ben is configured by the operator"),
        ("set_password", ["ben"], "change the settings instead. Nothing was done."),
        ("enable", ["cleo"], "The user cleo is enabled already. Nothing was done."),
    ],
    ids=["disabling one among others", "enabling one", "a password for one", "enabling who is enabled"],
)
def test_what_would_be_refused_anyway_is_refused_before_anything_is_asked(cleo, action, keys, sentence):
    assert cleo.ask("userface", action, *keys).status_code == 302
    assert sentence in cleo.told("userface")
    assert not accounts.user("cleo").disabled


def test_who_confirms_what_somebody_else_did_meanwhile_is_told_that_it_is_done(cleo):
    page = cleo.ask("userface", "disable", "cleo")
    found = accounts.user("cleo")
    change_user(found, replace(found, disabled=True), change=BY)
    assert cleo.confirm(page, "userface").status_code == 302
    assert "The user cleo is disabled already." in cleo.told("userface")
    assert last() == ("user.disable", "cleo", "ana", "test")


def test_a_group_is_made_and_deleted_once_nobody_needs_it(admin):
    assert admin.post("groupface/add/", {"name": "developers", "description": "Who ships"}).status_code == 302
    assert accounts.group("developers").description == "Who ships"
    create_user(User(name="cleo", groups=("developers",)), password=None, change=BY)
    answer = admin.do("groupface", "delete_group", "developers", typed="developers")
    assert "still has the user cleo" in refusal(answer)
    change_user(accounts.user("cleo"), User(name="cleo"), change=BY)
    admin.do("groupface", "delete_group", "developers", typed="developers")
    assert accounts.group("developers") is None


def test_a_token_is_made_for_a_user_and_shown_once(cleo):
    form = {
        "owner": "cleo",
        "description": "CI <b>",
        "allows": ["read", "upload"],
        "patterns": "Acme_*",
        "networks": "192.0.2.0/24",
        "days": "7",
    }
    page = cleo.post("tokenface/add/", form)
    [made] = re.findall(r"epypi_[0-9A-Za-z]+", text(page))
    assert "no-store" in page["Cache-Control"]
    assert "CI &lt;b&gt;" in text(page)
    [token] = tokens.page_of("cleo").tokens
    assert made.startswith(f"epypi_{token.id}")
    assert (token.patterns, token.networks) == (("acme-*",), ("192.0.2.0/24",))
    assert {action.value for action in token.actions} == {"read", "upload"}
    assert last() == ("token.create", token.id, "ana", "admin")
    assert made not in text(cleo.get(f"tokenface/{token.id}/change/")) + text(cleo.get("tokenface/"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"owner": "nobody"}, "There is no user 'nobody' who could use a token."),
        ({"patterns": "a b* c**"}, "is no pattern of project names"),
        ({"networks": "everywhere"}, "'everywhere' is no network"),
        ({"allows": []}, "This field is required."),
        ({"days": "99999"}, "less than or equal to 3650"),
    ],
    ids=["no such owner", "a bad pattern", "a bad network", "nothing allowed", "too long a life"],
)
def test_a_token_that_cannot_be_is_refused_and_the_form_keeps_what_was_typed(cleo, wrong, sentence):
    form = {"owner": "cleo", "description": "Kept", "allows": ["read"], "patterns": "*", "networks": "", "days": ""}
    answer = cleo.post("tokenface/add/", {**form, **wrong})
    assert answer.status_code in {400, 404}
    assert sentence in refusal(answer)
    assert 'value="Kept"' in text(answer)
    assert tokens.page_of("cleo").tokens == ()


def test_a_token_is_revoked(cleo):
    token, _ = token_writes.create("cleo", change=BY)
    cleo.do("tokenface", "revoke", token.id)
    assert tokens.token(token.id).state == "revoked"
    assert last() == ("token.revoke", token.id, "ana", "admin")


@pytest.mark.parametrize("path", ["", "projectface/", "userface/cleo/change/", "reconcile/", "jsi18n/", "nonsense/"])
def test_nobody_but_administrators_sees_anything(cleo, path):
    answers = (Client().get(f"/admin/{path}"), Administrator("cleo").get(path))
    for answer in answers:
        assert answer.status_code in {302, 403}
        assert "demo" not in text(answer)
