"""Who is answered what at every address: anonymous, by role, with a token of another project, with a revoked token."""

import json
import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from packages_app.accounts.entries import Grant, Subject, SubjectKind, User
from packages_app.accounts.grants import grant
from packages_app.accounts.roles import Role
from packages_app.accounts.tokens import read as tokens
from packages_app.accounts.tokens import write as token_write
from packages_app.accounts.write import create_user
from tests.factories import make_wheel, multipart, sha256
from tests.functional.accounts import CHANGE, token, user
from tests.functional.conftest import PASSWORD, USER, basic

WORDS = "correct horse battery"
CALLERS = ("anonymous", "another", "revoked", "reader", "uploader", "maintainer", "administrator")
WHEEL = make_wheel("acme-core", "1.0")
FILE = f"/packages/{sha256(WHEEL[1])}/{WHEEL[0]}"
API = "/api/projects/acme-core"
YANK = {"yanked": True, "reason": "broken"}

# One row an address and method: the statuses for CALLERS in their order. "another" has a token of another project.
MATRIX = {
    # Machines that read.
    "GET /healthz": (200,) * 7,
    "GET /upload.py": (200,) * 7,
    "GET /static/0/packages_app/site.css": (200,) * 7,
    "GET /simple": (401, 301, 401, 301, 301, 301, 301),
    "GET /simple/": (401, 200, 401, 200, 200, 200, 200),
    "GET /simple/acme-core": (401, 301, 401, 301, 301, 301, 301),
    "GET /simple/acme-core/": (401, 404, 401, 200, 200, 200, 200),
    f"GET {FILE}": (401, 404, 401, 200, 200, 200, 200),
    f"GET {FILE}.metadata": (401, 404, 401, 200, 200, 200, 200),
    "GET /pypi/acme-core/json": (401, 404, 401, 200, 200, 200, 200),
    "GET /pypi/acme-core/1.0/json": (401, 404, 401, 200, 200, 200, 200),
    # People; anonymous ones are sent to sign in where they come with a browser.
    "GET /": (401, 200, 401, 200, 200, 200, 200),
    "GET /search/?q=acme": (401, 200, 401, 200, 200, 200, 200),
    "GET /project/acme-core/": (401, 404, 401, 200, 200, 200, 200),
    "GET /project/acme-core/1.0/": (401, 404, 401, 200, 200, 200, 200),
    "GET /project/acme-core/history/": (401, 404, 401, 403, 403, 200, 200),
    # Machines that publish.
    "POST /legacy/": (401, 403, 401, 403, 200, 200, 200),
    "POST /legacy": (401, 403, 401, 403, 200, 200, 200),
    "POST /simple/": (401, 403, 401, 403, 200, 200, 200),
    "POST /": (401, 403, 401, 403, 200, 200, 200),
    "POST /upload/": (401, 403, 401, 403, 201, 201, 201),
    "POST /upload": (401, 403, 401, 403, 201, 201, 201),
    # A session that the uploader began, for a file of its own.
    "GET /upload/{session}/": (401, 403, 401, 403, 200, 200, 200),
    "POST /upload/{session}/extend": (401, 403, 401, 403, 200, 200, 200),
    "POST /upload/{session}/publish": (401, 403, 401, 403, 409, 409, 409),
    "POST /upload/{session}/files": (401, 403, 401, 403, 409, 409, 409),
    "GET /upload/{session}/files/{name}": (401, 403, 401, 403, 200, 200, 200),
    "POST /upload/{session}/files/{name}/extend": (401, 403, 401, 403, 200, 200, 200),
    "POST /upload/{session}/files/{name}/complete": (401, 403, 401, 403, 409, 409, 409),
    "POST /upload/{session}/files/{name}/bytes": (401, 403, 401, 403, 204, 204, 204),
    "POST /upload/{session}/files/{name}/attestations": (401, 403, 401, 403, 400, 400, 400),
    "GET /upload/{session}/files/{name}/parts": (401, 403, 401, 403, 422, 422, 422),
    "DELETE /upload/{session}/files/{name}": (401, 403, 401, 403, 204, 204, 204),
    "DELETE /upload/{session}/": (401, 403, 401, 403, 204, 204, 204),
    # Whoever has these addresses needs nothing else; here they are forged.
    "PUT /upload/put/forged": (403,) * 7,
    "PUT /upload/part/forged": (403,) * 7,
    "GET /upload/stage/{session}/forged/": (404,) * 7,
    "GET /upload/stage/{session}/forged/acme-core/": (404,) * 7,
    "GET /upload/stage/{session}/forged/files/0/demo.whl": (404,) * 7,
    # People.
    "GET /search/": (401, 200, 401, 200, 200, 200, 200),
    "GET /search": (301,) * 7,
    "GET /project/acme-core": (301,) * 7,
    "GET /project/acme-core/1.0": (301,) * 7,
    "GET /account/": (302,) * 7,
    "GET /account/password/": (302,) * 7,
    "POST /account/tokens/0/revoke/": (302,) * 7,
    "GET /account/sign-in/": (200,) * 7,
    "GET /account/sign-in/provider/": (404,) * 7,
    "GET /account/sign-in/provider/back/": (404,) * 7,
    "POST /account/sign-out/": (302,) * 7,
    "GET /static/0/nothing.css": (404,) * 7,
    # The admin takes who signed in with a browser, and no machine's credentials.
    "GET /admin": (302,) * 7,
    "GET /admin/": (302,) * 7,
    # Tools that read the older JSON.
    "GET /pypi/acme-core/json/": (401, 404, 401, 200, 200, 200, 200),
    "GET /pypi/acme-core/1.0/json/": (401, 404, 401, 200, 200, 200, 200),
    # Pipelines of CI services; this index trusts none.
    "GET /_/oidc/audience": (404,) * 7,
    "POST /_/oidc/mint-token": (404,) * 7,
    "POST /_/oidc/burn-token": (404,) * 7,
    "GET /.well-known/pytp": (404,) * 7,
    # Scripts.
    "GET /api/": (200,) * 7,
    "GET /api/openapi.json": (200,) * 7,
    "GET /api/projects": (401, 200, 401, 200, 200, 200, 200),
    f"GET {API}": (401, 404, 401, 200, 200, 200, 200),
    f"PATCH {API}": (401, 404, 401, 403, 403, 200, 200),
    f"DELETE {API}": (401, 404, 401, 403, 403, 204, 204),
    f"GET {API}/upstream": (401, 404, 401, 200, 200, 200, 200),
    f"GET {API}/releases": (401, 404, 401, 200, 200, 200, 200),
    f"GET {API}/releases/1.0": (401, 404, 401, 200, 200, 200, 200),
    f"PATCH {API}/releases/1.0": (401, 404, 401, 403, 403, 200, 200),
    f"DELETE {API}/releases/1.0": (401, 404, 401, 403, 403, 204, 204),
    f"GET {API}/files": (401, 404, 401, 200, 200, 200, 200),
    f"GET {API}/files/{WHEEL[0]}": (401, 404, 401, 200, 200, 200, 200),
    f"PATCH {API}/files/{WHEEL[0]}": (401, 404, 401, 403, 403, 200, 200),
    f"DELETE {API}/files/{WHEEL[0]}": (401, 404, 401, 403, 403, 204, 204),
    f"POST {API}/retention": (401, 404, 401, 403, 403, 200, 200),
    f"GET {API}/roles": (401, 404, 401, 403, 403, 200, 200),
    f"GET {API}/downloads": (401, 404, 401, 200, 200, 200, 200),
    "GET /api/search": (401, 200, 401, 200, 200, 200, 200),
    "GET /api/events": (401, 403, 401, 403, 403, 403, 200),
    "GET /api/events?project=acme-core": (401, 404, 401, 403, 403, 200, 200),
    "GET /api/roles": (401, 403, 401, 403, 403, 403, 200),
    "PUT /api/roles/acme-core/user:reader": (401, 404, 401, 403, 403, 200, 200),
    "DELETE /api/roles/acme-core/user:nobody": (401, 404, 401, 403, 403, 404, 404),
    "PUT /api/roles/acme-*/user:reader": (401, 403, 401, 403, 403, 403, 200),
    # With a CI service that is trusted.
    f"GET {API}/publishers": (401, 404, 401, 403, 403, 200, 200),
    f"POST {API}/publishers": (401, 404, 401, 403, 403, 200, 200),
    f"DELETE {API}/publishers/nobody": (401, 404, 401, 403, 403, 404, 404),
    "GET /api/publishers": (401, 403, 401, 403, 403, 403, 200),
    "POST /api/publishers": (401, 403, 401, 403, 403, 403, 200),
    "DELETE /api/publishers/nobody": (401, 403, 401, 403, 403, 403, 404),
    "GET /api/upstream/rules": (401, 403, 401, 403, 403, 403, 200),
    "PUT /api/upstream/rules/acme-*": (401, 403, 401, 403, 403, 403, 200),
    # Even whoever manages the project: what may be asked elsewhere is the whole index's to decide.
    "PUT /api/upstream/rules/acme-core": (401, 403, 401, 403, 403, 403, 200),
    "DELETE /api/upstream/rules/nobody": (401, 403, 401, 403, 403, 403, 404),
    "GET /api/tokens": (401, 200, 401, 200, 200, 200, 200),
    "POST /api/tokens": (401, 403, 401, 201, 201, 201, 201),
    "GET /api/tokens/0": (401, 404, 401, 404, 404, 404, 404),
    "DELETE /api/tokens/0": (401, 404, 401, 404, 404, 404, 404),
    "GET /api/users": (401, 403, 401, 403, 403, 403, 200),
    "POST /api/users": (401, 403, 401, 403, 403, 403, 201),
    "GET /api/users/reader": (401, 403, 401, 403, 403, 403, 200),
    "PATCH /api/users/reader": (401, 403, 401, 403, 403, 403, 200),
    "GET /api/groups": (401, 403, 401, 403, 403, 403, 200),
    "POST /api/groups": (401, 403, 401, 403, 403, 403, 201),
    "DELETE /api/groups/nobody": (401, 403, 401, 403, 403, 403, 404),
}
PIPELINE = {"kind": "github", "repository": "acme/widget", "workflow": "release.yml"}
BODIES = {
    f"PATCH {API}": {"status": "deprecated", "reason": "old"},
    f"PATCH {API}/releases/1.0": YANK,
    f"PATCH {API}/files/{WHEEL[0]}": YANK,
    f"POST {API}/retention": {"keep-last": 1},
    "PUT /api/roles/acme-core/user:reader": {"role": "reader"},
    "PUT /api/roles/acme-*/user:reader": {"role": "reader"},
    "PUT /api/upstream/rules/acme-*": {"owner": "reserved", "reason": "ours"},
    "PUT /api/upstream/rules/acme-core": {"owner": "merge", "reason": "we add wheels"},
    f"POST {API}/publishers": PIPELINE,
    "POST /api/publishers": {**PIPELINE, "pattern": "acme-*"},
    "POST /api/tokens": {"actions": ["read"]},
    "POST /api/users": {"name": "{caller}-made"},
    "PATCH /api/users/reader": {"email": "reader@example.org"},
    "POST /api/groups": {"name": "{caller}-made"},
    "POST /upload/": {"meta": {"api-version": "2.0"}, "name": "acme-core", "version": "2.{number}"},
    "POST /upload": {"meta": {"api-version": "2.0"}, "name": "acme-core", "version": "3.{number}"},
}
ANNOUNCED = {
    "meta": {"api-version": "2.0"},
    "filename": "acme_core-9.0.tar.gz",
    "size": 3,
    "hashes": {"sha256": sha256(b"abc")},
    "mechanism": "http-post-bytes",
}
BODIES |= {
    "POST /upload/{session}/extend": {"meta": {"api-version": "2.0"}, "extend-for": 60},
    "POST /upload/{session}/files": ANNOUNCED,
    "POST /upload/{session}/files/{name}/extend": {"meta": {"api-version": "2.0"}, "extend-for": 60},
    "POST /upload/{session}/files/{name}/attestations": {},
}
UPLOADS = {"POST /legacy/", "POST /legacy", "POST /simple/", "POST /"}


