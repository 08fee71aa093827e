from datetime import UTC, datetime, timedelta

import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import Forbidden, NoSuchAccount, NotSignedIn
from packages_app.accounts.roles import Action
from packages_app.accounts.tokens import issue
from packages_app.accounts.tokens.accept import accept

ANA, BEN, NOBODY = Principal(name="ana"), Principal(name="ben"), Principal(name="")
READ = frozenset({Action.READ})
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
        pytest.param({"actions": READ, "patterns": ("acme-core",)}, True, id="one project of its own"),
        pytest.param({"actions": READ, "patterns": ("acme-*",)}, True, id="the same"),
        pytest.param({"actions": READ, "patterns": ("acme-x*",)}, True, id="a narrower pattern"),
        pytest.param({"actions": READ, "patterns": ("acme-*", "other")}, False, id="one project more"),
        pytest.param({"actions": READ, "patterns": ("acm*",)}, False, id="a wider pattern"),
        pytest.param({"actions": READ}, False, id="every project"),
        pytest.param({"actions": READ | {Action.UPLOAD}, "patterns": ("acme-*",)}, False, id="one action more"),
        pytest.param({"actions": READ, "patterns": ("acme-*",), "expires": None}, False, id="a longer life"),
    ],
)
def test_a_token_makes_no_token_that_is_more_than_itself(wanted, allowed):
    held = came_with(BEN, patterns=("acme-*",), expires=SOON)
    given = {"expires": SOON, **wanted}
    if allowed:
        assert issue.issue(held, source="api", **given)[0].owner == "ben"
        return
    with pytest.raises(Forbidden, match="no more"):
        issue.issue(held, source="api", **given)


def test_a_token_that_is_bound_to_networks_makes_none():
    held = came_with(BEN, networks=("192.0.2.0/24",))
    with pytest.raises(Forbidden):
        issue.issue(held, actions=READ, networks=("192.0.2.1/32",), source="api")


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


def test_nobody_has_tokens(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "public_read": True}
    for look in (
        lambda: issue.issue(NOBODY, actions=READ, source="api"),
        lambda: issue.of_owner(NOBODY, "", "", 5),
        lambda: issue.shown(NOBODY, "0"),
    ):
        with pytest.raises(NotSignedIn):
            look()
