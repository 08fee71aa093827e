"""Who runs a command, and what must be typed before something goes for good."""

import io
import sys

import pytest
from django.core.management import CommandError

from packages_app.management import operator


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("named", "found"),
    [pytest.param("ana", "ana", id="who is named"), pytest.param("", "root", id="whose account it is")],
)
def test_who_acts(monkeypatch, named, found):
    monkeypatch.setattr(operator.getpass, "getuser", lambda: "root")
    who = operator.operator(named)
    assert (who.name, who.trusted) == (found, True)


@pytest.mark.parametrize("error", [KeyError, OSError])
def test_an_account_without_a_name_is_told_by_its_number(monkeypatch, error):
    def nobody() -> str:
        raise error

    monkeypatch.setattr(operator.getpass, "getuser", nobody)
    monkeypatch.setattr(operator.os, "getuid", lambda: 4711)
    assert operator.account() == "uid-4711"


@pytest.mark.parametrize(
    ("typed", "goes_on"),
    [
        pytest.param("demo\n", True, id="the name"),
        pytest.param(" demo \n", True, id="the name with spaces around it"),
        pytest.param("dem\n", False, id="another name"),
        pytest.param("y\n", False, id="what other programs take for yes"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_the_name_must_be_typed(monkeypatch, typed, goes_on):
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    if goes_on:
        operator.confirm("This deletes demo.", "demo")
        return
    with pytest.raises(CommandError, match="Nothing was done"):
        operator.confirm("This deletes demo.", "demo")


def test_where_nobody_can_be_asked_nothing_is_done(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("demo\n"))
    with pytest.raises(CommandError, match="--yes"):
        operator.confirm("This deletes demo.", "demo")
