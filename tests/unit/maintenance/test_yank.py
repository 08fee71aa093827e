import pytest

from packages_app.accounts.errors import NotSignedIn
from packages_app.catalogue import read, write
from packages_app.catalogue.errors import NoSuchEntry, ProjectChanged
from packages_app.maintenance import yank as journey
from packages_app.maintenance.errors import BadReason
from packages_app.maintenance.yank import unyank, unyank_release, yank, yank_release
from tests.unit.maintenance.conftest import ANA, CHANGE, FILE, NEXT, NOBODY, SDIST, serial, trail

pytestmark = pytest.mark.usefixtures("demo")


def yanked() -> dict[str, str]:
    return {file.filename: file.yanked_reason for file in read.files("demo") if file.yanked}


def test_a_file_is_yanked_with_its_reason_and_the_trail_has_before_and_after():
    done = yank("demo", FILE.filename, "broken  on\nWindows", ANA, source="api")
    assert (done.changed, done.serial) == ((FILE.filename,), serial())
    assert yanked() == {FILE.filename: "broken on Windows"}
    (event,) = trail()
    assert (event.action, event.actor, event.address, event.source) == ("file.yank", "ana", "192.0.2.1", "api")
    assert (event.target, event.before) == (FILE.filename, {FILE.filename: "not yanked"})
    assert event.after == {"reason": "broken on Windows"}


def test_a_release_is_yanked_by_one_change_however_its_version_is_spelled():
    done = yank_release("demo", "1.0.0", "broken", ANA, source="api")
    assert set(done.changed) == {FILE.filename, SDIST.filename} == set(yanked())
    (event,) = trail()
    assert (event.action, event.target) == ("release.yank", "1.0")


def test_yanking_again_changes_nothing_and_another_reason_changes_the_reason():
    yank("demo", FILE.filename, "broken", ANA, source="api")
    before = serial()
    assert yank("demo", FILE.filename, "broken", ANA, source="api").changed == ()
    assert (serial(), len(trail())) == (before, 1)
    yank("demo", FILE.filename, "very broken", ANA, source="api")
    assert yanked() == {FILE.filename: "very broken"}
    assert trail()[0].before == {FILE.filename: "yanked: broken"}


def test_only_files_that_differ_are_changed_with_their_release():
    yank("demo", FILE.filename, "broken", ANA, source="api")
    assert yank_release("demo", "1.0", "broken", ANA, source="api").changed == (SDIST.filename,)


def test_a_yank_is_taken_back():
    yank_release("demo", "1.0", "broken", ANA, source="api")
    assert unyank("demo", FILE.filename, ANA, source="api").changed == (FILE.filename,)
    assert set(yanked()) == {SDIST.filename}
    assert unyank_release("demo", "1.0", ANA, source="api").changed == (SDIST.filename,)
    assert yanked() == {}
    assert unyank_release("demo", "1.0", ANA, source="api").changed == ()
    assert [event.action for event in trail()] == ["release.unyank", "file.unyank", "release.yank"]


def test_who_saw_another_state_is_told_and_nothing_changes():
    seen = serial()
    yank("demo", NEXT.filename, "", ANA, source="api")
    with pytest.raises(ProjectChanged, match="look at it again"):
        yank("demo", FILE.filename, "broken", ANA, source="api", expected_serial=seen)
    assert set(yanked()) == {NEXT.filename}
    yank("demo", FILE.filename, "broken", ANA, source="api", expected_serial=serial())
    assert set(yanked()) == {FILE.filename, NEXT.filename}


def test_a_change_that_comes_between_look_and_deed_is_looked_at_too(monkeypatch):
    real, seen = write.set_yanked, []

    def late(*args, **given) -> int:
        if not seen:
            seen.append(real("demo", FILE.filename, yanked=True, reason="first", change=CHANGE))
        return real(*args, **given)

    monkeypatch.setattr(journey.write, "set_yanked", late)
    yank("demo", FILE.filename, "second", ANA, source="api")
    assert trail()[0].before == {FILE.filename: "yanked: first"}


def test_more_files_than_one_transaction_takes_are_all_yanked(monkeypatch):
    monkeypatch.setattr(write, "MOST_YANKED", 1)
    assert len(yank_release("demo", "1.0", "broken", ANA, source="api").changed) == 2
    assert set(yanked()) == {FILE.filename, SDIST.filename}


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        pytest.param(lambda: yank("demo", "x", "", ANA, source="api"), NoSuchEntry, id="a file that is not there"),
        pytest.param(lambda: yank_release("demo", "9", "", ANA, source="api"), NoSuchEntry, id="no such release"),
        pytest.param(lambda: yank_release("none", "1.0", "", ANA, source="api"), NoSuchEntry, id="no such project"),
        pytest.param(lambda: yank("demo", FILE.filename, "", NOBODY, source="api"), NotSignedIn, id="nobody"),
        pytest.param(lambda: unyank("demo", FILE.filename, NOBODY, source="api"), NotSignedIn, id="nobody, back"),
        pytest.param(lambda: yank_release("demo", "1", "", NOBODY, source="api"), NotSignedIn, id="nobody, a release"),
        pytest.param(lambda: unyank_release("demo", "1", NOBODY, source="api"), NotSignedIn, id="nobody, it back"),
        pytest.param(lambda: yank("demo", FILE.filename, "x" * 501, ANA, source="api"), BadReason, id="a long reason"),
    ],
)
def test_what_cannot_be_yanked_changes_nothing(deed, error):
    before = serial()
    with pytest.raises(error):
        deed()
    assert (serial(), trail(), yanked()) == (before, [], {})
