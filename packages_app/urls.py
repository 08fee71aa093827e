"""Which door answers which address."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import include, path, reverse
from django.views.decorators.csrf import csrf_exempt

from packages_app.browser import views as browser
from packages_app.simple_api import views as simple
from packages_app.simple_api.answers import check_method
from packages_app.uploads.client import views as client
from packages_app.uploads.legacy import views as legacy
from packages_app.uploads.sessions import urls as sessions
from packages_app.uploads.sessions import views as upload_sessions


@csrf_exempt  # an API door: it reads the Authorization header, never a cookie
def simple_or_upload(request: HttpRequest) -> HttpResponseBase:
    """Answer the root page; a POST here is an upload, as many clients are configured with the simple URL."""
    if request.method == "POST":
        return legacy.upload(request)
    check_method(request, "GET, HEAD, POST")
    return simple.root(request)


@csrf_exempt  # an API door: it reads the Authorization header, never a cookie
def home(request: HttpRequest) -> HttpResponseBase:
    """Show people the home page; a POST here is an upload."""
    if request.method == "POST":
        return legacy.upload(request)
    check_method(request, "GET, HEAD, POST")
    return browser.home(request)


def healthz(request: HttpRequest) -> HttpResponseBase:
    """Tell a load balancer that this process answers; no credentials, nothing of the index."""
    check_method(request, "GET, HEAD")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def admin(request: HttpRequest) -> HttpResponseBase:
    """Send to the admin, whose addresses the middleware puts before these for requests to it."""
    check_method(request)
    return HttpResponseRedirect(reverse("admin-home"))


urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("legacy", legacy.upload),  # a redirect would be refused by upload clients, so this address works too
    path("legacy/", legacy.upload, name="legacy-upload"),
    path("upload", upload_sessions.root),  # as for /legacy: no client follows a redirect of a POST
    path("upload/", include(sessions)),
    path("upload.py", client.script, name="upload-script"),
    path("simple/", simple_or_upload, name="simple-root"),
    path("", include("packages_app.simple_api.urls")),
    # Given by name, so that it is imported when it is asked for: the pages of installers start without it.
    path("api/", ("packages_app.api.urls", None, None)),  # type: ignore[arg-type] # Django's types know modules only
    path("account/", ("packages_app.accounts.urls", None, None)),  # type: ignore[arg-type] # known to Django, not its types
    path("_/oidc/", ("packages_app.accounts.publishers.urls", None, None)),  # type: ignore[arg-type] # known to Django, not its types
    path(".well-known/", ("packages_app.accounts.publishers.well_known", None, None)),  # type: ignore[arg-type] # known to Django, not its types
    path("pypi/", ("packages_app.json_api.urls", None, None)),  # type: ignore[arg-type] # known to Django, not its types
    path("admin", admin),
    path("admin/", admin, name="admin-home"),
    path("", include("packages_app.browser.urls")),
]
