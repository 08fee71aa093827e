"""The site's URLs: all of them are the app's."""

from django.urls import include, path

handler404 = "packages_app.problems.not_found"

urlpatterns = [path("", include("packages_app.urls"))]
