"""Who trusts which pipelines with what, and how that ends."""

import pytest

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import EVERYONE, Grant, Principal
from packages_app.accounts.errors import Forbidden, NoSuchAccount
from packages_app.accounts.grants import grant
from packages_app.accounts.publishers import read, register, write
from packages_app.accounts.publishers.errors import BadPublisher
from packages_app.accounts.roles import Role
from packages_app.accounts.tokens import read as tokens
from packages_app.audit.read import trail
from packages_app.catalogue.errors import NoSuchProject
from packages_app.maintenance.delete import delete_project
from tests.functional.accounts import CHANGE, user
from tests.functional.conftest import basic
from tests.functional.trusted_publishing.pipelines import (
    RELEASE,
    ROOT,
    audience,
    exchange,
    minted,
    one_home,
    refused,
    trust,
)


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
