"""Gives every request an id, every answer its protective headers, and every error its answer."""

import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from packages_app import patience
from packages_app.conf import options
from packages_app.errors import AnswerTooLarge
from packages_app.problems import response_to

HEADERS = {
    # Metadata and file names come from strangers: a browser must neither guess types nor run what a page holds.
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
}

TOO_LARGE = (
    "This answer is larger than the index can send from where it runs; ask for less of it, or with "
    "Accept-Encoding: gzip."
)
HEALTH = "/healthz"
ADMIN = "/admin/"
ADMIN_URLS = "packages_app.admin.urls"
"""Read by the first request to the admin: until then, no process imports Django's admin."""
BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class RequestsAndProblems:
    """The whole middleware stack of the index's machine-facing doors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, whatever happens."""
        request.META["packages_app.request_id"] = request_id = secrets.token_hex(8)
        try:
            if request.path_info != HEALTH:  # load balancers ask by address
                request.get_host()  # raises for a host that is not ours; nothing else here would ask
            if request.path_info.startswith(ADMIN):
                request.urlconf = ADMIN_URLS
            with patience.within(options().time_limit):
                response = self.get_response(request)
        except Exception as error:  # noqa: BLE001 - the last place that can still answer; it logs and answers 500
            response = response_to(request, error, request_id)
        if isinstance(response, HttpResponse) and 0 < options().largest_answer < len(response.content):
            response = response_to(request, AnswerTooLarge(TOO_LARGE), request_id)
        response.headers["X-Request-ID"] = request_id
        if isinstance(response, HttpResponse) and response.status_code not in BODILESS:
            # Without a length the connection could not be kept open for the next request.
            response.headers.setdefault("Content-Length", str(len(response.content)))
            if request.method == "HEAD":
                response.content = b""
        for header, value in HEADERS.items():
            response.headers.setdefault(header, value)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase:
        """Answer an error that a view raised."""
        return response_to(request, error, request.META["packages_app.request_id"])
