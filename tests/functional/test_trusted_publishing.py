"""Pipelines exchange what their CI service says of them for a token, and publish with it, in every home."""

import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import EVERYONE, Grant, Principal
from packages_app.accounts.errors import Forbidden, NoSuchAccount
from packages_app.accounts.grants import grant
from packages_app.accounts.oidc import provider as keeping
from packages_app.accounts.publishers import mint, read, register, write
from packages_app.accounts.publishers.errors import BadPublisher
from packages_app.accounts.publishers.models import ExchangedRow
from packages_app.accounts.roles import Role
from packages_app.accounts.tokens import read as tokens
from packages_app.accounts.tokens.models import TokenRow
from packages_app.accounts.tokens.write import create
from packages_app.audit.read import trail
from packages_app.catalogue.errors import NoSuchProject
from packages_app.conf import FirstUpload, options
from packages_app.maintenance.delete import delete_project
from tests.factories import make_wheel
from tests.fake_ci import GITLAB_CLAIMS, CiService
from tests.functional.accounts import CHANGE, user
from tests.functional.conftest import basic

ROOT = Principal(name="ana")
RELEASE = {"repository": "acme/widget", "workflow": "release.yml"}
one_home = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)


@pytest.fixture(scope="module")
def running():
    made = CiService()
    yield made
    made.close()


@pytest.fixture
def service(running, home, configure):
    """The service as it should be, trusted by the settings."""
    fresh = dict(running.claims)
    running.document, running.status, running.asked = {}, 200, []
    configure(trusted_issuers=(("github", running.issuer),))
    yield running
    running.claims = fresh


def trust(pattern: str = "widget", **fields: str):
    return register.trust(ROOT, pattern, kind_="github", fields={**RELEASE, **fields}, source="test")


def audience(client) -> str:
    answer = client.get("/_/oidc/audience")
    assert answer.status_code == 200
    return answer.json()["audience"]


def exchange(client, shown: str, **more: object):
    return client.post("/_/oidc/mint-token", data=json.dumps({"token": shown, **more}), content_type="application/json")


def minted(client, service, **changes: object) -> str:
    answer = exchange(client, service.token(audience(client), **changes))
    assert answer.status_code == 200, answer.text
    return answer.json()["token"]


@pytest.fixture
def upload(publish):
    """Upload a wheel with a token of this index."""
    return lambda name, given, version="1.0": publish(*make_wheel(name, version), headers=basic("__token__", given))


def refused(answer, code: str) -> str:
    """Return the sentence of a refusal in the form that upload clients read."""
    assert answer.status_code == 422, answer.text
    document = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["code"] for error in document["errors"]] == [code]
    assert document["errors"][0]["description"] == document["message"] == document["detail"]
    return document["message"]


def test_a_pipeline_publishes_what_it_is_trusted_with_and_nothing_else(client, service, upload):
    found = trust()
    answer = exchange(client, service.token(audience(client)))
    document = answer.json()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert set(document) == {"success", "token", "expires", "features"}
    assert document["success"] is True
    assert time.time() + 880 < document["expires"] <= time.time() + 901

    assert upload("widget", document["token"]).status_code == 200
    assert upload("widget", document["token"], "2.0").status_code == 200
    assert upload("gadget", document["token"]).status_code == 403
    reads = basic("__token__", document["token"])
    assert client.get("/simple/widget/", headers=reads).status_code == 200
    assert client.get("/simple/gadget/", headers=reads).status_code == 404
    assert client.delete("/api/projects/widget", headers=reads).status_code == 403
    assert client.get("/api/users", headers=reads).status_code == 403

    # It is nobody's maintainer for having begun the project.
    assert [(str(each.subject), each.role) for each in accounts.grants_on("widget")] == [(found.name, Role.UPLOADER)]
    said = [event for event in trail(project="widget").events if event.action == "file.publish"]
    assert [(event.actor, event.source) for event in said] == [(found.name, "legacy")] * 2
    seen = read.publisher(found.id)
    assert seen.last_used is not None
    assert seen.pinned == "repository_owner_id=65 repository_id=74"


def test_a_token_of_the_service_is_exchanged_once(client, service):
    trust()
    shown = service.token(audience(client), jti="only-once")
    assert exchange(client, shown).status_code == 200
    assert "exchanged before" in refused(exchange(client, shown), "invalid-reuse-token")
    # Another with the same id is the same token, whatever else it says.
    refused(exchange(client, service.token(audience(client), jti="only-once", run_id="901")), "invalid-reuse-token")


