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
        pytest.param(Event(action="new.thing", actor="ana"), "new.thing", (), id="an unknown action by its code"),
    ],
)
def test_an_event_is_told(event, what, details):
    found = told(event)
    assert (found.what, found.details) == (what, details)
