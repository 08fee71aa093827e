"""The WSGI entry point that servers and Lambda call."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pypi_site.settings")

application = get_wsgi_application()
