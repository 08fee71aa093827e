"""The admin's site: who may come in, where they sign in, what surrounds every page."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.messages.middleware import MessageMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.i18n import JavaScriptCatalog

from packages_app.accounts.gate import to_sign_in
from packages_app.admin.callers import is_administrator
from packages_app.admin.dashboard import dashboard
from packages_app.admin.reconciling import report

# Django's admin brings scripts of its own; everything else is as for the other pages.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
Urls = list[URLPattern | URLResolver]
SECTIONS = {
    "Packages": ("projectface", "releaseface", "fileface", "sessionface"),
    "People and machines": ("userface", "groupface", "publisherface", "tokenface"),
    "Trail": ("eventface",),
}


with_messages = decorator_from_middleware(MessageMiddleware)


class IndexSite(AdminSite):
    """Django's admin without its log, its content types and its own sign-in."""

    site_title = site_header = "Package index administration"
    index_title = "Overview"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Let administrators in, nobody else."""
        return is_administrator(request)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Return the view for administrators alone, safe from other sites' forms, and with the admin's headers.

        Raises:
            PermissionDenied: somebody else is signed in.
        """
        guarded = with_messages(csrf_protect(view if cacheable else never_cache(view)))

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                if getattr(getattr(request, "user", None), "is_authenticated", False):
                    raise PermissionDenied
                return to_sign_in(request)
            response: HttpResponseBase = guarded(request, *args, **kwargs)
            response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
            # As for all pages that have forms: without a referrer, browsers tell no origin either.
            response.headers["Referrer-Policy"] = "same-origin"
            return response

        return answered

    def get_urls(self) -> Urls:
        """Return the admin's addresses: Django's, but those that need its log or its content types."""

        def guarded(view: Callable[..., Any], cacheable: bool = False) -> Any:
            return self.admin_view(view, cacheable)

        found: Urls = [
            path("", guarded(self.index), name="index"),
            path("login/", self.login, name="login"),
            path("jsi18n/", guarded(self.i18n_javascript, cacheable=True), name="jsi18n"),
            path("reconcile/", guarded(self.reconcile), name="reconcile"),
        ]
        for model, model_admin in self._registry.items():
            found.append(path(f"{model._meta.model_name}/", include(model_admin.urls)))
        found.append(re_path(r"^(?P<app_label>packages_app)/$", guarded(self.app_index), name="app_list"))
        found.append(re_path(r"(?P<url>.*)$", guarded(self.catch_all_view)))
        return found

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page of the admin knows; the way back is the index's home, under its prefix."""
        return {**super().each_context(request), "user": request.user, "site_url": reverse("home")}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the lists by what they are about, in an order that does not change."""
        models = {
            found["object_name"].lower(): found
            for app in self._build_app_dict(request, app_label).values()
            for found in app["models"]
        }
        url = reverse("admin:index", current_app=self.name)
        return [
            {
                "name": name,
                "app_label": name.split()[0].lower(),
                "app_url": url,
                "has_module_perms": True,
                "models": listed,
            }
            for name, members in SECTIONS.items()
            if (listed := [models[member] for member in members if member in models])
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show what the index holds and what happened lately."""
        return super().index(request, {**dashboard(), **(extra_context or {})})

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Send to the overview, which lists everything there is."""
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))

    def get_log_entries(self, request: HttpRequest) -> Any:  # Django has a queryset here
        """Return nothing: the overview reads the audit trail by itself."""
        return ()

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Send to the one page where people sign in."""
        return to_sign_in(request)

    def i18n_javascript(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Answer the words that the admin's scripts show: English."""
        return JavaScriptCatalog.as_view(packages=["packages_app"])(request)

    def reconcile(self, request: HttpRequest) -> HttpResponseBase:
        """Show what reconcile would mend, once somebody asks for it: it reads the whole store."""
        context = {
            **self.each_context(request),
            "title": "Reconcile",
            "report": report() if request.method == "POST" else None,
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/reconcile.html", context)


site = IndexSite()
site.disable_action("delete_selected")
