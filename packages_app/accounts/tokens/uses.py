"""Notes when tokens were last used: at most once an hour for each, and after the answer went out."""

import logging
import time
from collections import deque

from django.core.signals import request_finished, setting_changed

from packages_app.accounts.tokens import write
from packages_app.accounts.tokens.entries import Token
from packages_app.errors import Unavailable

log = logging.getLogger(__name__)

MOST = 4096
HOUR = 3600.0

noted: dict[str, float] = {}
"""When this process last noted a token's use, by its monotonic clock; the item's condition minds other processes."""
waiting: deque[str] = deque(maxlen=MOST)
"""Tokens that were used in requests whose answers are not through yet."""


def note(token: Token) -> None:
    """Let a token's use be noted once the answer went out, if the last note is an hour old."""
    now = time.monotonic()
    if now - noted.get(token.id, -HOUR) < HOUR:
        return
    if len(noted) >= MOST:
        noted.clear()
    noted[token.id] = now
    waiting.append(token.id)


def write_down(**_: object) -> None:
    """Write the notes that are due."""
    while waiting:
        try:
            write.note_use(waiting.popleft())
        except IndexError:  # another thread took the last one
            return
        except Unavailable as error:  # the request was answered; the next hour's note will do
            log.warning("The use of a token could not be noted: %s", error)


def forget(*, setting: str, **_: object) -> None:
    """Begin anew with another catalogue."""
    if setting == "PACKAGES_APP":
        noted.clear()
        waiting.clear()


request_finished.connect(write_down)
setting_changed.connect(forget)
