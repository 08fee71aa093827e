"""Faces: unmanaged Django models that give Django's admin names, columns and form fields. They read and store nothing.

Each carries the record it shows in ``record``; what changes a record is a journey, never the face.
"""

from typing import Any

from django.db import models

ACTIVE, ARCHIVED, DEPRECATED, QUARANTINED = "active", "archived", "deprecated", "quarantined"


class Face(models.Model):
    """What all faces share."""

    record: Any = None
    """The frozen record that the face shows."""
    files: Any = ()
    """The files that it comes to, where its page counts them."""
    text = ""
    """What is shown once and kept nowhere: the text of a new token."""

    class Meta:
        """Django's settings of a model."""

        abstract = True
        managed = False
        app_label = "packages_app"


class ProjectFace(Face):
    """A project."""

    name = models.CharField("name", primary_key=True, max_length=200)

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "project"

    def __str__(self) -> str:
        """Return the normalised name."""
        return str(self.name)


class ReleaseFace(Face):
    """A release, which is the files of one version; its key is ``project/version``."""

    key = models.CharField("release", primary_key=True, max_length=400)

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "release"

    def __str__(self) -> str:
        """Return project and version."""
        return str(self.key).replace("/", " ", 1)


class FileFace(Face):
    """A file; its key is ``project/filename``."""

    key = models.CharField("file", primary_key=True, max_length=400)

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "file"

    def __str__(self) -> str:
        """Return the file name."""
        return str(self.key).partition("/")[2]


class SessionFace(Face):
    """An upload session."""

    id = models.CharField("session", primary_key=True, max_length=32)

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "upload session"

    def __str__(self) -> str:
        """Return the session's id."""
        return str(self.id)


class EventFace(Face):
    """An audit event."""

    id = models.CharField("event", primary_key=True, max_length=60)

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "audit event"

    def __str__(self) -> str:
        """Return what happened to what."""
        return f"{self.record.action} {self.record.target}" if self.record else str(self.id)


class UserFace(Face):
    """A user, as the forms show one."""

    name = models.CharField("user name", primary_key=True, max_length=64)
    display_name = models.CharField("display name", max_length=254, blank=True)
    email = models.CharField("e-mail address", max_length=254, blank=True)
    administrator = models.BooleanField(
        "administrator", default=False, help_text="May do everything, and come in here."
    )
    disabled = models.BooleanField("disabled", default=False, help_text="May not sign in, by password or by token.")

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "user"

    def __str__(self) -> str:
        """Return the user's name."""
        return str(self.name)


class GroupFace(Face):
    """A group of users."""

    name = models.CharField("group", primary_key=True, max_length=64)
    description = models.CharField("description", max_length=254, blank=True)

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "group"

    def __str__(self) -> str:
        """Return the group's name."""
        return str(self.name)


class PublisherFace(Face):
    """A trusted publisher: a pipeline of a CI service."""

    id = models.CharField("publisher", primary_key=True, max_length=64)

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "trusted publisher"

    def __str__(self) -> str:
        """Return the publisher's id."""
        return str(self.id)


class TokenFace(Face):
    """An API token; nothing of its secret, but on the page that its maker is shown."""

    id = models.CharField("token", primary_key=True, max_length=16)

    class Meta(Face.Meta):
        """Django's settings of a model."""

        verbose_name = "API token"

    def __str__(self) -> str:
        """Return the token's id."""
        return str(self.id)
