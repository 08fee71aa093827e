"""The WSGI entry point that servers and Lambda call."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from pypi_site.forwarded import Forwarded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pypi_site.settings")


class Request(WSGIRequest):
    """Django's request, but a Content-Type that cannot be read counts as none instead of ending in an error."""

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # Django's own, unknown to its types
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    """Answers with requests that never fail before the middleware sees them."""

    request_class = Request


django.setup(set_prefix=False)
application = Forwarded(Handler(), settings.TRUSTED_PROXIES)
