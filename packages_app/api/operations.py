"""What an operation of this door is, and what it is given and gives back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest

from packages_app.accounts.entries import Principal
from packages_app.api import cursors
from packages_app.api.errors import BadBody, BadQuery, WrongBodyType
from packages_app.api.shapes import Json, Shape
from packages_app.uploads.bodies import STALL_SECONDS, length_of, wait_at_most

LONGEST_BODY = 256 * 1024
"""Bytes of a body."""
LONGEST_PLACE, LONGEST_QUERY = 250, 500
"""Bytes of a name in a path, and characters of a parameter in a query: they become keys, which are shorter still."""
MOST_DIGITS = 18
"""Digits of a serial, at most."""
PAGE, LARGEST_PAGE = 100, 1000
"""Entries of a page where the caller names no number, and at most."""
SOURCE = "api"
"""What the audit trail calls this door."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """A parameter in the address."""

    name: str
    about: str
    kind: str = "string"


CURSOR = Query(name="cursor", about="The next of the page before; without it, the first page.")
LIMIT = Query(
    name="limit", about=f"Entries of a page, 1 to {LARGEST_PAGE}; {PAGE} where it is left out.", kind="integer"
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an operation came to."""

    document: Json | None = None
    status: int = HTTPStatus.OK
    serial: int | None = None
    """The project's serial, which becomes the ETag."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request for an operation."""

    request: HttpRequest
    who: Principal
    place: Mapping[str, str]
    """The parameters in the path."""
    body: Json

    def text(self, name: str) -> str:
        """Return a parameter of the query; empty when it is not there.

        Raises:
            BadQuery: it is longer than anything that it could name.
        """
        found = self.request.GET.get(name, "")
        if len(found) > LONGEST_QUERY:
            raise BadQuery(f"The parameter {name} has {len(found)} characters; at most {LONGEST_QUERY} are taken.")
        return found

    def number(self, name: str, default: int, *, most: int) -> int:
        """Return a parameter of the query as a number from 1 on.

        Raises:
            BadQuery: it is none, or larger than ``most``.
        """
        raw = self.text(name)
        if not raw:
            return default
        if not (raw.isascii() and raw.isdigit() and len(raw) <= MOST_DIGITS and 1 <= int(raw) <= most):
            raise BadQuery(f"The parameter {name} must be a whole number from 1 to {most}.")
        return int(raw)

    @property
    def after(self) -> str:
        """Where the page before ended."""
        return cursors.read(self.request.GET.get("cursor", ""))

    @property
    def limit(self) -> int:
        """How many entries the page may have."""
        return self.number("limit", PAGE, most=LARGEST_PAGE)

    @property
    def expected_serial(self) -> int | None:
        """The serial that the caller last saw of the project, from ``If-Match``; None when any will do.

        Raises:
            BadQuery: it is no tag that this door gave.
        """
        raw = self.request.headers.get("If-Match", "").strip()
        if raw in ("", "*"):
            return None
        digits = raw.removeprefix('"').removesuffix('"')
        if not (raw == f'"{digits}"' and digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            raise BadQuery("If-Match must hold the ETag that the project was last answered with.")
        return int(digits)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    """Below ``/api/``, with parameters in braces."""
    name: str
    """OpenAPI's operationId."""
    about: str
    run: Callable[[Call], Answer]
    answer: Shape | None = None
    """What it answers; None is 204."""
    status: int = HTTPStatus.OK
    body: Shape | None = None
    query: tuple[Query, ...] = ()
    refusals: tuple[int, ...] = ()
    """Statuses of refusals beside those that every operation can have."""
    conditional: bool = field(default=False)
    """Whether it heeds If-Match."""


def body_of(request: HttpRequest, shape: Shape | None) -> Json:
    """Return the request's JSON object, checked; an empty one where the operation takes none.

    Raises:
        WrongBodyType: it is said to be something else.
        BadBody: it is no JSON object of this shape.
    """
    if shape is None:
        return {}
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongBodyType("Send JSON with the Content-Type application/json.")
    length = length_of(request)
    if length > LONGEST_BODY:
        raise BadBody(f"The body is larger than {LONGEST_BODY // 1024} KB.")
    wait_at_most(request, STALL_SECONDS)
    try:
        document: Any = json.loads(request.read(length))
        json.dumps(document, ensure_ascii=False).encode()  # JSON can name half a character, which nothing can keep
    except (ValueError, RecursionError):
        raise BadBody("The body is no JSON document.") from None
    if not isinstance(document, dict):
        raise BadBody("The body must be a JSON object.")
    shape.check(document)
    return document
