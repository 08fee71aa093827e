import json
import threading

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from packages_app.accounts.oidc import provider as keeping
from packages_app.accounts.oidc.errors import ProviderFailed
from packages_app.accounts.oidc.provider import described_by, key, provider, read_keys
from tests.fakes.provider import Provider

ISSUER = "https://id.example/realm"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://id.example/authorize",
    "token_endpoint": "https://id.example/token",
    "jwks_uri": "https://id.example/keys",
}
PUBLIC = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048).public_key()))


@pytest.fixture
def start():
    """Start a provider on loopback; each has an issuer of its own."""
    started: list[Provider] = []

    def started_now() -> Provider:
        started.append(Provider())
        return started[-1]

    yield started_now
    for each in started:
        each.close()


def test_a_provider_that_is_slow_holds_up_nobody_who_asks_another(start):
    slow, other = start(), start()
    asked, answering = threading.Event(), threading.Event()
    slow.keys = lambda: (asked.set(), answering.wait(5), {"keys": []})[2]
    waiting = threading.Thread(target=key, args=(f"{slow.issuer}/keys", "one"))
    waiting.start()
    assert asked.wait(5)
    assert key(f"{other.issuer}/keys", "one") is not None
    assert provider(other.issuer).token == f"{other.issuer}/token"
    assert waiting.is_alive()
    answering.set()
    waiting.join()


def test_what_a_provider_says_is_asked_for_once_and_again_when_it_is_old(start, monkeypatch):
    found = start()
    for _ in range(2):
        provider(found.issuer)
        key(f"{found.issuer}/keys", "one")
    assert found.asked == ["/realm/.well-known/openid-configuration", "/realm/keys"]
    monkeypatch.setattr(keeping, "KEPT", 0.0)
    provider(found.issuer)
    key(f"{found.issuer}/keys", "one")
    assert len(found.asked) == 4


@pytest.mark.parametrize(
    ("methods", "in_body"),
    [
        (None, False),
        ([], False),
        (["client_secret_basic"], False),
        (["client_secret_post"], True),
        (["client_secret_post", "client_secret_basic"], False),
        (["private_key_jwt"], False),
    ],
    ids=["says nothing", "names none", "basic", "post", "both", "another"],
)
def test_the_secret_goes_into_the_body_only_where_nothing_else_is_taken(methods, in_body):
    document = {**DOCUMENT, "token_endpoint_auth_methods_supported": methods}
    assert described_by(document, ISSUER).secret_in_body is in_body


def test_a_provider_that_speaks_for_another_issuer_is_not_believed():
    with pytest.raises(ProviderFailed):
        described_by(DOCUMENT, f"{ISSUER}/")


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        pytest.param([{**PUBLIC, "kid": "a"}, {**PUBLIC, "kid": "b", "use": "sig"}], ["a", "b"], id="signing keys"),
        pytest.param([{**PUBLIC, "kid": "a", "use": "enc"}], [], id="a key to encrypt with"),
        pytest.param([{"kty": "oct", "k": "c2VjcmV0", "kid": "a"}], [], id="a shared secret"),
        pytest.param([{"kty": "another", "kid": "a"}, {**PUBLIC, "kid": "b"}], ["b"], id="a kind that is not known"),
        pytest.param(["a", None, {**PUBLIC, "kid": "b"}], ["b"], id="what is no key"),
        pytest.param(
            [{**PUBLIC, "kid": "a", "alg": "none"}, {**PUBLIC, "kid": "b"}], ["b"], id="a key that signs nothing"
        ),
        pytest.param([{**PUBLIC, "kid": "a", "alg": ["RS256"]}, {**PUBLIC, "kid": "b"}], ["b"], id="no name of a way"),
        pytest.param([PUBLIC], [""], id="a key without a name"),
        pytest.param("keys", [], id="no list"),
        pytest.param(None, [], id="nothing"),
    ],
)
def test_of_a_key_set_only_keys_for_signatures_are_taken(given, ids):
    assert list(read_keys({"keys": given})) == ids


@pytest.mark.parametrize(
    ("keys", "id_", "found"),
    [
        ([{"kid": "a"}, {"kid": "b"}], "b", True),
        ([{"kid": "a"}, {"kid": "b"}], "c", False),
        ([{"kid": "a"}], None, True),
        ([{}], None, True),
        ([{"kid": "a"}, {"kid": "b"}], None, False),
        ([], None, False),
    ],
    ids=["by its name", "not there", "the only one", "the only one, nameless", "one of two", "none"],
)
def test_a_token_that_names_no_key_means_the_only_one(start, keys, id_, found):
    at = start()
    at.keys = lambda: {"keys": [{**PUBLIC, **each} for each in keys]}
    assert (key(f"{at.issuer}/keys", id_) is not None) is found
