"""How an entry's history is found in the audit trail."""

from collections.abc import Callable

from django.utils.http import urlencode

from packages_app.admin.faces import Face

History = Callable[[Face], str]
"""Gives the query of the trail that belongs to an entry."""


def of_project(face: Face) -> str:
    """Return the query of the trail of the project that an entry is, or belongs to."""
    return urlencode({"project": str(face.pk).partition("/")[0]})


def of_target(face: Face) -> str:
    """Return the query of the trail of what was done to an account."""
    return urlencode({"target": str(face.pk)})


def of_publisher(face: Face) -> str:
    """Return the query of the trail of what was done to a trusted publisher."""
    return urlencode({"target": face.record.name})


def of_session(face: Face) -> str:
    """Return the query of the trail of the project that a session is for."""
    return urlencode({"project": face.record.project})
