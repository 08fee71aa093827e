"""What every page knows beside its own matter: who looks at it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from packages_app.accounts import gate
from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import is_administrator
from packages_app.errors import PackagesError


def visitor(request: HttpRequest) -> dict[str, Any]:
    """Give templates the ``visitor``, and whether they administer the index.

    An error page must be shown also to somebody whose credentials are wrong.
    """

    def find() -> Principal:
        try:
            return gate.visitor(request)
        except PackagesError:
            return Principal(name="")

    found = SimpleLazyObject(find)
    return {"visitor": found, "administers": lambda: is_administrator(find())}
