"""What administrators do in Django's admin, each through the same journey as every other door, and who may not."""

import pytest
from django.test import Client

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Grant, Subject, SubjectKind, User
from packages_app.accounts.grants import grant
from packages_app.accounts.roles import Role
from packages_app.accounts.write import create_user
from packages_app.audit.read import trail
from packages_app.catalogue import read
from packages_app.catalogue.entries import Change, Status
from tests.factories import make_sdist, make_wheel
from tests.functional.administrator import Administrator, hidden, refusal, text

# The journeys have tests of their own in every home; the lists are looked at in every home by test_admin.
pytestmark = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)

BY = Change(actor="ana", source="test")
WHEEL, SDIST = "demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz"
CLEO = Subject(SubjectKind.USER, "cleo")


@pytest.fixture
def admin(home) -> Administrator:
    return Administrator()


@pytest.fixture
def demo(admin, publish) -> Administrator:
    """An index with two files of demo 1.0."""
    publish(*make_wheel("demo", "1.0"))
    publish(*make_sdist("demo", "1.0"))
    return admin


def last() -> tuple[str, str, str, str]:
    """Return the newest event: what, to what, by whom, through which door."""
    event = trail(limit=1).events[0]
    return event.action, event.target, event.actor, event.source


def grants(project: str) -> dict[str, str]:
    return {str(given.subject): given.role.value for given in accounts.grants_on(project)}


def test_a_file_is_yanked_with_a_reason_and_taken_back(demo):
    answer = demo.do("fileface", "yank", f"demo/{WHEEL}", reason="broken <b>wheel</b>")
    assert answer.status_code == 302
    assert demo.told("fileface") == f"Yanked {WHEEL}."
    found = read.file("demo", WHEEL)
    assert (found.yanked, found.yanked_reason) == (True, "broken <b>wheel</b>")
    assert last() == ("file.yank", WHEEL, "ana", "admin")
    demo.do("fileface", "unyank", f"demo/{WHEEL}")
    assert not read.file("demo", WHEEL).yanked


def test_several_files_of_one_project_are_yanked_together(demo):
    demo.do("fileface", "yank", f"demo/{WHEEL}", f"demo/{SDIST}", reason="both")
    assert all(file.yanked for file in read.files("demo"))
    assert demo.told("fileface") == "Yanked 2 files."


def test_a_release_is_yanked_and_taken_back(demo):
    demo.do("releaseface", "yank", "demo/1.0", reason="broken")
    assert all(file.yanked_reason == "broken" for file in read.files("demo"))
    assert last()[:2] == ("release.yank", "1.0")
    demo.do("releaseface", "unyank", "demo/1.0")
    assert not any(file.yanked for file in read.files("demo"))


@pytest.mark.parametrize("status", Status)
def test_a_projects_status_is_set_with_a_reason(demo, status):
    demo.do("projectface", "set_status", "demo", status=status.value, reason="we said so")
    found = read.project("demo")
    assert (found.status, found.status_reason) == (status, "" if status is Status.ACTIVE else "we said so")


def test_a_quarantine_needs_a_reason_and_what_was_filled_in_stays(demo):
    answer = demo.do("projectface", "set_status", "demo", status="quarantined", reason="")
    assert answer.status_code == 400
    assert refusal(answer).startswith("Say why the project is quarantined")
    assert 'value="quarantined" selected' in text(answer)
    assert read.project("demo").status is Status.ACTIVE


@pytest.mark.parametrize(
    ("list_", "action", "key", "typed", "left"),
    [
        ("fileface", "delete_file", f"demo/{WHEEL}", WHEEL, [SDIST]),
        ("releaseface", "delete_release", "demo/1.0", "demo 1.0", []),
        ("projectface", "delete_project", "demo", "demo", []),
    ],
    ids=["a file", "a release", "a project"],
)
def test_what_is_deleted_must_be_typed(demo, list_, action, key, typed, left):  # noqa: PLR0917 - a table's columns
    ask = demo.ask(list_, action, key)
    assert f"To confirm, type: {typed}" in text(ask)
    for wrong in ("", "yes", typed.upper()):
        answer = demo.confirm(ask, list_, typed=wrong)
        assert answer.status_code == 400
        assert len(read.files("demo")) == 2
    assert demo.confirm(ask, list_, typed=typed).status_code == 302
    assert [file.filename for file in read.files("demo")] == left
    assert (read.project("demo") is None) == (action == "delete_project")
    assert last()[2:] == ("ana", "admin")


def test_several_files_are_deleted_after_typing_how_many(demo):
    keys = (f"demo/{WHEEL}", f"demo/{SDIST}")
    ask = demo.ask("fileface", "delete_file", *keys)
    assert "To confirm, type: delete 2 files" in text(ask)
    demo.confirm(ask, "fileface", typed="delete 2 files")
    assert read.files("demo") == ()


