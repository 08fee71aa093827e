"""The addresses of upload sessions, below ``/upload/``."""

from django.urls import path

from packages_app.uploads.sessions import receiving, stage, views

urlpatterns = [
    path("", views.root, name="upload-root"),
    path("put/<str:token>", receiving.put_bytes, name="upload-put"),
    path("part/<str:token>", receiving.put_part, name="upload-part"),
    path("stage/<str:session>/<str:token>/", stage.root, name="upload-stage"),
    path("stage/<str:session>/<str:token>/<str:name>/", stage.project),
    path("stage/<str:session>/<str:token>/files/<str:sha256>/<str:filename>", stage.file),
    path("<str:session>/", views.session, name="upload-session"),
    path("<str:session>/publish", views.publish, name="upload-publish"),
    path("<str:session>/extend", views.extend, name="upload-extend"),
    path("<str:session>/files", views.files, name="upload-files"),
    path("<str:session>/files/<str:filename>", views.file, name="upload-file"),
    path("<str:session>/files/<str:filename>/complete", views.complete, name="upload-complete"),
    path("<str:session>/files/<str:filename>/extend", views.extend_file, name="upload-file-extend"),
    path("<str:session>/files/<str:filename>/bytes", receiving.post_bytes, name="upload-bytes"),
    path("<str:session>/files/<str:filename>/parts", receiving.parts, name="upload-parts"),
    path("<str:session>/files/<str:filename>/attestations", receiving.attestations, name="upload-attestations"),
]
