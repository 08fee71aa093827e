"""Who is answered what at every address: anonymous, by role, with a token of another project, with a revoked token."""

import json

import pytest

from packages_app.accounts.tokens import read as tokens
from packages_app.accounts.tokens import write as token_write
from tests.factories import make_wheel, sha256
from tests.functional.accounts import CHANGE, token, user
from tests.functional.conftest import basic, multipart

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
    # Machines that publish.
    "POST /legacy/": (401, 403, 401, 403, 200, 200, 200),
    "POST /legacy": (401, 403, 401, 403, 200, 200, 200),
    "POST /simple/": (401, 403, 401, 403, 200, 200, 200),
    "POST /": (401, 403, 401, 403, 200, 200, 200),
    "POST /upload/": (401, 403, 401, 403, 201, 201, 201),
    "POST /upload": (401, 403, 401, 403, 201, 201, 201),
    # Scripts.
    "GET /api/": (200,) * 7,
    "GET /api/openapi.json": (200,) * 7,
    "GET /api/projects": (401, 200, 401, 200, 200, 200, 200),
    f"GET {API}": (401, 404, 401, 200, 200, 200, 200),
    f"PATCH {API}": (401, 404, 401, 403, 403, 200, 200),
    f"DELETE {API}": (401, 404, 401, 403, 403, 204, 204),
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
BODIES = {
    f"PATCH {API}": {"status": "deprecated", "reason": "old"},
    f"PATCH {API}/releases/1.0": YANK,
    f"PATCH {API}/files/{WHEEL[0]}": YANK,
    f"POST {API}/retention": {"keep-last": 1},
    "PUT /api/roles/acme-core/user:reader": {"role": "reader"},
    "PUT /api/roles/acme-*/user:reader": {"role": "reader"},
    "POST /api/tokens": {"actions": ["read"]},
    "POST /api/users": {"name": "{caller}-made"},
    "PATCH /api/users/reader": {"email": "reader@example.org"},
    "POST /api/groups": {"name": "{caller}-made"},
    "POST /upload/": {"meta": {"api-version": "2.0"}, "name": "acme-core", "version": "2.{number}"},
    "POST /upload": {"meta": {"api-version": "2.0"}, "name": "acme-core", "version": "3.{number}"},
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


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_everybody_is_answered_as_the_matrix_says(row, client, callers, publish):
    found = {}
    for number, (caller, headers) in enumerate(callers.items()):
        assert publish(*WHEEL).status_code == 200  # somebody before may have deleted it
        found[caller] = ask(client, row, headers, caller, number)
    assert found == dict(zip(CALLERS, MATRIX[row], strict=True))


def ask(client, row: str, headers: dict[str, str], caller: str, number: int) -> int:
    """Return the status of one request."""
    method, path = row.split(" ")
    if row in UPLOADS:
        form = {":action": "file_upload", "protocol_version": "1", "sha256_digest": sha256(WHEEL[1])}
        body, content_type = multipart(form, [("content", *WHEEL)])
    else:
        document = json.dumps(BODIES[row]) if row in BODIES else ""
        body = document.replace("{caller}", caller).replace("{number}", str(number))
        content_type = "application/json"
    return closed(client.generic(method, path, body, content_type=content_type, headers=headers)).status_code


def closed(answer):
    """Return an answer whose file, if it streams one, is closed."""
    answer.close()
    return answer
