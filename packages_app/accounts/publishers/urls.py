"""The addresses of trusted publishing: clients look for them at the root of the host."""

from django.urls import path

from packages_app.accounts.publishers import views

urlpatterns = [
    path("_/oidc/audience", views.asked, name="oidc-audience"),
    path("_/oidc/mint-token", views.minted, name="oidc-mint-token"),
    path(".well-known/pytp", views.discovered, name="oidc-discover"),
]
