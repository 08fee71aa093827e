"""Answers every address of the door: reads a request, runs its operation, writes the JSON."""

import json
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from packages_app.accounts.gate import principal
from packages_app.api.errors import BadQuery, Stale
from packages_app.api.openapi import document
from packages_app.api.operations import LONGEST_PLACE, Call, Operation, body_of
from packages_app.catalogue.errors import NoSuchEntry, ProjectChanged
from packages_app.errors import WrongMethod

JSON = "application/json"


def endpoint(request: HttpRequest, operations: Mapping[str, Operation], place: Mapping[str, str]) -> HttpResponse:
    """Run the operation of an address that the request's method names.

    Raises:
        WrongMethod: the address has none for it.
        NoSuchEntry: the address holds a name that is longer than any.
    """
    operation = operations.get("GET" if request.method == "HEAD" else str(request.method))
    if operation is None:
        allowed = ", ".join([*operations, *(["HEAD"] if "GET" in operations else [])])
        raise WrongMethod(f"This address of the API takes {' and '.join(operations)}.", allowed)
    who = principal(request)
    check_query(request, operation)
    if any(len(name.encode()) > LONGEST_PLACE for name in place.values()):
        raise NoSuchEntry(f"There is nothing whose name has more than {LONGEST_PLACE} bytes.")
    call = Call(request=request, who=who, place=place, body=body_of(request, operation.body))
    try:
        answer = operation.run(call)
    except ProjectChanged as error:
        if call.expected_serial is None:
            raise
        raise Stale(str(error)) from error  # RFC 9110: a condition that does not hold is 412
    headers = {"Cache-Control": "no-store"}
    if answer.serial is not None:
        headers["ETag"] = f'"{answer.serial}"'
    if answer.document is None:
        return HttpResponse(status=204, headers=headers)
    return HttpResponse(
        json.dumps(answer.document, ensure_ascii=False),
        content_type=JSON,
        status=operation.status,
        headers=headers,
    )


def check_query(request: HttpRequest, operation: Operation) -> None:
    """Return if the operation knows every parameter of the query: a typo must not read as "all of them".

    Raises:
        BadQuery: it does not know one.
    """
    known = [query.name for query in operation.query]
    for name in request.GET:
        if name not in known:
            takes = f"; it takes {', '.join(known)}" if known else ""
            raise BadQuery(f"The parameter {name[:80]!a} is not known here{takes}.")


@csrf_exempt  # an API door: it reads the Authorization header, never a cookie
def described(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI document; it holds nothing of the index, so everybody may read it."""
    if request.method not in ("GET", "HEAD"):
        raise WrongMethod("The API's document is only read.", "GET, HEAD")
    address = request.build_absolute_uri(reverse("api-root"))
    return HttpResponse(
        json.dumps(document(address.rstrip("/")), ensure_ascii=False),
        content_type=JSON,
        headers={"Cache-Control": "no-cache"},
    )
