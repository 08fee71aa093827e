"""Reasons that people give for what they do, on one line."""

import re

from packages_app.maintenance.errors import BadReason

LONGEST_REASON = 500
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
"""Control characters, and those that turn the direction of all text after them."""


def one_line(reason: str) -> str:
    """Return a reason as it is shown: on one line, without control characters.

    Raises:
        BadReason: it is too long.
    """
    line = " ".join(CONTROLS.sub(" ", reason).split())
    if len(line) > LONGEST_REASON:
        raise BadReason(f"The reason has {len(line)} characters; say it in at most {LONGEST_REASON}.")
    return line
