"""How long a request may take, and how often AWS is asked again meanwhile.

On Lambda a gateway gives up after 29 seconds. AWS's client retries what was throttled, with growing, jittered pauses;
here it is told to stop while there is still time to answer 503, so that the caller knows when to come back.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

CONNECT_SECONDS = 2
READ_SECONDS = 5
"""An attempt that begins in the last moment ends so much later."""
ATTEMPTS = 5
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
THROTTLED = frozenset(
    {
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Codes that botocore asks again for."""

ends: ContextVar[float] = ContextVar("ends", default=math.inf)


class OutOfTime(BotoCoreError):
    """There is no time left to ask AWS anything."""

    fmt = "No time was left to ask AWS"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let what happens meanwhile end in so many seconds; 0 is no limit."""
    token = ends.set(time.monotonic() + seconds if seconds else math.inf)
    try:
        yield
    finally:
        ends.reset(token)


def left() -> float:
    """Return the seconds that are left; infinite where there is no limit."""
    return ends.get() - time.monotonic()


def watch(client: Any) -> None:  # noqa: ANN401 - botocore makes clients' classes while it runs
    """Let a client keep to the limit."""
    client.meta.events.register_first("before-send", begin_in_time)
    client.meta.events.register_first("needs-retry", stop_in_time)


def begin_in_time(**_: object) -> None:
    """Hold back a request for which there is no time.

    Raises:
        OutOfTime: there is none.
    """
    if left() <= 0:
        raise OutOfTime


def stop_in_time(*, attempts: int, operation: Any, response: Any, caught_exception: Any, **_: object) -> None:  # noqa: ANN401 - botocore's hook has no types
    """Raise what an attempt met, instead of pausing beyond the limit.

    Raises:
        ClientError: AWS was busy.
        Exception: whatever kept the request from reaching AWS.
    """
    if left() > longest_pause(attempts):
        return
    if caught_exception is not None:
        raise caught_exception
    answer, parsed = response
    code = parsed.get("Error", {}).get("Code", "")
    if answer.status_code >= SERVER_ERROR or answer.status_code == TOO_MANY_REQUESTS or code in THROTTLED:
        raise ClientError(parsed, operation.name)


def longest_pause(attempts: int) -> float:
    """Return how long botocore's standard mode may pause after so many attempts."""
    return float(min(2 ** (attempts - 1), 20))
