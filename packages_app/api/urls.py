"""The door's addresses, one for each path of the table of operations."""

import re
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from packages_app.api import views
from packages_app.api.operations import Operation
from packages_app.api.table import by_path


def view_of(operations: Mapping[str, Operation]) -> Callable[..., HttpResponse]:
    """Return the view of an address."""

    @csrf_exempt  # an API door: it reads the Authorization header, never a cookie
    def view(request: HttpRequest, **place: str) -> HttpResponse:
        return views.endpoint(request, operations, place)

    return view


def patterns() -> list[URLPattern]:
    """Return a pattern for each address."""
    return [path(re.sub(r"{(\w+)}", r"<str:\1>", where), view_of(found)) for where, found in by_path().items()]


urlpatterns = [
    path("", views.described, name="api-root"),
    path("openapi.json", views.described, name="api-document"),
    *patterns(),
]
