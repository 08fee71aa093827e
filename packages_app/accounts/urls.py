"""The addresses of account pages."""

from django.urls import path

from packages_app.accounts import views
from packages_app.accounts.oidc import views as oidc

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/provider/", oidc.start, name="oidc-start"),
    path("sign-in/provider/back/", oidc.back, name="oidc-back"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="account-password"),
    path("tokens/<str:token>/revoke/", views.revoke, name="account-revoke-token"),
]
