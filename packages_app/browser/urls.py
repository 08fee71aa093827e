"""The addresses of pages for people; home, which also takes uploads, stands with the site's."""

from django.urls import path

from packages_app.browser import views

urlpatterns = [
    path("search", views.without_slash),
    path("search/", views.search, name="search"),
    path("project/<str:name>/", views.project, name="project"),
    path("project/<str:name>/history/", views.history, name="history"),  # which is no version
    path("project/<str:name>/<str:version>/", views.project, name="release"),
    path("project/<str:name>", views.without_slash),
    path("project/<str:name>/<str:version>", views.without_slash),
    path("static/<str:digest>/<path:name>", views.asset, name="static-file"),
]
