"""The addresses of pages and files; the root page, which also takes uploads, stands with the site's."""

from django.urls import path

from packages_app.simple_api import downloads, views

urlpatterns = [
    path("simple", views.root_without_slash),
    path("simple/<str:name>/", views.project, name="simple-project"),
    path("simple/<str:name>", views.project_without_slash),
    path("packages/<str:sha256>/<str:filename>", downloads.file, name="file"),
]
