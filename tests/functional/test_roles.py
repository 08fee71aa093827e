"""What people and machines with accounts may read and upload, at every door of installers, in every home."""

import re
import time

import pytest

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Principal, Subject, SubjectKind
from packages_app.accounts.roles import Role
from packages_app.audit.read import events
from packages_app.conf import FirstUpload
from packages_app.maintenance.delete import delete_project
from packages_app.tables.base import table_connection
from tests.factories import make_wheel
from tests.functional.accounts import token, user
from tests.functional.conftest import basic

JSON = {"accept": "application/vnd.pypi.simple.v1+json"}


@pytest.fixture
def callers(publish) -> dict[str, dict]:
    """The headers of everybody, on an index with acme-core and other."""
    for name in ("acme-core", "other"):
        assert publish(*make_wheel(name)).status_code == 200
    user("eve", reader="acme-*")
    user("cem", uploader="acme-*")
    user("nobody")
    return {
        "anonymous": {},
        "reader": token("eve"),
        "uploader": token("cem"),
        "nobody": token("nobody"),
        "administrator": basic(),
        "token of another project": token("ana", "other"),
        "token that only uploads": token("ana", actions=("upload",)),
        "wrong": basic(password="guessed"),
    }


@pytest.mark.parametrize(
    ("caller", "statuses"),
    [
        ("anonymous", (401, 401, 401)),
        ("wrong", (401, 401, 401)),
        ("reader", (200, 404, 404)),
        ("uploader", (200, 404, 404)),
        ("nobody", (404, 404, 404)),
        ("administrator", (200, 200, 404)),
        ("token of another project", (404, 200, 404)),
        ("token that only uploads", (403, 403, 403)),
    ],
)
def test_pages_files_and_metadata_are_there_for_who_may_read_them(client, callers, caller, statuses):
    headers = callers[caller]
    for project, status in zip(("acme-core", "other", "absent"), statuses, strict=True):
        answer = client.get(f"/simple/{project}/", headers=headers)
        assert answer.status_code == status, project
        if status == 401:
            assert answer["WWW-Authenticate"].startswith("Basic")
        if project == "absent":
            continue
        url = client.get(f"/simple/{project}/", headers={**basic(), **JSON}).json()["files"][0]["url"]
        for path in (url[5:], f"{url[5:]}.metadata"):
            file = client.get(path, headers=headers)
            file.close()
            found = file.status_code
            assert found == status or (status, found) == (200, 302), path


def test_a_page_that_may_not_be_read_answers_as_one_that_is_not_there(client, callers):
    hidden = client.get("/simple/other/", headers=callers["reader"])
    absent = client.get("/simple/absent/", headers=callers["reader"])
    assert hidden.content.replace(b"other", b"absent") == absent.content
    own = {"X-Request-ID", "Content-Length"}
    assert {name: hidden[name] for name in set(hidden.headers) - own} == {
        name: absent[name] for name in set(absent.headers) - own
    }


def test_the_list_shows_what_the_caller_may_read_under_a_tag_of_its_own(client, callers):
    shown, tags = {}, {}
    for name in ("administrator", "reader", "uploader", "nobody", "token of another project"):
        for _ in range(2):  # built, and from the cache
            answer = client.get("/simple/", headers={**callers[name], **JSON})
            shown[name] = [entry["name"] for entry in answer.json()["projects"]]
            tags[name] = answer["ETag"]
    assert shown == {
        "administrator": ["acme-core", "other"],
        "reader": ["acme-core"],
        "uploader": ["acme-core"],
        "nobody": [],
        "token of another project": ["other"],
    }
    assert tags["reader"] == tags["uploader"]
    assert len(set(tags.values())) == 4
    stale = {**callers["reader"], **JSON, "if-none-match": tags["administrator"]}
    assert client.get("/simple/", headers=stale).status_code == 200


@pytest.mark.parametrize(
    ("caller", "upload"),
    [
        ("anonymous", ("acme-new", 401)),
        ("reader", ("acme-new", 403)),
        ("reader", ("acme-core", 403)),
        ("uploader", ("acme-new", 200)),
        ("uploader", ("acme-core", 200)),
        ("uploader", ("other", 403)),
        ("uploader", ("free", 403)),
        ("nobody", ("free", 403)),
        ("token of another project", ("acme-core", 403)),
        ("token of another project", ("other", 200)),
        ("token that only uploads", ("other", 200)),
        ("administrator", ("free", 200)),
    ],
)
def test_uploads_are_taken_from_who_may_upload(client, callers, publish, caller, upload):
    project, status = upload
    answer = publish(*make_wheel(project, "2.0"), headers=callers[caller])
    assert answer.status_code == status, answer.content
    listed = client.get(f"/simple/{project}/", headers=basic())
    assert (b"2.0" in listed.content) is (status == 200)


