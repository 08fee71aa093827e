import pytest

from packages_app.audit.entries import Event
from packages_app.browser.history import told


@pytest.mark.parametrize(
    ("event", "what", "details"),
    [
        pytest.param(
            Event(action="file.publish", actor="ana", after={"sha256": "0", "version": "1.0"}),
            "published",
            ("version: 1.0",),
            id="digests are left to the export",
        ),
        pytest.param(
            Event(action="project.status", actor="ana", before={"status": "active"}, after={"status": "archived"}),
            "status changed",
            ("status: active → archived",),
            id="what changed is told with what it was",
        ),
        pytest.param(
            Event(action="file.yank", actor="ana", before={"reason": ""}, after={"reason": "It eats data."}),
            "yanked",
            ("reason: It eats data.",),
            id="a reason is told",
        ),
        pytest.param(
            Event(action="publisher.trust", actor="ana", after={"role": "uploader", "pipeline": "CI", "issuer": "x"}),
            "trusted to publish",
            ("role: uploader", "pipeline: CI"),
            id="which pipeline is trusted is told",
        ),
        pytest.param(Event(action="new.thing", actor="ana"), "new.thing", (), id="an unknown action by its code"),
    ],
)
def test_an_event_is_told(event, what, details):
    found = told(event)
    assert (found.what, found.details) == (what, details)


@pytest.mark.parametrize(("actor", "publisher"), [("publisher:acme-1", "acme-1"), ("ana", ""), ("", "")])
def test_a_publisher_is_told_from_a_user(actor, publisher):
    assert told(Event(action="file.publish", actor=actor)).publisher == publisher
