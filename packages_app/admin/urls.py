"""The addresses of requests to the admin: its own, and all others for its links. Imported by the first such request."""

from django.urls import include, path

from packages_app.admin import events, files, groups, projects, publishers, releases, sessions, tokens, users  # noqa: F401 - they register their lists
from packages_app.admin.site import site

handler404 = "packages_app.problems.not_found"

urlpatterns = [path("admin/", site.urls), path("", include("packages_app.urls"))]