def test_who_begins_a_project_becomes_its_maintainer_and_who_comes_later_does_not(client, callers, publish):
    assert publish(*make_wheel("acme-new", "1.0"), headers=callers["uploader"]).status_code == 200
    ben = Subject(SubjectKind.USER, "cem")
    assert [(each.pattern, each.role) for each in accounts.grants_of(ben)] == [
        ("acme-*", Role.UPLOADER),
        ("acme-new", Role.MAINTAINER),
    ]
    assert publish(*make_wheel("acme-core", "2.0"), headers=callers["uploader"]).status_code == 200
    assert [str(each.subject) for each in accounts.grants_on("acme-core")] == []
    assert publish(*make_wheel("free", "1.0")).status_code == 200  # by an administrator, who needs no role
    assert list(accounts.grants_on("free")) == []


def test_a_session_that_begins_a_project_makes_its_maintainer_too(client, callers, uploader):
    headers = callers["uploader"]
    session = uploader.create("acme-new", "1.0", headers=headers)
    assert session.status_code == 201
    uploader.add(session.json(), make_wheel("acme-new", "1.0"))
    path = session.json()["links"]["publish"]
    assert uploader.send(path, headers=headers).status_code == 201
    assert [str(each.subject) for each in accounts.grants_on("acme-new")] == ["user:cem"]


def test_where_only_registered_names_are_taken_a_role_on_the_name_registers_it(callers, publish, configure):
    configure(first_upload=FirstUpload.REGISTERED)
    refused = publish(*make_wheel("acme-new"), headers=callers["uploader"])
    assert refused.status_code == 403
    assert "registers the name" in refused.content.decode()
    user("dan", uploader="acme-new")
    assert publish(*make_wheel("acme-new"), headers=token("dan")).status_code == 200
    assert publish(*make_wheel("acme-new", "2.0"), headers=callers["uploader"]).status_code == 200


def test_the_trail_has_the_token(callers, publish):
    headers = token("cem")
    publish(*make_wheel("acme-core", "3.0"), headers=headers)
    event = next(iter(events(time.strftime("%Y-%m", time.gmtime()))))
    assert (event.action, event.actor) == ("file.publish", "cem")
    assert re.fullmatch("[0-9a-f]{16}", event.token)


def test_a_page_costs_one_read_with_a_kept_token_and_one_more_for_a_role_on_the_project_itself(
    client, callers, publish, monkeypatch
):
    """The budget that docs/security.md states."""
    publish(*make_wheel("acme-new"), headers=callers["uploader"])
    user("dan", reader="acme-new")
    cost = {}
    for name, headers in (("by a pattern", token("cem")), ("by name", token("dan")), ("configured", basic())):
        for state in ("first", "kept"):
            with monkeypatch.context() as patch:
                asked = watched(patch)
                assert client.get("/simple/acme-new/", headers=headers).status_code == 200
            cost[name, state] = [each for each in asked if each != "UpdateItem"]
    page = ["GetItem"]
    assert cost["configured", "kept"] == page
    assert cost["by a pattern", "kept"] == page
    assert cost["by name", "kept"] == ["BatchGetItem", *page]
    assert cost["by a pattern", "first"][:2] == ["GetItem", "Query"]  # the token, the rules; then the page


def watched(patch) -> list[str]:
    """Return what is asked of the catalogue from now on."""
    asked: list[str] = []
    connection = type(table_connection().connection)
    call = connection._make_api_call

    def told(*given):
        asked.append(given[1])
        return call(*given)

    patch.setattr(connection, "_make_api_call", told)
    return asked


def test_the_roles_on_a_deleted_project_go_with_it(callers, publish):
    publish(*make_wheel("acme-new"), headers=callers["uploader"])
    delete_project("acme-new", Principal(name="ana"), source="test")
    assert list(accounts.grants_on("acme-new")) == []
