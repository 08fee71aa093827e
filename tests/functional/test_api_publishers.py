"""Trusted publishers through the API: named, listed by pages, withdrawn and removed."""

import json

import pytest

from packages_app.accounts import read as accounts
from packages_app.accounts.publishers import read
from packages_app.audit.read import trail
from tests.factories import make_wheel
from tests.fakes.ci import CiService
from tests.functional.accounts import token, user
from tests.functional.test_api import asking

ISSUER = "https://ci.test"
PIPELINE = {"kind": "github", "repository": "Acme/Widget", "workflow": "release.yml", "environment": "Release"}
ON_PROJECT = "projects/acme-core/publishers"


@pytest.fixture
def send(client, auth, configure):
    """Ask the API; GitHub's own service is trusted."""
    configure(trusted_issuers=(("github", ISSUER),))

    return asking(client, auth)


@pytest.fixture
def service():
    started = CiService()
    yield started
    started.close()


def roles(send, path: str) -> set[tuple[str, str]]:
    return {(each["subject"], each["role"]) for each in send("GET", path)["entries"]}


def test_a_pipeline_is_trusted_with_a_project_that_is_not_there_yet_and_not_any_more(send):
    made = send("POST", ON_PROJECT, PIPELINE)
    assert made["repository"] == "acme/widget"
    assert (made["issuer"], made["creator"], made["last-used"], made["pinned"]) == (ISSUER, "ana", None, "")
    assert send("POST", ON_PROJECT, PIPELINE) == made, "again is fine"
    assert send("GET", "projects/Acme_Core/publishers")["entries"] == [made]
    assert (f"publisher:{made['id']}", "uploader") in {
        (str(given.subject), given.role.value) for given in accounts.grants_on("acme-core")
    }
    send("DELETE", f"{ON_PROJECT}/{made['id']}", status=204)
    assert send("GET", ON_PROJECT)["entries"] == []
    assert send("GET", "publishers")["entries"] == [], "what has no role is removed"
    assert send("DELETE", f"{ON_PROJECT}/{made['id']}", status=404)["error"] == "no-such-account"
    actions = [event.action for event in trail().events]
    assert actions == ["publisher.remove", "grant.remove", "publisher.trust", "publisher.trust"]


def test_a_maintainer_trusts_pipelines_with_what_they_manage_and_nobody_else_does(send, publish):
    assert publish(*make_wheel("acme-core")).status_code == 200
    user("maintainer", maintainer="acme-*")
    user("uploader", uploader="acme-*")
    user("stranger")
    maintainer, uploader, stranger = (token(name) for name in ("maintainer", "uploader", "stranger"))
    made = send("POST", ON_PROJECT, PIPELINE, headers=maintainer)
    send("POST", "projects/acme-new/publishers", PIPELINE, headers=maintainer)
    assert (f"publisher:{made['id']}", "uploader") in roles(send, "projects/acme-core/roles")
    for headers, status, code in ((uploader, 403, "forbidden"), (stranger, 404, "no-such-project")):
        for path in (ON_PROJECT, "projects/acme-new/publishers"):
            assert send("GET", path, None, status, headers)["error"] == code
            assert send("POST", path, PIPELINE, status, headers)["error"] == code
            assert send("DELETE", f"{path}/{made['id']}", None, status, headers)["error"] == code
    assert send("POST", "projects/other/publishers", PIPELINE, 404, maintainer)["error"] == "no-such-project"
    for wanted in ("acme-*", "*"):
        assert send("POST", "publishers", {**PIPELINE, "pattern": wanted}, 403, maintainer)["error"] == "forbidden"
    assert send("GET", "publishers", None, 403, maintainer)["error"] == "forbidden"
    assert send("DELETE", f"publishers/{made['id']}", None, 403, maintainer)["error"] == "forbidden"
    send("DELETE", f"{ON_PROJECT}/{made['id']}", None, 204, maintainer)
    assert read.publisher(made["id"]) is not None, "it has the other project still"


def test_administrators_trust_with_patterns_see_all_by_pages_and_remove(send):
    names = [f"acme/tool-{number}" for number in range(5)]
    made = {
        send("POST", "publishers", {**PIPELINE, "repository": name, "pattern": "acme-*"})["id"]: name for name in names
    }
    found, cursor = {}, ""
    while cursor is not None:
        page = send("GET", f"publishers?limit=2&cursor={cursor}")
        assert len(page["entries"]) <= 2
        found |= {each["id"]: each["repository"] for each in page["entries"]}
        cursor = page["next"]
    assert found == made
    assert {subject for subject, _ in roles(send, "roles")} == {f"publisher:{id_}" for id_ in made}
    for id_ in made:
        send("DELETE", f"publishers/{id_}", status=204)
        assert send("DELETE", f"publishers/{id_}", status=404)["error"] == "no-such-account"
    assert roles(send, "roles") == set()


