from datetime import UTC, datetime, timedelta

import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import BadAccount, Forbidden, NoSuchAccount, NotSignedIn
from packages_app.accounts.publishers.entries import Pipeline
from packages_app.accounts.publishers.write import trust
from packages_app.accounts.roles import Action
from packages_app.accounts.tokens import issue
from packages_app.accounts.tokens.accept import accept

ANA, BEN, NOBODY = Principal(name="ana"), Principal(name="ben"), Principal(name="")
READ = frozenset({Action.READ})
MANAGE = READ | {Action.MANAGE}
SOON = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(autouse=True)
def _people(make_user):
    make_user("ben")


def came_with(who: Principal, **wanted) -> Principal:
    """Return who comes with a new token."""
    return accept(issue.issue(who, source="api", **{"actions": READ, **wanted})[1], "192.0.2.1")


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        pytest.param({"actions": READ, "patterns": ("acme-core",)}, True, id="one project"),
        pytest.param({"actions": MANAGE}, True, id="the same"),
        pytest.param({"actions": MANAGE | {Action.UPLOAD}}, False, id="one action more"),
        pytest.param({"actions": READ, "expires": None}, False, id="a longer life"),
        pytest.param({"actions": READ, "expires": SOON + timedelta(seconds=1)}, False, id="a little longer life"),
    ],
)
def test_a_token_makes_no_token_that_is_more_than_itself(wanted, allowed):
    held = came_with(BEN, actions=MANAGE, expires=SOON)
    given = {"expires": SOON, **wanted}
    if allowed:
        assert issue.issue(held, source="api", **given)[0].owner == "ben"
        return
    with pytest.raises(Forbidden, match="no more"):
        issue.issue(held, source="api", **given)


@pytest.mark.parametrize(
    "less",
    [{}, {"actions": MANAGE, "patterns": ("acme-*",)}, {"actions": MANAGE, "networks": ("192.0.2.0/24",)}],
    ids=["to read", "to manage some projects", "bound to networks"],
)
def test_a_token_that_is_for_less_makes_none(less):
    held = came_with(BEN, **less)
    with pytest.raises(Forbidden):
        issue.issue(held, actions=READ, networks=less.get("networks", ()), source="api")


def test_a_token_that_is_for_less_sees_and_revokes_itself_alone():
    held, (other, _) = came_with(BEN), issue.issue(BEN, actions=READ, source="api")
    assert [token.id for token in issue.of_owner(held, "ben", "", 5).tokens] == [held.token]
    for deed in (lambda: issue.shown(held, other.id), lambda: issue.revoke(held, other.id, source="api")):
        with pytest.raises(NoSuchAccount):
            deed()
    assert issue.revoke(held, held.token, source="api").revoked is not None
    assert issue.shown(came_with(BEN, actions=MANAGE), other.id).revoked is None


def test_only_administrators_make_and_see_tokens_of_others():
    with pytest.raises(Forbidden):
        issue.issue(BEN, owner="ana", actions=READ, source="api")
    made, _ = issue.issue(ANA, owner="ben", actions=READ, source="api")
    assert issue.shown(BEN, made.id) == issue.shown(ANA, made.id)
    other, _ = issue.issue(ANA, actions=READ, source="api")
    for look in (
        lambda: issue.shown(BEN, other.id),
        lambda: issue.revoke(BEN, other.id, source="api"),
    ):
        with pytest.raises(NoSuchAccount):
            look()
    for look in (lambda: issue.of_all(BEN, "", 5), lambda: issue.of_owner(BEN, "ana", "", 5)):
        with pytest.raises(Forbidden):
            look()


def test_a_publisher_is_given_no_token_by_anybody():
    wanted = Pipeline(kind="subject", issuer="https://ci.test", fields={"subject": "machine-7"})
    found = trust(wanted, "acme-core", change=ANA.change("api"))
    with pytest.raises(BadAccount, match="by its pipeline"):
        issue.issue(ANA, owner=found.name, actions=MANAGE, source="api")


def test_nobody_has_tokens(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "public_read": True}
    for look in (
        lambda: issue.issue(NOBODY, actions=READ, source="api"),
        lambda: issue.of_owner(NOBODY, "", "", 5),
        lambda: issue.shown(NOBODY, "0"),
    ):
        with pytest.raises(NotSignedIn):
            look()
