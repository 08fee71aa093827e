"""What the overview shows: how much there is, what came and went lately, what was done last."""

from itertools import islice
from typing import Any

from packages_app.admin import columns
from packages_app.audit import trail

RECENT = 12


def dashboard() -> dict[str, Any]:
    """Return what the overview shows."""
    return {"figures": [], "plots": [], "recent": recent()}


def recent() -> list[dict[str, str]]:
    """Return the last events."""
    return [
        {
            "action": entry.event.action,
            "target": entry.event.target,
            "when": columns.when(entry.at),
            "actor": entry.event.actor,
            "source": entry.event.source,
        }
        for entry in islice(trail.newest(limit=RECENT), RECENT)
    ]
