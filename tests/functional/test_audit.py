"""The audit trail in each home: what is kept of changes, who is told, and how it is written out."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from packages_app.audit.read import trail
from tests.factories import make_sdist, make_wheel
from tests.functional.conftest import USER

WHEEL = make_wheel()


def export(*arguments: str) -> list[dict]:
    out = io.StringIO()
    call_command("audit", "export", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_change_is_in_the_trail_by_project_person_and_time(home, publish):
    publish(*WHEEL)
    publish(*make_sdist("Other"), name="other")
    call_command("yank", "demo", "1.0", "--reason", "bröken", "--as", "ben", stdout=io.StringIO())
    by_project = trail(project="demo").events
    assert [(event.action, event.actor, event.source) for event in by_project if "role" not in event.action] == [
        ("release.yank", "ben", "command"),
        ("file.publish", USER, "legacy"),
    ]
    assert by_project[0].before == {WHEEL[0]: "not yanked"}
    assert by_project[-1].address == "127.0.0.1"
    assert [event.action for event in trail(actor="ben").events] == ["release.yank"]
    assert {event.project for event in trail(actor=USER).events} == {"demo", "other"}
    everything = trail(limit=2)
    assert everything.events[0] == by_project[0]
    assert trail(limit=100, cursor=everything.cursor).events[-1].action == "file.publish"


def test_the_trail_is_written_out_as_json_lines(home, publish):
    publish(*WHEEL)
    call_command("yank", "demo", "1.0", "--reason", "bröken", "--as", "ben", stdout=io.StringIO())
    lines = export()
    assert [line["action"] for line in lines][-1] == "release.yank"
    assert lines[-1]["after"] == {"reason": "bröken"}
    assert set(lines[0]) == {
        *("id", "at", "action", "actor", "token", "address", "source", "project", "target", "before", "after")
    }
    assert [line["id"] for line in lines] == sorted(line["id"] for line in lines)
    assert [line["action"] for line in export("--actor", "ben", "--project", "demo")] == ["release.yank"]
    assert export("--from", "2020-01-01", "--to", "2020-02-01") == []
    assert export("--from", lines[-1]["at"], "--project", "other") == []


def test_a_date_that_is_none_is_refused(home):
    with pytest.raises(CommandError, match="write a day such as"):
        export("--from", "yesterday")
