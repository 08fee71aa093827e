import pytest

from packages_app.accounts.errors import NotSignedIn
from packages_app.catalogue import read
from packages_app.catalogue.entries import Status
from packages_app.catalogue.errors import NoSuchEntry, ProjectChanged
from packages_app.maintenance.errors import BadReason
from packages_app.maintenance.status import set_status
from tests.unit.maintenance.conftest import ANA, NOBODY, serial, trail

pytestmark = pytest.mark.usefixtures("demo")


def status() -> tuple[Status, str]:
    found = read.project("demo")
    return found.status, found.status_reason


def test_a_status_is_set_with_its_reason_and_the_trail_has_before_and_after():
    set_status("demo", Status.DEPRECATED, "use demo2", ANA, source="api")
    set_status("demo", Status.QUARANTINED, "found \u202emalware", ANA, source="api")
    assert status() == (Status.QUARANTINED, "found malware")
    event = trail()[0]
    assert (event.action, event.actor) == ("project.status", "ana")
    assert event.before == {"status": "deprecated", "reason": "use demo2"}
    assert event.after == {"status": "quarantined", "reason": "found malware"}


def test_an_active_project_has_no_reason_and_the_same_again_changes_nothing():
    set_status("demo", Status.ARCHIVED, "", ANA, source="api")
    assert set_status("demo", Status.ACTIVE, "because", ANA, source="api").changed == ("demo",)
    before = serial()
    assert set_status("demo", Status.ACTIVE, "because", ANA, source="api").changed == ()
    assert (status(), serial(), len(trail())) == ((Status.ACTIVE, ""), before, 2)


def test_who_saw_another_state_is_told():
    seen = serial()
    set_status("demo", Status.ARCHIVED, "", ANA, source="api", expected_serial=seen)
    with pytest.raises(ProjectChanged):
        set_status("demo", Status.DEPRECATED, "", ANA, source="api", expected_serial=seen)
    assert status() == (Status.ARCHIVED, "")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        pytest.param(("demo", Status.QUARANTINED, " \n", ANA), BadReason, id="a quarantine without a reason"),
        pytest.param(("demo", Status.ARCHIVED, "x" * 501, ANA), BadReason, id="a long reason"),
        pytest.param(("demo", Status.ARCHIVED, "", NOBODY), NotSignedIn, id="nobody"),
        pytest.param(("none", Status.ARCHIVED, "", ANA), NoSuchEntry, id="no such project"),
    ],
)
def test_what_cannot_be_set_changes_nothing(given, error):
    before = serial()
    with pytest.raises(error):
        set_status(*given, source="api")
    assert (serial(), trail()) == (before, [])