def test_other_roles_are_granted_to_a_publisher_as_to_anybody(send):
    made = send("POST", "publishers", {**PIPELINE, "pattern": "acme-*"})
    send("PUT", f"roles/tools-*/publisher:{made['id']}", {"role": "reader"})
    assert send("PUT", "roles/tools-*/publisher:nobody", {"role": "reader"}, 404)["error"] == "no-such-account"
    for kind in ("publisher", "user", "group"):
        assert send("PUT", f"roles/tools-*/{kind}:", {"role": "reader"}, 404)["error"] == "no-such-account"
        assert send("DELETE", f"roles/tools-*/{kind}:", status=404)["error"] == "no-such-account"
    assert "publisher:ID" in send("PUT", "roles/tools-*/nobody", {"role": "reader"}, 400)["detail"]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        pytest.param({"kind": "jenkins"}, "bad-document", "github, gitlab, subject", id="a kind that there is not"),
        pytest.param({"kind": "gitlab"}, "bad-publisher", "PYPI_TRUSTED_ISSUERS", id="a service that is not trusted"),
        pytest.param({"issuer": "https://x.test"}, "bad-publisher", ISSUER, id="an issuer that is not trusted"),
        pytest.param({"repository": "acme"}, "bad-publisher", "owner/name", id="a repository without its owner"),
        pytest.param({"repository": None}, "bad-document", "repository", id="a field that is no text"),
        pytest.param({"workflow": ""}, "bad-publisher", "release.yml", id="without what the kind needs"),
        pytest.param({"workflow": "../x.sh"}, "bad-publisher", "workflow", id="a workflow that is none"),
        pytest.param({"subject": "me"}, "bad-publisher", "has no field 'subject'", id="a field of another kind"),
        pytest.param({"branch": "main"}, "bad-document", "branch", id="a field of no kind"),
        pytest.param({"environment": "x" * 256}, "bad-document", "environment", id="a field without measure"),
        pytest.param({"environment": "a\nb"}, "bad-publisher", "printable", id="a field with a line break"),
    ],
)
@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_what_is_no_pipeline_is_refused_in_one_sentence(send, change, code, said):
    told = send("POST", ON_PROJECT, PIPELINE | change, 400)
    assert told["error"] == code
    assert said in told["detail"]
    assert send("GET", "publishers")["entries"] == []


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_names_and_patterns_that_are_none_are_refused(send):
    assert send("POST", "publishers", {**PIPELINE, "pattern": "a b"}, 400)["error"] == "bad-pattern"
    assert send("POST", "publishers", PIPELINE, 400)["error"] == "bad-document"
    for method, document in (("GET", None), ("POST", PIPELINE)):
        assert send(method, "projects/acme-*/publishers", document, 404)["error"] == "no-such-project"


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_with_several_services_of_a_kind_one_is_chosen(send, configure):
    mine = "https://ci.example"
    configure(trusted_issuers=(("github", ISSUER), ("github", mine)))
    assert mine in send("POST", ON_PROJECT, PIPELINE, 400)["detail"]
    first, second = (send("POST", ON_PROJECT, {**PIPELINE, "issuer": issuer}) for issuer in (ISSUER, mine))
    assert (first["issuer"], second["issuer"]) == (ISSUER, mine)
    assert first["id"] != second["id"]


def test_what_is_answered_follows_the_pipelines_use(send, client, service, configure, publish):
    configure(trusted_issuers=(("github", service.issuer),))
    made = send("POST", ON_PROJECT, PIPELINE)
    minted = client.post(
        "/_/oidc/mint-token",
        json.dumps({"token": service.token(client.get("/_/oidc/audience").json()["audience"])}),
        content_type="application/json",
    )
    assert minted.status_code == 200, minted.content
    held = {"authorization": f"Bearer {minted.json()['token']}"}
    assert publish(*make_wheel("acme-core"), headers=held).status_code == 200
    (used,) = send("GET", ON_PROJECT)["entries"]
    assert used["last-used"] >= made["created"]
    assert used["pinned"] == "repository_owner_id=65 repository_id=74"
    (file,) = send("GET", "projects/acme-core/files")["entries"]
    assert file["uploader"] == f"publisher:{made['id']}"
    (listed,) = send("GET", f"tokens?user=publisher:{made['id']}")["entries"]
    assert listed["owner"] == f"publisher:{made['id']}"
    send("DELETE", f"publishers/{made['id']}", status=204)
    assert publish(*make_wheel("acme-core", "2.0"), headers=held).status_code == 401
