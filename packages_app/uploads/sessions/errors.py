"""Why an upload session does not do what it is asked."""

from typing import ClassVar

from packages_app.errors import PackagesError


class BadDocument(PackagesError):
    """A request's JSON is not what this address takes."""

    code = "bad-document"

    def __init__(self, sentence: str, *, errors: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.errors = errors
        """What is wrong where: pairs of a place in the document and a sentence."""


class WrongMediaType(PackagesError):
    """A request's body is of a type that this address does not read."""

    code = "wrong-media-type"


class NoSuchSession(PackagesError):
    """There is no such session or file in it, or its time is over."""

    code = "no-such-session"


class SessionExists(PackagesError):
    """A session for this project and version is open."""

    code = "session-exists"

    def __init__(self, sentence: str, *, session: str) -> None:
        super().__init__(sentence)
        self.session = session
        """The id of the session that is open."""


class SessionClosed(PackagesError):
    """The session, or the file in it, is published, canceled or refused, and takes no more changes."""

    code = "session-closed"


class SessionBusy(PackagesError):
    """The session, or the file in it, is being worked on this moment."""

    code = "session-busy"
    retry_after: ClassVar[int] = 2
    """Seconds a client should wait before it looks again."""


class FileInSession(PackagesError):
    """A file of this name is in the session already."""

    code = "file-in-session"


class TooManyFiles(PackagesError):
    """The session has as many files as one takes."""

    code = "too-many-files"


class IncompleteFiles(PackagesError):
    """Files of the session are not completed, so that it cannot be published."""

    code = "incomplete-files"


class NotReceived(PackagesError):
    """The bytes of a file, or some of its parts, were not sent yet."""

    code = "not-received"

    def __init__(self, sentence: str, *, errors: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.errors = errors
        """Which parts are missing: pairs of a part and a sentence."""


class NeverEnds(PackagesError):
    """Work was begun again and again, and whoever did it was cut off each time."""

    code = "never-ends"


class EmptySession(PackagesError):
    """The session holds no file."""

    code = "empty-session"


class UnknownMechanism(PackagesError):
    """There is no such way to send a file's bytes, or the file is sent in another way."""

    code = "unknown-mechanism"


class WrongSize(PackagesError):
    """The bytes are more or fewer than were announced."""

    code = "wrong-size"


class BadLink(PackagesError):
    """A link for sending a file is forged, damaged, or its time is over."""

    code = "bad-link"
