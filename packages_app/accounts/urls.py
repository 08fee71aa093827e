"""The addresses of account pages."""

from django.urls import path

from packages_app.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="account-password"),
    path("tokens/<str:token>/revoke/", views.revoke, name="account-revoke-token"),
]
