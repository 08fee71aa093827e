"""Where clients find the addresses of trusted publishing, below ``/.well-known/`` (PEP 807, draft)."""

from django.urls import path

from packages_app.accounts.publishers import views

urlpatterns = [path("pytp", views.discovered, name="oidc-discover")]
