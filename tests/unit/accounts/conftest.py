"""An index of its own for each test, with accounts to choose from."""

import pytest

from packages_app.accounts.entries import Grant, Group, Subject, SubjectKind, User
from packages_app.accounts.grants import grant
from packages_app.accounts.roles import Role
from packages_app.accounts.write import create_group, create_user
from packages_app.catalogue.entries import Change

ROOT = Change(actor="root", address="192.0.2.1", source="command")


@pytest.fixture(autouse=True)
def _own_index(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path, "users": {"ana": "pa:ss wörd"}}


@pytest.fixture
def make_user():
    """Make a user: ``make_user("ben", groups=("devs",))``."""

    def make(name: str, *, password: str | None = None, **fields) -> User:
        return create_user(User(name=name, **fields), password=password, change=ROOT)

    return make


@pytest.fixture
def make_group():
    """Make a group."""
    return lambda name: create_group(Group(name=name), change=ROOT)


@pytest.fixture
def give():
    """Grant a role: ``give("uploader", "acme-*", "ben")``, or to a group with ``group=True``."""

    def granted(role: str, pattern: str, name: str, *, group: bool = False) -> None:
        subject = Subject(SubjectKind.GROUP if group else SubjectKind.USER, name)
        grant(Grant(subject=subject, pattern=pattern, role=Role(role)), change=ROOT)

    return granted