@one_home
def test_a_token_for_a_list_of_this_index_alone_is_right(client, service):
    trust()
    minted(client, service, aud=[audience(client)])


def test_jobs_that_begin_together_are_all_given_tokens_the_first_time_too(client, service, monkeypatch):
    trust()
    shown = [service.token(audience(client)) for _ in range(2)]
    real = mint.exchange

    def meanwhile(*given: object):
        monkeypatch.setattr(mint, "exchange", real)
        assert exchange(client, shown[1]).status_code == 200
        return real(*given)

    monkeypatch.setattr(mint, "exchange", meanwhile)
    assert exchange(client, shown[0]).status_code == 200


def test_of_two_who_are_first_together_the_one_with_other_ids_is_refused(client, service, monkeypatch):
    trust()
    shown = [service.token(audience(client)), service.token(audience(client), repository_owner_id="999")]
    real = mint.exchange

    def meanwhile(*given: object):
        monkeypatch.setattr(mint, "exchange", real)
        assert exchange(client, shown[1]).status_code == 200
        return real(*given)

    monkeypatch.setattr(mint, "exchange", meanwhile)
    assert "is not the one that published here first" in refused(exchange(client, shown[0]), "invalid-publisher")


def test_a_publisher_that_is_removed_while_it_asks_is_given_nothing(client, service, monkeypatch):
    found = trust()
    real = mint.exchange

    def meanwhile(*given: object):
        register.remove(ROOT, found.id, source="test")
        return real(*given)

    monkeypatch.setattr(mint, "exchange", meanwhile)
    assert "No publisher" in refused(exchange(client, service.token(audience(client))), "invalid-publisher")
    assert tokens.page_of(found.name).tokens == ()


@one_home
def test_a_token_without_an_id_is_exchanged_once_too(client, service):
    trust()
    shown = service.token(audience(client), jti=None)
    assert exchange(client, shown).status_code == 200
    refused(exchange(client, shown), "invalid-reuse-token")
    assert exchange(client, service.token(audience(client), jti=None, run_id="901")).status_code == 200


def test_a_removed_publisher_is_given_nothing_and_its_token_is_worth_nothing(client, service, upload):
    found = trust()
    given = minted(client, service)
    assert upload("widget", given).status_code == 200
    register.remove(ROOT, found.id, source="test")
    assert upload("widget", given, "2.0").status_code == 401
    assert "No publisher" in refused(exchange(client, service.token(audience(client))), "invalid-publisher")
    assert list(accounts.grants_on("widget")) == []
    assert trail(project="widget").events[0].action == "grant.remove"
    assert trust().id == found.id
    assert upload("widget", given, "2.0").status_code == 401


def test_withdrawing_the_last_role_removes_the_publisher(client, service, upload):
    found = trust()
    assert trust("gadget") == found
    given = minted(client, service)
    register.withdraw(ROOT, "widget", found.id, source="test")
    assert upload("widget", given).status_code == 403
    assert upload("gadget", given).status_code == 200
    register.withdraw(ROOT, "gadget", found.id, source="test")
    assert read.publisher(found.id) is None


@one_home
def test_the_publisher_with_an_environment_goes_before_the_one_without(client, service, upload):
    anywhere, release = trust("widget"), trust("gadget", environment="Release")
    assert upload("gadget", minted(client, service)).status_code == 200
    assert upload("widget", minted(client, service)).status_code == 403
    assert upload("widget", minted(client, service, environment=None)).status_code == 200
    assert anywhere.id != release.id


@one_home
def test_what_no_text_can_hold_is_left_out_of_what_is_kept(client, service):
    found = trust()
    minted(client, service, repository_id="7\ud800\n4", run_id="9\ud8000\n0", actor="\N{RIGHT-TO-LEFT OVERRIDE}ana")
    assert read.publisher(found.id).pinned == "repository_owner_id=65 repository_id=7  4"
    said = next(event for event in trail().events if event.action == "token.create").after["description"]
    assert said.startswith("run 9 0 0 by  ana of refs/tags/v1; ")