@pytest.mark.parametrize(
    ("list_", "action", "key", "said"),
    [
        ("fileface", "yank", f"demo/{WHEEL}", {"reason": "late"}),
        ("releaseface", "delete_release", "demo/1.0", {"typed": "demo 1.0"}),
        ("projectface", "set_status", "demo", {"status": "archived", "reason": "late"}),
        ("projectface", "delete_project", "demo", {"typed": "demo"}),
    ],
    ids=["yanking a file", "deleting a release", "setting a status", "deleting a project"],
)
def test_the_second_of_two_administrators_is_told_and_nothing_is_done(  # noqa: PLR0917 - a table's columns
    demo, publish, list_, action, key, said
):
    ask = demo.ask(list_, action, key)
    publish(*make_wheel("demo", "2.0"))
    before = read.files("demo"), read.project("demo")
    answer = demo.confirm(ask, list_, **said)
    assert answer.status_code == 409
    assert refusal(answer).startswith("Somebody else changed demo in the meantime")
    assert (read.files("demo"), read.project("demo")) == before
    assert demo.confirm(answer, list_, **said).status_code == 302, "who looked again may do it"


def test_a_confirmation_without_what_its_page_carried_does_nothing(demo):
    form = hidden(demo.ask("projectface", "delete_project", "demo"))
    del form["seen"]
    assert demo.post("projectface/", {**form, "typed": "demo"}).status_code == 409
    assert read.project("demo") is not None


def test_what_is_gone_by_now_cannot_be_confirmed(demo):
    ask = demo.ask("fileface", "yank", f"demo/{WHEEL}")
    demo.do("projectface", "delete_project", "demo", typed="demo")
    assert demo.confirm(ask, "fileface", reason="late").status_code == 302
    assert "not there any more" in demo.told("fileface")


def test_nothing_is_done_to_everything_at_once(demo):
    answer = demo.post(
        "projectface/",
        {"action": "delete_project", "select_across": "1", "_selected_action": "demo", "confirmed": "yes"},
    )
    assert answer.status_code == 400
    assert read.project("demo") is not None


def test_roles_on_a_project_are_granted_handed_over_and_taken_away(demo):
    for name in ("cleo", "dora"):
        create_user(User(name=name), password=None, change=BY)
    demo.do("projectface", "grant", "demo", kind="user", name="cleo", role="maintainer")
    assert grants("demo") == {"user:cleo": "maintainer"}
    demo.do("projectface", "hand_over", "demo", from_kind="user", from_name="cleo", to_kind="user", to_name="dora")
    assert grants("demo") == {"user:dora": "maintainer"}
    assert "user:dora: maintainer" in text(demo.get("projectface/demo/change/"))
    demo.do("projectface", "ungrant", "demo", kind="user", name="dora")
    assert grants("demo") == {}
    assert last() == ("grant.remove", "user:dora", "ana", "admin")


def test_a_role_for_nobody_is_refused_in_one_sentence(demo):
    answer = demo.do("projectface", "grant", "demo", kind="user", name="nobody", role="reader")
    assert answer.status_code == 404
    assert refusal(answer) == "There is no user named 'nobody'; create it first."


def test_roles_that_somebody_else_changed_are_looked_at_again(demo):
    create_user(User(name="cleo"), password=None, change=BY)
    ask = demo.ask("projectface", "grant", "demo")
    grant(Grant(subject=CLEO, pattern="demo", role=Role.READER), change=BY)
    answer = demo.confirm(ask, "projectface", kind="user", name="cleo", role="maintainer")
    assert answer.status_code == 409
    assert grants("demo") == {"user:cleo": "reader"}


def test_an_upload_session_is_canceled(admin, session, uploader):
    from packages_app.uploads.sessions.read import newest  # noqa: PLC0415 - only this test looks there

    [(_, found)] = newest()
    admin.do("sessionface", "cancel", found.id)
    [(_, found)] = newest()
    assert found.status.value == "canceled"


def test_reconcile_tells_differences_and_mends_nothing(demo, home):
    assert "Compare now" in text(demo.get("reconcile/"))
    assert "agree" in text(demo.post("reconcile/", {}))
    from packages_app.file_store import keys, write  # noqa: PLC0415 - only this test looks there

    write.remove(keys.blob(read.file("demo", WHEEL).sha256, WHEEL))
    page = text(demo.post("reconcile/", {}))
    assert "missing: 1" in page
    assert read.file("demo", WHEEL) is not None


def test_nobody_but_administrators_does_anything(demo):
    create_user(User(name="cleo"), password=None, change=BY)
    grant(Grant(subject=CLEO, pattern="demo", role=Role.MAINTAINER), change=BY)
    form = {**hidden(demo.ask("projectface", "delete_project", "demo")), "typed": "demo"}
    for answer in (
        Client().post("/admin/projectface/", form),
        Administrator("cleo").post("projectface/", form),
    ):
        assert answer.status_code in {302, 403}
    assert read.project("demo") is not None


def test_a_form_from_another_site_does_nothing(demo):
    form = {**hidden(demo.ask("projectface", "delete_project", "demo")), "typed": "demo"}
    del form["csrfmiddlewaretoken"]
    assert demo.client.post("/admin/projectface/", form).status_code == 403
    assert read.project("demo") is not None
