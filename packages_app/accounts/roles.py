"""The actions that permissions tell apart, and the roles that stand for several of them."""

from enum import Enum


class Action(Enum):
    """What a caller wants to do with a project or, without one, with the index."""

    READ = "read"
    UPLOAD = "upload"
    YANK = "yank"
    DELETE = "delete"
    MANAGE = "manage"
    """Set a project's status, share it with others, read its trail."""
    ADMINISTER = "administer"
    """Change users, groups and rules of the index as a whole."""


class Role(Enum):
    """What somebody is to the projects that a grant names; each may do what the one before it may."""

    READER = "reader"
    UPLOADER = "uploader"
    MAINTAINER = "maintainer"
    ADMINISTRATOR = "administrator"

    @property
    def actions(self) -> frozenset[Action]:
        """What the role allows."""
        return ALLOWED[self]


SOMEWHERE = frozenset({Action.READ, Action.UPLOAD})
"""Asked without a project, these mean any project of the index; the others mean all of it."""

READS = frozenset({Action.READ})
UPLOADS = READS | {Action.UPLOAD}
MAINTAINS = UPLOADS | {Action.YANK, Action.DELETE, Action.MANAGE}
ALLOWED = {
    Role.READER: READS,
    Role.UPLOADER: UPLOADS,
    Role.MAINTAINER: MAINTAINS,
    Role.ADMINISTRATOR: MAINTAINS | {Action.ADMINISTER},
}
