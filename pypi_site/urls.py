"""The site's URLs: all of them are the app's."""

from django.urls import include, path

urlpatterns = [path("", include("packages_app.urls"))]
