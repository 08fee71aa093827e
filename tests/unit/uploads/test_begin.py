"""Of several who begin one project at once, one becomes its maintainer."""

import pytest

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Grant, Principal, Subject, SubjectKind, User
from packages_app.accounts.grants import grant
from packages_app.accounts.roles import Role
from packages_app.accounts.write import create_user
from packages_app.catalogue.entries import Change
from packages_app.uploads import publish as journey
from packages_app.uploads.begin import begins
from packages_app.uploads.candidate import Candidate
from packages_app.uploads.publish import Outcome, publish
from tests import homes
from tests.factories import make_wheel

ROOT = Change(actor="root")
FIRST, SECOND = Principal(name="first"), Principal(name="second")


@pytest.fixture(autouse=True)
def _uploaders():
    for who in (FIRST, SECOND):
        create_user(User(name=who.name), password=None, change=ROOT)
        subject = Subject(SubjectKind.USER, who.name)
        grant(Grant(subject=subject, pattern="*", role=Role.UPLOADER), change=ROOT)


@pytest.fixture
def candidate(tmp_path):
    def make(version: str, principal: Principal) -> Candidate:
        return homes.candidate(tmp_path / version, make_wheel(version=version), principal)

    return make


def maintainers() -> list[str]:
    return [each.subject.name for each in accounts.grants_on("demo") if each.role is Role.MAINTAINER]


def test_the_first_one_listed_is_the_maintainer_and_the_other_is_listed_too(candidate, monkeypatch):
    def meanwhile(project: str, who: Principal):
        found = begins(project, who)
        if who is SECOND and found is not None:  # in the moment between the look and the transaction
            publish(candidate("1.0", FIRST))
        return found

    monkeypatch.setattr(journey, "begins", meanwhile)
    assert publish(candidate("2.0", SECOND)).outcome is Outcome.CREATED
    assert maintainers() == ["first"]


@pytest.mark.parametrize(
    "who", [Principal(name="ana"), Principal(name="reconcile", trusted=True)], ids=["an administrator", "a command"]
)
def test_who_may_do_everything_needs_no_role(candidate, who):
    publish(candidate("1.0", who))
    assert maintainers() == []


def test_a_refused_upload_makes_nobody_a_maintainer(candidate):
    broken = candidate("1.0", FIRST)
    broken.path.write_bytes(b"no archive")
    with pytest.raises(Exception, match="archive"):
        publish(broken)
    assert maintainers() == []
