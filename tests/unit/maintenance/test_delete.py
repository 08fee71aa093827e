import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Grant, Principal, Subject, SubjectKind, User
from packages_app.accounts.errors import NotSignedIn
from packages_app.accounts.grants import grant
from packages_app.accounts.permissions import Action, may
from packages_app.accounts.roles import Role
from packages_app.accounts.write import create_user
from packages_app.catalogue import read, removal
from packages_app.catalogue.entries import Reuse, Status
from packages_app.catalogue.errors import Busy, FileDeleted, NoSuchEntry, ProjectChanged
from packages_app.catalogue.write import set_status
from packages_app.maintenance import delete as journey
from packages_app.maintenance import seen as seen_module
from packages_app.maintenance.delete import delete_file, delete_project, delete_release
from tests.unit.maintenance.conftest import ANA, CHANGE, FILE, NEXT, NOBODY, SDIST, listed, serial, trail

pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(seen_module, "LONGEST_PAUSE", 0.001)


def filenames() -> set[str]:
    return {file.filename for file in read.files("demo")}


def test_a_deleted_file_is_not_listed_and_its_bytes_are_retired():
    done = delete_file("demo", FILE.filename, ANA, source="api")
    assert (done.changed, done.serial) == ((FILE.filename,), serial())
    assert filenames() == {SDIST.filename, NEXT.filename}
    assert [retired.sha256 for retired in read.retired("demo")] == [FILE.sha256]
    (event,) = trail()
    assert (event.action, event.target, event.before) == (
        "file.delete",
        FILE.filename,
        {FILE.filename: FILE.sha256},
    )


def test_a_release_is_deleted_together():
    delete_release("demo", "1.0.0", ANA, source="api")
    assert filenames() == {NEXT.filename}
    (event,) = trail()
    assert (event.action, event.target, set(event.before)) == (
        "release.delete",
        "1.0",
        {FILE.filename, SDIST.filename},
    )


def test_the_roles_on_a_project_go_in_the_moment_in_which_its_name_is_free(monkeypatch):
    """Whoever was killed behind it, or whoever takes up the name at once, changes nothing of that."""
    ben = Subject(SubjectKind.USER, "ben")
    create_user(User(name="ben"), password=None, change=CHANGE)
    grant(Grant(subject=ben, pattern="demo", role=Role.MAINTAINER), change=CHANGE)
    assert may(Principal(name="ben"), Action.DELETE, "demo")
    after = []
    monkeypatch.setattr(journey.describe, "after_deletion", lambda *_: after.append([*accounts.grants_on("demo")]))
    delete = removal.delete_project

    def watched(*given, **named):
        delete(*given, **named)
        after.append([*accounts.grants_on("demo")])

    monkeypatch.setattr(removal, "delete_project", watched)
    delete_project("demo", ANA, source="api")
    assert after == [[], []]
    assert not may(Principal(name="ben"), Action.READ, "demo")
    assert trail()[0].before["roles"] == "user:ben maintainer"


def test_a_project_without_files_keeps_its_row_and_its_place_in_the_list():
    delete_release("demo", "1.0", ANA, source="api")
    delete_release("demo", "2.0", ANA, source="api")
    assert read.files("demo") == ()
    assert read.project("demo").serial == serial()
    assert [entry.name for entry in read.listed()] == ["demo"]


def test_a_deleted_project_is_nowhere_and_its_files_are_not_offered():
    root = read.root_version()
    assert delete_project("demo", ANA, source="api").changed == ("demo",)
    assert (read.project("demo"), read.files("demo"), list(read.listed())) == (None, (), [])
    assert read.root_version() != root
    assert read.download(FILE.sha256, FILE.filename) is None
    assert list(read.deleted()) == ["demo"]
    assert len(read.retired("demo")) == 3
    assert [event.action for event in trail()] == ["project.delete", "project.empty"]
    assert trail()[0].before == {"display_name": "Demo", "status": "active", "reason": "", "files": "3"}
    with pytest.raises(NoSuchEntry):
        delete_project("demo", ANA, source="api")


def test_the_name_of_a_deleted_project_is_free_and_nothing_of_the_old_one_comes_with_it():
    set_status("demo", Status.ARCHIVED, reason="old", change=CHANGE)
    before = serial()
    delete_project("demo", ANA, source="api")
    listed(replace(FILE, filename="demo-3.0.tar.gz", version="3.0", sha256="f" * 64))
    assert read.project("demo").status is Status.ACTIVE
    assert serial() > before
    assert filenames() == {"demo-3.0.tar.gz"}


