"""What the embedded catalogue refuses, in DynamoDB's words, and what it could not do at all."""

from collections.abc import Sequence
from typing import Any


class Unanswered(Exception):
    """SQLite could not read or write: the disk is full or failing, or another process held the file for too long."""


class Refused(Exception):
    """A request that DynamoDB would answer with an error."""

    def __init__(self, code: str, message: str, **response: Any) -> None:  # noqa: ANN401 - parts of the wire form
        super().__init__(message)
        self.code = code
        self.message = message
        self.response = response


def invalid(message: str) -> Refused:
    """Return the refusal of a request that makes no sense."""
    return Refused("ValidationException", message)


def condition_failed(item: dict[str, Any] | None) -> Refused:
    """Return the refusal by a condition, with the item it was checked on if the request asked for it."""
    shown = {"Item": item} if item else {}
    return Refused("ConditionalCheckFailedException", "The conditional request failed", **shown)


def cancelled(reasons: Sequence[dict[str, Any]]) -> Refused:
    """Return the refusal of a transaction, with one reason for each action."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return Refused("TransactionCanceledException", message, CancellationReasons=list(reasons))
