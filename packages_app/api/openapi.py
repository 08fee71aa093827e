"""The door's OpenAPI document, made from the table of operations that also answers."""

import re
from collections.abc import Iterator
from http import HTTPStatus

from packages_app.api.operations import Operation
from packages_app.api.shapes import Field, Json, Shape
from packages_app.api.table import OPERATIONS, by_path

VERSION = "3.1.0"
API_VERSION = "1.0"
PROBLEM_TYPE = "application/problem+json"
EVERYWHERE = (400, 401, 403, 405, 429, 503)
"""Statuses of refusals that every operation can have."""

PROBLEM = Shape(
    name="Problem",
    about="Why a request was refused (RFC 9457), in one plain sentence.",
    fields={
        "type": Field(kind="string", about="Always about:blank.", required=True),
        "title": Field(kind="string", about="The status in words.", required=True),
        "status": Field(kind="integer", about="The HTTP status.", required=True),
        "detail": Field(kind="string", about="The sentence.", required=True),
        "message": Field(kind="string", about="The sentence again, where upload clients look for it.", required=True),
        "code": Field(kind="string", about="Status and sentence.", required=True),
        "error": Field(kind="string", about="A stable word for the reason.", required=True),
        "request-id": Field(kind="string", about="What the operator finds in the log.", required=True),
    },
)


def document(server: str) -> Json:
    """Return the document of an index at this address."""
    return {
        "openapi": VERSION,
        "info": {
            "title": "Elastic PyPI",
            "version": API_VERSION,
            "description": "What scripts can do with a package index. Every list comes in pages: hand `next` back as "
            "`cursor` until it is null. Every change can be sent again without harm.",
        },
        "servers": [{"url": server}],
        "security": [{"basic": []}, {"bearer": []}],
        "paths": {f"/{path}": methods(path, found) for path, found in by_path().items()},
        "components": {
            "schemas": {shape.name: shape.schema() for shape in sorted(shapes(), key=lambda shape: shape.name)},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic", "description": "`__token__` and an API token."},
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API token."},
            },
        },
    }


def methods(path: str, found: dict[str, Operation]) -> Json:
    """Return one address."""
    names = re.findall(r"{(\w+)}", path)
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    return {
        **({"parameters": parameters} if parameters else {}),
        **{method.lower(): described(operation) for method, operation in found.items()},
    }


def described(operation: Operation) -> Json:
    """Return one operation."""
    parameters: list[Json] = [
        {"name": query.name, "in": "query", "description": query.about, "schema": {"type": query.kind}}
        for query in operation.query
    ]
    if operation.conditional:
        about = "The ETag that the project was last answered with: refuses with 412 what changed since."
        parameters.append({"name": "If-Match", "in": "header", "description": about, "schema": {"type": "string"}})
    success: Json = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer is not None:
        success["content"] = {"application/json": {"schema": operation.answer.reference()}}
    found: Json = {
        "operationId": operation.name,
        "summary": operation.about,
        "responses": {
            str(int(operation.status)): success,
            **{str(status): refusal(status) for status in sorted({*operation.refusals, *EVERYWHERE})},
        },
    }
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": operation.body.reference()}},
        }
    return found


def refusal(status: int) -> Json:
    """Return what is said of a refusal."""
    return {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM_TYPE: {"schema": PROBLEM.reference()}},
    }


def shapes() -> Iterator[Shape]:
    """Yield every shape that the document refers to, each once."""
    seen: set[str] = set()
    waiting = [PROBLEM]
    for operation in OPERATIONS:
        waiting += [shape for shape in (operation.answer, operation.body) if shape is not None]
    while waiting:
        shape = waiting.pop()
        if shape.name in seen:
            continue
        seen.add(shape.name)
        yield shape
        waiting += [member.items for member in shape.fields.values() if isinstance(member.items, Shape)]