@pytest.mark.parametrize("whole", [True, False], ids=["the project was deleted", "the file was deleted"])
@pytest.mark.parametrize(
    ("comes", "reuse", "taken"),
    [
        pytest.param(FILE, Reuse.SAME_BYTES, True, id="the same bytes may come back"),
        pytest.param(replace(FILE, sha256="f" * 64), Reuse.SAME_BYTES, False, id="other bytes may not"),
        pytest.param(
            replace(FILE, sha256="f" * 64), Reuse.ANY_BYTES, True, id="other bytes may where overwriting is on"
        ),
        pytest.param(FILE, Reuse.NEVER, False, id="what was merely found may not"),
        pytest.param(
            replace(FILE, filename="Demo-1.0.0-py3-none-any.whl", sha256="f" * 64),
            Reuse.SAME_BYTES,
            False,
            id="another spelling with other bytes may not",
        ),
    ],
)
def test_a_deleted_name_stays_taken(whole, comes, reuse, taken):
    if whole:
        delete_project("demo", ANA, source="api")
    else:
        delete_file("demo", FILE.filename, ANA, source="api")
    if taken:
        listed(comes, reuse=reuse)
        assert read.file("demo", comes.filename) == comes
        assert read.taken("demo", comes.filename).deleted_sha256 == ""
    else:
        with pytest.raises(FileDeleted, match="stays taken"):
            listed(comes, reuse=reuse)
        assert read.file("demo", comes.filename) is None


def test_many_files_are_deleted_in_several_transactions(monkeypatch):
    monkeypatch.setattr(removal, "MOST_DELETED", 2)
    assert delete_project("demo", ANA, source="api").serial == 0
    assert read.project("demo") is None
    assert len(read.retired("demo")) == 3


def test_who_saw_another_state_is_told_and_nothing_is_deleted():
    seen = serial()
    delete_file("demo", NEXT.filename, ANA, source="api", expected_serial=seen)
    for deed in (
        lambda: delete_file("demo", FILE.filename, ANA, source="api", expected_serial=seen),
        lambda: delete_release("demo", "1.0", ANA, source="api", expected_serial=seen),
        lambda: delete_project("demo", ANA, source="api", expected_serial=seen),
    ):
        with pytest.raises(ProjectChanged):
            deed()
    assert filenames() == {FILE.filename, SDIST.filename}


def test_a_file_that_comes_while_its_project_is_deleted_is_deleted_too_or_stays_whole(monkeypatch):
    real, late = removal.delete_project, replace(FILE, filename="demo-3.0.tar.gz", version="3.0", sha256="f" * 64)
    done = []

    def slow(*args, **given) -> None:
        if not done:
            done.append(listed(late))
        real(*args, **given)

    monkeypatch.setattr(journey.removal, "delete_project", slow)
    delete_project("demo", ANA, source="api")
    assert (read.project("demo"), read.files("demo"), len(read.retired("demo"))) == (None, (), 4)


def test_a_project_that_never_rests_is_given_up_with_a_word(monkeypatch):
    def restless(*_args, **_given) -> None:
        raise ProjectChanged.named("demo")

    monkeypatch.setattr(journey.removal, "delete_project", restless)
    with pytest.raises(Busy, match="try again"):
        delete_project("demo", ANA, source="api")


def test_two_who_delete_at_once_delete_once():
    barrier = threading.Barrier(2)

    def go(_: int) -> object:
        barrier.wait()
        try:
            return delete_project("demo", ANA, source="api").changed
        except NoSuchEntry:
            return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(go, range(2))) == {("demo",), "gone"}
    assert [event.action for event in trail()].count("project.delete") == 1


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        pytest.param(lambda: delete_file("demo", "x", ANA, source="api"), NoSuchEntry, id="a file that is not there"),
        pytest.param(lambda: delete_release("demo", "9", ANA, source="api"), NoSuchEntry, id="no such release"),
        pytest.param(lambda: delete_project("none", ANA, source="api"), NoSuchEntry, id="no such project"),
        pytest.param(lambda: delete_file("demo", FILE.filename, NOBODY, source="api"), NotSignedIn, id="nobody"),
        pytest.param(lambda: delete_release("demo", "1", NOBODY, source="api"), NotSignedIn, id="nobody, a release"),
        pytest.param(lambda: delete_project("demo", NOBODY, source="api"), NotSignedIn, id="nobody, a project"),
    ],
)
def test_what_cannot_be_deleted_changes_nothing(deed, error):
    before = serial()
    with pytest.raises(error):
        deed()
    assert (serial(), trail(), len(filenames())) == (before, [], 3)
