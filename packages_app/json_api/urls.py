"""The addresses of the legacy JSON API; PyPI answers with and without a slash at the end."""

from django.urls import path

from packages_app.json_api import views

urlpatterns = [
    path("<str:name>/json", views.project, name="json-project"),
    path("<str:name>/json/", views.project),
    path("<str:name>/<str:version>/json", views.project, name="json-release"),
    path("<str:name>/<str:version>/json/", views.project),
]
