"""The addresses of trusted publishing, below ``/_/oidc/``: clients look for them at the root of the host."""

from django.urls import path

from packages_app.accounts.publishers import views

urlpatterns = [
    path("audience", views.asked, name="oidc-audience"),
    path("mint-token", views.minted, name="oidc-mint-token"),
    path("burn-token", views.burnt, name="oidc-burn-token"),
]