@pytest.fixture
def callers(publish) -> dict[str, dict[str, str]]:
    """The headers of everybody."""
    assert publish(*WHEEL).status_code == 200
    user("reader", reader="acme-*")
    user("uploader", uploader="acme-*")
    user("maintainer", maintainer="acme-core")
    held = token("ana")
    (kept,) = tokens.page_of("ana").tokens
    token_write.revoke(kept, change=CHANGE)
    return {
        "anonymous": {},
        "another": token("maintainer", "other"),
        "revoked": held,
        "reader": token("reader"),
        "uploader": token("uploader"),
        "maintainer": token("maintainer"),
        "administrator": basic(),
    }


@pytest.fixture
def session(client, callers) -> str:
    """The id of an upload session that the uploader began, with one file announced."""
    begun = client.post(
        "/upload/",
        json.dumps({"meta": ANNOUNCED["meta"], "name": "acme-core", "version": "9.0"}),
        content_type="application/json",
        headers=callers["uploader"],
    )
    links = begun.json()["links"]
    announced = client.post(
        links["upload"], json.dumps(ANNOUNCED), content_type="application/json", headers=callers["uploader"]
    )
    assert announced.status_code == 202
    return links["session"].rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_everybody_is_answered_as_the_matrix_says(row, request, client, callers, publish):
    if "/publishers" in row:
        request.getfixturevalue("configure")(trusted_issuers=(("github", "https://ci.test"),))
    begun = request.getfixturevalue("session") if "{session}" in row else ""
    found = {}
    for number, (caller, headers) in enumerate(callers.items()):
        assert publish(*WHEEL).status_code == 200  # somebody before may have deleted it
        found[caller] = ask(client, row, headers, {"caller": caller, "number": str(number), "session": begun})
    assert found == dict(zip(CALLERS, MATRIX[row], strict=True))


