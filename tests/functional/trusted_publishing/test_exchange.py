"""Pipelines exchange what their CI service says of them for a token, and publish with it, in every home."""

import time
from datetime import UTC, datetime, timedelta

from packages_app.accounts import read as accounts
from packages_app.accounts.publishers import mint, read, register
from packages_app.accounts.publishers.models import ExchangedRow
from packages_app.accounts.roles import Role
from packages_app.accounts.tokens import read as tokens
from packages_app.accounts.tokens.models import TokenRow
from packages_app.audit.read import trail
from packages_app.conf import FirstUpload, options
from tests.fakes.ci import GITLAB_CLAIMS
from tests.functional.conftest import basic
from tests.functional.trusted_publishing.pipelines import ROOT, audience, exchange, minted, one_home, refused, trust


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


@one_home
def test_the_publisher_with_an_environment_goes_before_the_one_without(client, service, upload):
    anywhere, release = trust("widget"), trust("gadget", environment="Release")
    assert upload("gadget", minted(client, service)).status_code == 200
    assert upload("widget", minted(client, service)).status_code == 403
    assert upload("widget", minted(client, service, environment=None)).status_code == 200
    assert anywhere.id != release.id


@one_home
def test_the_trail_names_the_run_and_who_began_it_whatever_else_is_long(client, service):
    long = "e" * 200
    trust(environment=long)
    minted(client, service, environment=long, ref=f"refs/heads/{long}")
    said = next(event for event in trail().events if event.action == "token.create").after["description"]
    assert said.startswith("run 900 by ana of refs/heads/eee")


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
def test_what_was_exchanged_is_forgotten_only_after_its_end(client, service):
    trust()
    minted(client, service)
    rows = list(ExchangedRow.scan(ExchangedRow.pk.startswith("J#")))
    assert len(rows) == 1
    assert rows[0].expires.timestamp() > time.time() + 300 + 60


@one_home
def test_a_token_of_a_pipeline_is_not_listed_for_long(client, service):
    found = trust()
    minted(client, service)
    row = next(TokenRow.query("T#tokens"))
    assert row.owner == found.name
    assert timedelta(days=7) < row.expires - datetime.now(UTC) < timedelta(days=7, minutes=16)
