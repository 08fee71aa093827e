"""The base of every domain error: a stable code, and a sentence that says what to do next."""

from typing import ClassVar


class PackagesError(Exception):
    """A refusal or failure that a caller can act on.

    ``code`` is stable and machine-readable; the message is one plain sentence for people and holds no secret, path or
    setting value.
    """

    code: ClassVar[str] = "error"


class Unavailable(PackagesError):
    """A backing service (catalogue, file store, disk) cannot answer now; the same request may succeed later."""

    code = "unavailable"
    retry_after: ClassVar[int] = 5
    """Seconds a client should wait before it tries again."""


class AnswerTooLarge(PackagesError):
    """The answer has more bytes than can be sent from here."""

    code = "answer-too-large"


class NotAcceptable(PackagesError):
    """The caller takes none of the formats or encodings that there are."""

    code = "not-acceptable"


class WrongMethod(PackagesError):
    """An address was asked for something that it does not do."""

    code = "wrong-method"

    def __init__(self, sentence: str, allowed: str) -> None:
        super().__init__(sentence)
        self.allowed = allowed
        """What it does, as the protocol lists it."""
