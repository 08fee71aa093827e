"""The addresses of pages for people; home, which also takes uploads, stands with the site's."""

from django.urls import path

from packages_app.browser import views

urlpatterns = [
    path("static/<str:digest>/<path:name>", views.asset, name="static-file"),
]
