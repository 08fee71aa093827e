"""The other addresses of trusted publishing: whom statements are for, where tokens are exchanged and given back."""

import pytest

from packages_app.accounts.tokens.write import create
from packages_app.audit.read import trail
from packages_app.conf import options
from tests.functional.accounts import CHANGE
from tests.functional.conftest import basic
from tests.functional.trusted_publishing.pipelines import audience, burn, minted, one_home, trust


@one_home
def test_the_audience_is_this_index_alone_or_what_the_operator_says(client, service, configure, settings):
    first = audience(client)
    assert first.startswith("elastic-pypi-")
    settings.SECRET_KEY = "another index's key, which is long enough to be one"
    assert audience(client) != first
    configure(trusted_issuers=options().trusted_issuers, trusted_audience="acme-packages")
    assert audience(client) == "acme-packages"
    trust()
    minted(client, service)


@one_home
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/legacy/", 200),
        ("/legacy", 200),
        ("/simple/", 200),
        ("/", 200),
        ("/upload/", 200),
        ("/api/", 404),
        ("", 200),
        ("http://[", 404),
    ],
)
def test_clients_are_told_where_to_exchange_tokens(client, service, path, status):
    answer = client.get(f"/.well-known/pytp?discover={path}", headers={"accept": "application/vnd.pypi.pytp.v1+json"})
    assert answer.status_code == status
    if status == 200:
        assert answer["Content-Type"] == "application/vnd.pypi.pytp.v1+json"
        assert answer.json()["audience-endpoint"] == "http://testserver/_/oidc/audience"
        assert answer.json()["token-mint-endpoint"] == "http://testserver/_/oidc/mint-token"


@one_home
def test_another_version_of_the_discovery_is_not_acceptable(client, service):
    answer = client.get("/.well-known/pytp?discover=/", headers={"accept": "application/vnd.pypi.pytp.v9+json"})
    assert answer.status_code == 406


def test_a_pipeline_gives_its_token_back(client, service, upload):
    found = trust()
    given = minted(client, service)
    assert upload("widget", given).status_code == 200
    assert burn(client, given).status_code == 202
    assert upload("widget", given, "2.0").status_code == 401
    assert burn(client, given).status_code == 202  # again is fine
    said = trail(actor=found.name).events[0]
    assert (said.action, said.actor) == ("token.revoke", found.name)


@one_home
def test_nothing_else_can_be_given_back_there_and_nothing_is_told(client, service):
    trust()
    _, theirs = create("ana", change=CHANGE)
    given = minted(client, service)
    for wrong in (theirs, given[:-1] + ("a" if given[-1] != "a" else "b"), "x"):
        assert burn(client, wrong).status_code == 202
    for token in (theirs, given):
        assert client.get("/api/tokens", headers=basic("__token__", token)).status_code == 200
    assert client.post("/_/oidc/burn-token", data=b"", content_type="application/json").status_code == 422