@one_home
def test_of_many_publishers_of_one_repository_each_is_found(client, service, monkeypatch):
    monkeypatch.setattr(read, "MOST", 4)
    for number in range(4):
        trust(environment=f"env-{number}")
    for number in range(4):
        minted(client, service, environment=f"env-{number}")
    with pytest.raises(BadPublisher, match="4 publishers"):
        trust(environment="env-4")
    trust("gadget", environment="env-3")  # one that is there already is no further one


@one_home
def test_a_removal_that_broke_off_is_ended_by_another(client, service, upload, monkeypatch):
    found = trust()
    grant(Grant(subject=found.subject, pattern="acme-*", role=Role.UPLOADER), change=CHANGE)
    given = minted(client, service)

    def killed(*_: object, **__: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(write, "revoke_all", killed)
        with pytest.raises(InterruptedError):
            register.remove(ROOT, found.id, source="test")
    register.remove(ROOT, found.id, source="test")
    assert list(accounts.grants_of(found.subject)) == []
    trust()
    assert upload("widget", given).status_code == 401
    register.remove(ROOT, found.id, source="test")
    with pytest.raises(NoSuchAccount):
        register.remove(ROOT, found.id, source="test")


@one_home
def test_of_two_who_remove_a_publisher_at_once_neither_stops_half_way(service, monkeypatch):
    found = trust()
    trust("gadget")
    real = write.grants.ungrant

    def second(*given: object, **more: object) -> None:
        real(*given, **more)  # by the other one, a moment before
        real(*given, **more)

    monkeypatch.setattr(write.grants, "ungrant", second)
    register.remove(ROOT, found.id, source="test")
    assert list(accounts.grants_of(found.subject)) == []


@one_home
@pytest.mark.parametrize("first", [lambda: trust("gadget"), lambda: trust().id], ids=["another project", "the same"])
def test_who_trusts_a_pipeline_a_moment_after_somebody_else_does_so_too(service, monkeypatch, first):
    real = read.publisher

    def before(id_: str) -> None:
        monkeypatch.setattr(read, "publisher", real)
        first()

    monkeypatch.setattr(read, "publisher", before)
    found = trust()
    assert "widget" in {given.pattern for given in accounts.grants_of(found.subject)}


@one_home
def test_who_trusts_a_pipeline_while_it_is_removed_has_it_trusted_again(service, monkeypatch):
    found, real = trust("gadget"), read.publisher

    def before(id_: str):
        monkeypatch.setattr(read, "publisher", real)
        was = real(id_)
        register.remove(ROOT, id_, source="test")
        return was

    monkeypatch.setattr(read, "publisher", before)
    assert trust().id == found.id
    assert [given.pattern for given in accounts.grants_of(found.subject)] == ["widget"]
    assert read.publisher(found.id) is not None


@one_home
def test_the_trail_names_the_run_and_who_began_it_whatever_else_is_long(client, service):
    long = "e" * 200
    trust(environment=long)
    minted(client, service, environment=long, ref=f"refs/heads/{long}")
    said = next(event for event in trail().events if event.action == "token.create").after["description"]
    assert said.startswith("run 900 by ana of refs/heads/eee")


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
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"token", "application/json"),
        (b"[]", "application/json"),
        (b'{"token": 7}', "application/json"),
        (b'{"token": ""}', "application/json"),
        (b'{"jwt": "x"}', "application/json"),
        (b"[" * 20_000, "application/json"),
        (b'{"token": "' + b"x" * 33_000 + b'"}', "application/json"),
        (b'{"token": "' + b"x" * 132_000 + b'"}', "application/json"),
        (b'{"token": "x", "features": ["single-use-token"]}', "application/json"),
    ],
)
def test_a_body_without_a_token_is_told_what_to_send(client, service, body, kind):
    answer = client.post("/_/oidc/mint-token", data=body, content_type=kind)
    assert "Send a JSON object" in (sentence := refused(answer, "invalid-payload")) or "feature" in sentence


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
def test_pipelines_of_gitlab_publish_too(client, service, upload, configure):
    configure(trusted_issuers=(("gitlab", service.issuer),))
    service.claims = dict(GITLAB_CLAIMS)
    found = register.trust(
        ROOT, "widget", kind_="gitlab", fields={"project": "acme/tools/widget", "environment": "release"}, source="test"
    )
    assert found.id.startswith("acme-tools-widget-")
    assert upload("widget", minted(client, service)).status_code == 200


