import pytest

from packages_app.accounts import read
from packages_app.accounts.entries import Grant, Principal, Subject, SubjectKind, User
from packages_app.accounts.errors import BadAccount, Forbidden, NoSuchAccount
from packages_app.accounts.grants import grant
from packages_app.accounts.hand_over import hand_over
from packages_app.accounts.roles import Role
from packages_app.accounts.write import create_user
from packages_app.audit.read import trail
from packages_app.catalogue.entries import Change

BY = Change(actor="ana", source="test")
ANA = Principal(name="ana")
CLEO, DORA = (Subject(SubjectKind.USER, name) for name in ("cleo", "dora"))


@pytest.fixture(autouse=True)
def _two_users(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    for name in ("cleo", "dora"):
        create_user(User(name=name), password=None, change=BY)


def held() -> dict[str, Role]:
    return {str(given.subject): given.role for given in read.grants_on("demo")}


def test_the_taker_has_the_role_and_the_giver_has_not():
    grant(Grant(subject=CLEO, pattern="demo", role=Role.MAINTAINER), change=BY)
    hand_over("demo", CLEO, DORA, ANA, source="test")
    assert held() == {"user:dora": Role.MAINTAINER}
    assert [(event.action, event.target) for event in trail(limit=2).events] == [
        ("grant.remove", "user:cleo"),
        ("grant.add", "user:dora"),
    ]


@pytest.mark.parametrize(
    ("giver", "taker", "refusal"),
    [
        (CLEO, CLEO, BadAccount),
        (DORA, CLEO, NoSuchAccount),
        (CLEO, Subject(SubjectKind.USER, "nobody"), NoSuchAccount),
        (CLEO, Subject(SubjectKind.GROUP, "nobody"), NoSuchAccount),
    ],
    ids=["to oneself", "what one has not", "to no user", "to no group"],
)
def test_what_cannot_be_handed_over_stays(giver, taker, refusal):
    grant(Grant(subject=CLEO, pattern="demo", role=Role.UPLOADER), change=BY)
    with pytest.raises(refusal):
        hand_over("demo", giver, taker, ANA, source="test")
    assert held() == {"user:cleo": Role.UPLOADER}


def test_a_role_by_a_pattern_is_none_on_the_project_to_hand_over():
    grant(Grant(subject=CLEO, pattern="de*", role=Role.MAINTAINER), change=BY)
    with pytest.raises(NoSuchAccount):
        hand_over("demo", CLEO, DORA, ANA, source="test")


def test_only_who_manages_the_project_hands_over():
    grant(Grant(subject=CLEO, pattern="demo", role=Role.READER), change=BY)
    with pytest.raises(Forbidden):
        hand_over("demo", CLEO, DORA, Principal(name="cleo"), source="test")
    assert held() == {"user:cleo": Role.READER}
