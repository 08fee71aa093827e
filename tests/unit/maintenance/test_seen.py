"""That a change is made to the state that was looked at, or decided anew, or refused."""

import pytest

from packages_app.catalogue.errors import Busy, FileChanged, NoSuchEntry, ProjectChanged
from packages_app.maintenance import seen
from packages_app.maintenance.entries import Done
from tests.unit.maintenance.conftest import serial

pytestmark = pytest.mark.usefixtures("demo")
DONE = Done(changed=("a",), serial=1)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(seen, "LONGEST_PAUSE", 0.0)


def deciding(*outcomes):
    """Return what decides so, one time after the other, and the serials that it was shown."""
    left, shown = list(outcomes), []

    def decide(project) -> Done:
        shown.append(project.serial)
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return decide, shown


@pytest.mark.parametrize("error", [FileChanged("x"), ProjectChanged("x")])
def test_who_was_overtaken_decides_anew(error):
    decide, shown = deciding(error, error, DONE)
    assert seen.on_what_is_there("demo", decide, None) is DONE
    assert shown == [serial()] * 3


def test_who_is_overtaken_over_and_over_is_told():
    decide, shown = deciding(*[FileChanged("x")] * (seen.ATTEMPTS + 1))
    with pytest.raises(Busy):
        seen.on_what_is_there("demo", decide, None)
    assert len(shown) == seen.ATTEMPTS


def test_who_saw_another_state_is_refused_before_anything_is_decided():
    decide, shown = deciding(DONE)
    with pytest.raises(ProjectChanged):
        seen.on_what_is_there("demo", decide, serial() - 1)
    assert seen.on_what_is_there("demo", decide, serial()) is DONE
    assert len(shown) == 1


def test_any_other_refusal_is_final():
    decide, shown = deciding(NoSuchEntry("x"), DONE)
    with pytest.raises(NoSuchEntry):
        seen.on_what_is_there("demo", decide, None)
    assert len(shown) == 1


def test_a_project_that_is_not_there_is_told():
    with pytest.raises(NoSuchEntry, match="no project named other"):
        seen.on_what_is_there("other", deciding()[0], None)
