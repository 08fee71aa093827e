import pytest

from packages_app.accounts.entries import Limits, Principal
from packages_app.accounts.errors import Forbidden, NotSignedIn
from packages_app.accounts.permissions import Action, demand, demand_first_upload, may
from packages_app.accounts.visible import visible
from packages_app.catalogue.errors import NoSuchProject
from packages_app.conf import FirstUpload

R, U, Y, D, M, A = Action.READ, Action.UPLOAD, Action.YANK, Action.DELETE, Action.MANAGE, Action.ADMINISTER
NOTHING, READER, UPLOADER = set(), {R}, {R, U}
MAINTAINER, EVERYTHING = {R, U, Y, D, M}, set(Action)
PROJECTS = ("acme-core", "acme", "other")
ON_READS = Limits(actions=frozenset({R}), patterns=("*",))
ON_ACME = Limits(actions=frozenset(Action), patterns=("acme-*",))
ON_UPLOADS = Limits(actions=frozenset({U}), patterns=("acme-core",))


def who(name: str, limits: Limits | None = None) -> Principal:
    return Principal(name=name, limits=limits, token="0123" if limits else "")


@pytest.fixture
def people(make_user, make_group, give):
    make_group("devs")
    for name in ("reader", "uploader", "maintainer", "chief", "owner", "nobody", "two"):
        make_user(name)
    make_user("member", groups=("devs",))
    make_user("gone", administrator=True, disabled=True)
    make_user("boss", administrator=True)
    give("reader", "acme-*", "reader")
    give("uploader", "acme-*", "uploader")
    give("maintainer", "acme-*", "maintainer")
    give("administrator", "acme-*", "chief")
    give("maintainer", "acme-core", "owner")
    give("uploader", "acme-*", "devs", group=True)
    give("reader", "*", "two")
    give("uploader", "other", "two")


@pytest.mark.parametrize(
    ("principal", "each"),
    [
        pytest.param(who(""), (NOTHING, NOTHING, NOTHING), id="anonymous"),
        pytest.param(who("stranger"), (NOTHING, NOTHING, NOTHING), id="a name without an account"),
        pytest.param(who("nobody"), (NOTHING, NOTHING, NOTHING), id="a user who was granted nothing"),
        pytest.param(who("reader"), (READER, NOTHING, NOTHING), id="a reader of a pattern"),
        pytest.param(who("uploader"), (UPLOADER, NOTHING, NOTHING), id="an uploader of a pattern"),
        pytest.param(who("maintainer"), (MAINTAINER, NOTHING, NOTHING), id="a maintainer of a pattern"),
        pytest.param(who("chief"), (EVERYTHING, NOTHING, NOTHING), id="an administrator of a pattern"),
        pytest.param(who("owner"), (MAINTAINER, NOTHING, NOTHING), id="a maintainer of one project"),
        pytest.param(who("member"), (UPLOADER, NOTHING, NOTHING), id="a member of a group"),
        pytest.param(who("two"), (READER, READER, UPLOADER), id="a reader of all who uploads to one"),
        pytest.param(who("boss"), (EVERYTHING, EVERYTHING, EVERYTHING), id="an administrator"),
        pytest.param(who("ana"), (EVERYTHING, EVERYTHING, EVERYTHING), id="a configured user"),
        pytest.param(who("gone"), (NOTHING, NOTHING, NOTHING), id="a disabled administrator"),
        pytest.param(who("ana", ON_READS), (READER, READER, READER), id="a token that reads"),
        pytest.param(who("ana", ON_ACME), (EVERYTHING, NOTHING, NOTHING), id="a token of a pattern"),
        pytest.param(who("ana", ON_UPLOADS), ({U}, NOTHING, NOTHING), id="a token that only uploads to one project"),
        pytest.param(who("reader", ON_ACME), (READER, NOTHING, NOTHING), id="a token that is wider than its owner"),
        pytest.param(who("two", ON_ACME), (READER, NOTHING, NOTHING), id="a token that is narrower in places"),
        pytest.param(who("gone", ON_READS), (NOTHING, NOTHING, NOTHING), id="a token of a disabled user"),
        pytest.param(Principal(name="reconcile", trusted=True), (EVERYTHING, EVERYTHING, EVERYTHING), id="a command"),
    ],
)
@pytest.mark.parametrize("public_read", [False, True], ids=["private", "open"])
def test_who_may_do_what(people, settings, principal, each, public_read):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "public_read": public_read}
    for project, allowed in zip(PROJECTS, each, strict=True):
        expected = allowed | {R} if public_read else allowed
        assert {action for action in Action if may(principal, action, project)} == expected
        assert (project in visible(principal)) == (R in expected)
        for action in Action:
            if action in expected:
                demand(principal, action, project)
                continue
            with pytest.raises((NotSignedIn, NoSuchProject, Forbidden)) as refusal:
                demand(principal, action, project)
            assert type(refusal.value) is refused(principal, action, expected)


def refused(principal: Principal, action: Action, allowed: set[Action]) -> type[Exception]:
    """An anonymous caller signs in; one who may not read learns nothing; the others learn that they may not."""
    if not principal.signed_in:
        return NotSignedIn
    return Forbidden if R in allowed or action is U else NoSuchProject


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("", set()),
        ("nobody", {R}),
        ("reader", {R}),
        ("uploader", {R, U}),
        ("member", {R, U}),
        ("owner", {R, U}),
        ("chief", {R, U}),
        ("boss", EVERYTHING),
        ("ana", EVERYTHING),
        ("gone", set()),
    ],
)
def test_without_a_project_reading_and_uploading_mean_any_and_the_rest_means_all(people, name, actions):
    assert {action for action in Action if may(who(name), action)} == actions


def test_an_administrator_role_on_everything_administers_the_index(people, give):
    assert not may(who("nobody"), A)
    give("administrator", "*", "nobody")
    assert may(who("nobody"), A)
    assert not may(who("nobody", ON_READS), A)
    assert not may(who("nobody", ON_ACME), A)  # its actions are all, but not on all
    assert may(who("nobody", Limits(actions=frozenset({A}), patterns=("*",))), A)


def test_everyone_is_a_group_of_every_enabled_user(people, give):
    give("reader", "other", "everyone", group=True)
    assert may(who("nobody"), R, "other")
    assert not may(who("gone"), R, "other")
    assert not may(who("stranger"), R, "other")
    assert not may(who(""), R, "other")


@pytest.mark.parametrize(
    ("name", "any_uploader", "registered"),
    [
        pytest.param("uploader", True, False, id="an uploader by a pattern"),
        pytest.param("owner", True, True, id="who was granted the very name"),
        pytest.param("boss", True, True, id="an administrator"),
        pytest.param("ana", True, True, id="a configured user"),
    ],
)
def test_who_begins_a_project(people, settings, name, any_uploader, registered):
    for policy, allowed in ((FirstUpload.ANY_UPLOADER, any_uploader), (FirstUpload.REGISTERED, registered)):
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "first_upload": policy}
        if allowed:
            demand_first_upload(who(name), "acme-core")
        else:
            with pytest.raises(Forbidden, match="registered"):
                demand_first_upload(who(name), "acme-core")
