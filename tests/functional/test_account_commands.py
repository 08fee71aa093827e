"""The commands for accounts: what they print, change and refuse."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from packages_app.accounts import read
from packages_app.accounts.passwords import right
from packages_app.accounts.tokens.read import token
from tests.factories import make_wheel
from tests.functional.conftest import basic

PASSWORD = "correct horse battery"


class Terminal(io.StringIO):
    """What Django takes for a person at a keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def manage(home, monkeypatch):
    """Run a command, and return what it says: ``manage("grant", "reader", "*", "ben", typed="…")``."""

    def run(*arguments: str, typed: str = "") -> str:
        out = io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        call_command(*arguments, stdout=out, stderr=io.StringIO())
        return out.getvalue()

    return run


def test_a_team_is_set_up_works_and_is_taken_down(manage, client, publish):
    manage("create_group", "devs", "--description", "Who writes acme")
    manage("create_user", "eve", "--group", "devs", "--email", "eve@mail.example", typed=f"{PASSWORD}\n")
    manage("grant", "uploader", "Acme_*", "devs", "--group")
    manage("grant", "reader", "*", "everyone", "--group")
    headers = basic("__token__", manage("create_token", "eve", "--action", "read", "--action", "upload").strip())
    assert publish(*make_wheel("acme-core"), headers=headers).status_code == 200
    assert client.get("/simple/acme-core/", headers=headers).status_code == 200
    said = manage("accounts")
    for line in ("user   ana  administrator, configured", "user   eve  in devs", "group:devs is uploader of acme-*"):
        assert line in said
    manage("disable_user", "eve")
    assert client.get("/simple/acme-core/", headers=headers).status_code == 401
    manage("disable_user", "eve", "--undo")
    assert client.get("/simple/acme-core/", headers=headers).status_code == 200
    manage("change_user", "eve", "--remove-group", "devs", "--display-name", "Eve")
    assert publish(*make_wheel("acme-other"), headers=headers).status_code == 403
    manage("ungrant", "*", "everyone", "--group")
    assert client.get("/simple/other/", headers=headers).status_code == 404
    manage("ungrant", "acme-*", "devs", "--group")
    manage("create_group", "devs", "--delete")
    assert "devs" not in manage("accounts")


def test_a_password_comes_from_standard_input_and_is_never_printed(manage):
    said = manage("create_user", "eve", typed=f"{PASSWORD}\n")
    assert right(PASSWORD, read.user("eve").password)
    said += manage("changepassword", "eve", typed="another horse battery\r\n")
    assert right("another horse battery", read.user("eve").password)
    manage("create_user", "bot", "--no-password")
    assert read.user("bot").password == ""
    assert "horse" not in said + manage("accounts")


@pytest.mark.parametrize("whole", [False, True], ids=["by its id", "by itself, from standard input"])
def test_a_token_is_printed_alone_and_revoked(manage, client, whole):
    manage("create_user", "eve", "--no-password", "--administrator")
    printed = manage("create_token", "eve", "--days", "30", "--network", "127.0.0.0/8", "--project", "acme-*")
    assert printed == f"{printed.strip()}\n"
    headers, id_ = basic("__token__", printed.strip()), printed[6:22]
    assert client.get("/simple/", headers=headers).status_code == 200
    assert printed.strip() not in manage("accounts")
    if whole:
        manage("revoke_token", typed=printed)
    else:
        manage("revoke_token", id_)
    assert token(id_).state == "revoked"
    assert client.get("/simple/", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (("create_user", "Eve"), PASSWORD, "no name for an account"),
        (("create_user", "eve"), "short", "10 to 1024"),
        (("create_user", "eve"), "", "10 to 1024"),
        (("create_user", "ana"), PASSWORD, "PYPI_USERNAME"),
        (("changepassword", "ana"), PASSWORD, "PYPI_USERNAME"),
        (("changepassword", "nobody"), PASSWORD, "no user named"),
        (("disable_user", "nobody"), "", "no user named"),
        (("grant", "reader", "a b", "ana"), "", "no pattern"),
        (("grant", "reader", "*", "nobody"), "", "no user named"),
        (("grant", "owner", "*", "ana"), "", "invalid choice"),
        (("ungrant", "*", "ana"), "", "granted nothing"),
        (("create_group", "everyone"), "", "by itself"),
        (("create_token", "nobody"), "", "no user"),
        (("create_token", "ana", "--days", "0"), "", "whole number"),
        (("create_token", "ana", "--network", "here"), "", "CIDR"),
        (("revoke_token", "0123"), "", "no such token"),
        (("revoke_token",), "epypi_x", "no such token"),
    ],
)
@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_a_refusal_is_one_sentence(manage, arguments, typed, sentence):
    with pytest.raises(CommandError, match=sentence):
        manage(*arguments, typed=typed)


def test_an_administrator_is_made_by_django_s_own_command(manage, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    manage("createsuperuser", "--noinput", "--username", "cleo", "--email", "cleo@mail.example")
    made = read.user("cleo")
    assert (made.administrator, made.email, right(PASSWORD, made.password)) == (True, "cleo@mail.example", True)
    for name, says in (("cleo", "already taken"), ("No Name", "is no name for an account")):
        with pytest.raises(CommandError, match=says):
            manage("createsuperuser", "--noinput", "--username", name, "--email", "")


def test_a_name_that_cannot_be_is_asked_for_again_before_anything_else(manage, monkeypatch):
    typed = iter(["No Name", "cleo", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    monkeypatch.setattr("getpass.getpass", lambda *_: PASSWORD)
    call_command("createsuperuser", stdin=Terminal(), stdout=io.StringIO(), stderr=io.StringIO())
    assert read.user("cleo").administrator