def ask(client, row: str, headers: dict[str, str], words: dict[str, str]) -> int:
    """Return the status of one request; ``words`` stand for themselves in braces."""
    method, path = row.split(" ")
    if row in UPLOADS:
        form = {":action": "file_upload", "protocol_version": "1", "sha256_digest": sha256(WHEEL[1])}
        body, content_type = multipart(form, [("content", *WHEEL)])
    elif row.endswith("/bytes"):
        body, content_type = b"abc", "application/octet-stream"
    else:
        body, content_type = json.dumps(BODIES[row]) if row in BODIES else "", "application/json"
    for word, meant in {**words, "name": str(ANNOUNCED["filename"])}.items():
        path = path.replace(f"{{{word}}}", meant)
        body = body.replace(f"{{{word}}}", meant) if isinstance(body, str) else body
    return closed(client.generic(method, path, body, content_type=content_type, headers=headers)).status_code


def closed(answer):
    """Return an answer whose file, if it streams one, is closed."""
    answer.close()
    return answer


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Yield every route of the site."""
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from routes(each, route)


def test_every_address_has_a_row():
    walked = {resolve(row.split(" ")[1].partition("?")[0]).route for row in MATRIX}
    missing = sorted(set(routes(get_resolver())) - walked)
    assert missing == []


ADMIN = sorted(
    f"/{re.sub(r'<[^>]+>', '0', route)}"
    for route in routes(get_resolver("packages_app.admin.urls"))
    if route.startswith("admin/") and "(" not in route and route != "admin/login/"  # that one only sends on
)
MADE_HERE = {"/admin/userface/add/", "/admin/groupface/add/", "/admin/tokenface/add/"}


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
@pytest.mark.parametrize("path", ADMIN)
def test_every_address_of_the_admin_is_for_administrators_alone(path, home, client):
    create_user(User(name="maintainer"), password=WORDS, change=CHANGE)
    everything = Grant(subject=Subject(SubjectKind.USER, "maintainer"), pattern="*", role=Role.MAINTAINER)
    grant(everything, change=CHANGE)
    assert client.get(path).status_code == 302
    sign_in(client, "maintainer", WORDS)
    assert client.get(path).status_code == 403
    sign_in(client, USER, PASSWORD)
    # What comes in by uploading is not made here, and deleting is a chore with a page of its own.
    closed_to_all = path.endswith("/delete/") or (path.endswith("/add/") and path not in MADE_HERE)
    status = client.get(path).status_code
    assert status == 403 if closed_to_all else status not in (401, 403, 500)


def sign_in(client, name: str, password: str) -> None:
    """Sign in with the form."""
    answer = client.post("/account/sign-in/", {"username": name, "password": password})
    assert answer.status_code == 302, answer.content