@one_home
def test_where_only_registered_names_are_taken_a_publisher_registers_its_name(client, service, upload, configure):
    configure(trusted_issuers=options().trusted_issuers, first_upload=FirstUpload.REGISTERED)
    trust("acme-*")
    assert upload("acme-core", minted(client, service)).status_code == 403
    trust("acme-core")
    assert upload("acme-core", minted(client, service)).status_code == 200


@one_home
def test_a_publisher_does_not_outlive_its_project(client, service, upload):
    found = trust()
    assert upload("widget", minted(client, service)).status_code == 200
    delete_project("widget", who=ROOT, source="test")
    assert upload("widget", minted(client, service), "2.0").status_code == 403
    assert list(accounts.grants_of(found.subject)) == []


@one_home
def test_a_publisher_is_in_no_group_and_gets_nothing_that_everyone_has(client, service, upload):
    register.trust(ROOT, "widget", kind_="github", fields=RELEASE, source="test")
    grant(Grant(subject=EVERYONE, pattern="*", role=Role.UPLOADER), change=CHANGE)
    assert upload("gadget", minted(client, service)).status_code == 403


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


@one_home
def test_who_manages_a_project_trusts_pipelines_with_it_alone(client, service, upload):
    user("mia", maintainer="acme-core")
    mia = Principal(name="mia")
    found = register.trust(mia, "Acme_Core", kind_="github", fields=RELEASE, source="test")
    assert [each.id for each in register.of_project(mia, "acme-core")] == [found.id]
    assert upload("acme-core", minted(client, service)).status_code == 200
    with pytest.raises(Forbidden):
        register.trust(mia, "acme-*", kind_="github", fields=RELEASE, source="test")
    with pytest.raises(NoSuchProject):
        register.trust(mia, "other", kind_="github", fields=RELEASE, source="test")
    with pytest.raises(Forbidden):
        register.remove(mia, found.id, source="test")
    register.withdraw(mia, "acme-core", found.id, source="test")
    assert read.publisher(found.id) is None


@one_home
def test_what_was_exchanged_is_forgotten_only_after_its_end(client, service):
    trust()
    minted(client, service)
    rows = list(ExchangedRow.scan(ExchangedRow.pk.startswith("J#")))
    assert len(rows) == 1
    assert rows[0].expires.timestamp() > time.time() + 300 + 60


def burn(client, token: str):
    return client.post("/_/oidc/burn-token", data=json.dumps({"token": token}), content_type="application/json")


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


@one_home
def test_trusting_again_takes_no_higher_role_away(client, service):
    found = trust()
    grant(Grant(subject=found.subject, pattern="widget", role=Role.MAINTAINER), change=CHANGE)
    trust()
    assert [each.role for each in accounts.grants_on("widget")] == [Role.MAINTAINER]
    grant(Grant(subject=found.subject, pattern="widget", role=Role.READER), change=CHANGE)
    trust()
    assert [each.role for each in accounts.grants_on("widget")] == [Role.UPLOADER]


@one_home
def test_who_manages_one_project_is_not_told_of_publishers_elsewhere(client, service):
    user("mia", maintainer="acme-core")
    sentences = []
    for id_ in (trust("other").id, "nothing-0123456789ab"):
        with pytest.raises(NoSuchAccount) as raised:
            register.withdraw(Principal(name="mia"), "acme-core", id_, source="test")
        sentences.append(str(raised.value).replace(id_, "ID"))
    assert len(set(sentences)) == 1


@one_home
def test_all_tokens_of_a_removed_publisher_are_revoked(client, service, monkeypatch):
    monkeypatch.setattr(tokens.page_of, "__defaults__", ("", 2))
    found = trust()
    given = [minted(client, service) for _ in range(5)]
    register.remove(ROOT, found.id, source="test")
    trust()
    for token in given:
        assert client.get("/api/tokens", headers=basic("__token__", token)).status_code == 401
    assert {token.state for token in tokens.page_of(found.name, "", 50).tokens} == {"revoked"}


@one_home
def test_a_token_of_a_pipeline_is_not_listed_for_long(client, service):
    found = trust()
    minted(client, service)
    row = next(TokenRow.query("T#tokens"))
    assert row.owner == found.name
    assert timedelta(days=7) < row.expires - datetime.now(UTC) < timedelta(days=7, minutes=16)
