"""Reads what became of a request to the table: unavailable, refused by a condition, or worth trying again."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException, TableDoesNotExist, TransactGetError, TransactWriteError

from packages_app.tables.embedded.errors import Unanswered
from packages_app.tables.errors import TableUnavailable

CONDITION_FAILED = "ConditionalCheckFailed"

LATER = "The catalogue is busy or cannot be reached right now; try again in a moment."
THROTTLED = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
    }
)
"""Codes of whole requests and of single actions in a cancelled transaction."""
ABSENT = "The catalogue's table does not exist or is not ready; an administrator must create it, then try again."
CONFLICTS = frozenset({"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"})


@contextmanager
def reported() -> Iterator[None]:
    """Turn failures of the table itself into a domain error; refusals by a condition pass through.

    Raises:
        TableUnavailable: the table is throttled, unreachable or missing, or its disk is full or failing.
    """
    try:
        yield
    except TableDoesNotExist as error:
        raise TableUnavailable(ABSENT) from error
    except (PynamoDBException, BotoCoreError, ClientError, Unanswered) as error:
        if message := unavailability(error):
            raise TableUnavailable(message) from error
        raise


def unavailability(error: Exception) -> str:
    """Return what to tell a person when the table could not answer; empty for every other outcome."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if isinstance(cause, Unanswered | BotoCoreError):
        return LATER
    if not isinstance(cause, ClientError):
        return ""
    code = cause.response["Error"].get("Code", "")
    if code == "ResourceNotFoundException":
        return ABSENT
    if code in THROTTLED or (reason_codes(error) & THROTTLED and not any(failed_conditions(error))):
        return LATER
    return ""


def failed_conditions(error: Exception) -> tuple[bool, ...]:
    """Return for each action of a cancelled transaction, in the order of the request, whether its condition failed.

    PynamoDB sends condition checks first, then deletes, puts and updates. Empty when the error is none of these.
    """
    if not isinstance(error, TransactWriteError):
        return ()
    return tuple(reason is not None and reason.code == CONDITION_FAILED for reason in error.cancellation_reasons)


def is_conflict(error: Exception) -> bool:
    """Return whether another transaction touched the same items at the same time, so that a retry may succeed.

    False when a condition failed as well: then the answer is known.
    """
    code = getattr(error, "cause_response_code", None)
    return not any(failed_conditions(error)) and (code in CONFLICTS or bool(reason_codes(error) & CONFLICTS))


def reason_codes(error: Exception) -> set[str]:
    """Return the codes that cancelled a transaction."""
    if not isinstance(error, TransactWriteError | TransactGetError):
        return set()
    return {reason.code for reason in error.cancellation_reasons if reason is not None}
