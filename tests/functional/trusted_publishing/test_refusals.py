"""What is exchanged for nothing: statements that are not right, and right ones of somebody else."""

import base64
import hmac
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from packages_app.accounts.oidc import provider as keeping
from packages_app.accounts.publishers import read, register
from packages_app.audit.read import trail
from tests.functional.trusted_publishing.pipelines import (
    ROOT,
    audience,
    exchange,
    minted,
    one_home,
    refused,
    trust,
)


@one_home
def test_what_no_text_can_hold_is_left_out_of_what_is_kept(client, service):
    found = trust()
    minted(client, service, repository_id="7\ud800\n4", run_id="9\ud8000\n0", actor="\N{RIGHT-TO-LEFT OVERRIDE}ana")
    assert read.publisher(found.id).pinned == "repository_owner_id=65 repository_id=7  4"
    said = next(event for event in trail().events if event.action == "token.create").after["description"]
    assert said.startswith("run 9 0 0 by  ana of refs/tags/v1; ")


@one_home
def test_a_name_that_somebody_else_took_over_publishes_nothing(client, service):
    found = trust()
    minted(client, service)
    taken = service.token(audience(client), repository_owner_id="999")
    assert "is not the one that published here first" in refused(exchange(client, taken), "invalid-publisher")
    said = trail(target=found.name).events[0]
    assert (said.action, said.after["pinned"]) == ("publisher.refuse", "repository_owner_id=999 repository_id=74")
    assert said.after["run"] == "run 900 by ana of refs/tags/v1"
    # Whoever manages the project says that it is right.
    register.remove(ROOT, found.id, source="test")
    trust()
    minted(client, service, repository_owner_id="999")


OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def unsigned(service, audience: str) -> str:
    """Return a token that says it needs no signature."""
    payload = service.token(audience).split(".")[1]
    header = base64.urlsafe_b64encode(b'{"alg":"none","kid":"one"}').rstrip(b"=").decode()
    return f"{header}.{payload}."


def by_public_key(service, audience: str) -> str:
    """Return a token that uses the public key as a shared secret."""
    payload = service.token(audience).split(".")[1]
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    public = service.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signature = hmac.digest(public, f"{header}.{payload}".encode(), "sha256")
    return f"{header}.{payload}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


WRONG = {
    "by another key": lambda service, audience: service.token(audience, key=OTHER),
    "by a key that nobody has": lambda service, audience: service.token(audience, header={"kid": "two"}),
    "unsigned": unsigned,
    "by the public key as a secret": by_public_key,
    "for another index": lambda service, _: service.token("elastic-pypi-0123456789abcdef"),
    "for another index too": lambda service, audience: service.token([audience, "another"]),
    "for nobody": lambda service, _: service.token("", aud=None),
    "expired": lambda service, audience: service.token(audience, exp=int(time.time()) - 61),
    "not yet good": lambda service, audience: service.token(audience, nbf=int(time.time()) + 120),
    "without an end": lambda service, audience: service.token(audience, exp=None),
    "with an end that is far": lambda service, audience: service.token(audience, exp=int(time.time()) + 90_000),
    "with an end that is no number": lambda service, audience: service.token(audience, exp="soon"),
    "of another issuer": lambda service, audience: service.token(audience, iss="https://ci.example"),
    "of an issuer that is none": lambda service, audience: service.token(audience, iss=7),
    "of no issuer": lambda service, audience: service.token(audience, iss=None),
    "with an end that is a far text": lambda service, audience: service.token(
        audience, exp=str(int(time.time()) + 90_000)
    ),
    "about nobody": lambda service, audience: service.token(audience, sub=None),
    "cut off": lambda service, audience: service.token(audience)[:-20],
    "two parts": lambda service, audience: service.token(audience).rpartition(".")[0],
    "one word": lambda *_: "token",
    "no JSON": lambda *_: "aaaa.bbbb.cccc",
    "a list": lambda *_: "e30.W10.x",
    "characters of another alphabet": lambda *_: "ä.ö.ü",
    "with half a character": lambda service, audience: service.token(audience) + "\ud800",
    "deep": lambda *_: "e30." + base64.urlsafe_b64encode(b"[" * 9000).decode() + ".x",
    "too long": lambda service, audience: service.token(audience, more="x" * 17_000),
}


@one_home
@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_is_not_right_is_exchanged_for_nothing(client, service, wrong):
    trust()
    refused(exchange(client, WRONG[wrong](service, audience(client))), "invalid-token")
    assert read.publisher(trust().id).last_used is None


@one_home
@pytest.mark.parametrize(
    "changes",
    [
        {"repository": "acme/other", "job_workflow_ref": "acme/other/.github/workflows/release.yml@refs/heads/main"},
        {"job_workflow_ref": "Acme/Widget/.github/workflows/test.yml@refs/heads/main"},
        {"event_name": "pull_request_target"},
        {"repository": None},
        {"repository": ["Acme/Widget"]},
    ],
    ids=["another repository", "another workflow", "what a stranger sent", "no repository", "no text"],
)
def test_a_right_token_of_another_pipeline_is_exchanged_for_nothing_and_says_what_it_is(client, service, changes):
    trust()
    sentence = refused(exchange(client, service.token(audience(client), **changes)), "invalid-publisher")
    assert "repo:Acme/Widget" in sentence


@one_home
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"token",
        b"[]",
        b'{"token": 7}',
        b'{"token": ""}',
        b'{"jwt": "x"}',
        b"[" * 20_000,
        b'{"token": "' + b"x" * 33_000 + b'"}',
        b'{"token": "' + b"x" * 132_000 + b'"}',
    ],
    ids=[
        "nothing",
        "no JSON",
        "no object",
        "a token that is no text",
        "an empty token",
        "no token",
        "brackets without end",
        "more than is read",
        "a length of six digits",
    ],
)
def test_a_body_without_a_token_is_told_what_to_send(client, service, body):
    answer = client.post("/_/oidc/mint-token", data=body, content_type="application/json")
    assert "Send a JSON object with the field token" in refused(answer, "invalid-payload")


@one_home
def test_a_feature_that_there_is_not_is_refused_with_the_one_that_there_is(client, service):
    answer = exchange(client, "x", features=["single-use-token"])
    assert refused(answer, "invalid-payload").endswith("the only feature is multi-use-token.")


@one_home
def test_a_service_that_does_not_answer_is_503_and_no_refusal(client, service):
    trust()
    keeping.described.clear()
    keeping.keys.clear()
    service.status = 500
    answer = exchange(client, service.token(audience(client)))
    assert answer.status_code == 503
    assert answer["Retry-After"]
    service.status = 200
    minted(client, service)


@one_home
def test_keys_are_asked_for_once_and_not_by_who_forges(client, service):
    trust()
    keeping.described.clear()
    keeping.keys.clear()
    for _ in range(3):
        minted(client, service)
        exchange(client, service.token(audience(client), header={"kid": "two"}))
    assert service.asked == ["/ci/.well-known/openid-configuration", "/ci/keys"]


@one_home
def test_guesses_are_throttled_and_a_right_token_is_not(client, service):
    trust()
    answers = [exchange(client, "a.b.c").status_code for _ in range(32)]
    assert answers[0] == 422
    assert answers[-1] == 429
    minted(client, service)


@one_home
def test_an_index_that_trusts_nobody_has_no_such_door(client, home):
    for answer in (
        client.get("/_/oidc/audience"),
        exchange(client, "a.b.c"),
        client.get("/.well-known/pytp?discover=/legacy/"),
    ):
        assert answer.status_code == 404
        assert "trusts no CI service" in answer.json()["message"]
