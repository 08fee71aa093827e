"""What the overview shows: how much there is, what came and went lately, what was done last."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse

from packages_app.admin import columns
from packages_app.admin.plots import per_day
from packages_app.audit import activity
from packages_app.audit.read import trail
from packages_app.catalogue.totals import Totals, totals
from packages_app.downloads import read as downloads
from packages_app.simple_api.cache import home

RECENT = 12
DAYS = 30
KEPT_SECONDS = 60
"""How old counts may be that are shown: counting projects reads the list of them."""


@dataclass(frozen=True)
class Figure:
    """A number of the overview, and the list that it counts."""

    value: str
    what: str
    address: str


def dashboard() -> dict[str, Any]:
    """Return what the overview shows."""
    return {
        "figures": figures(kept_totals(int(time.time() // KEPT_SECONDS), home())),
        "plots": [
            per_day("Uploaded files", activity.uploads(DAYS)),
            per_day("Downloads", [(day.day, day.count) for day in downloads.read("", DAYS)]),
        ],
        "recent": recent(),
    }


@lru_cache(maxsize=2)
def kept_totals(moment: int, of: str) -> Totals:
    """Return the totals of this span of time, counted once."""
    del moment, of
    return totals()


def figures(counted: Totals) -> list[Figure]:
    """Return the totals as the overview shows them."""
    return [
        Figure(f"{counted.projects:,}", "projects", reverse("admin:packages_app_projectface_changelist")),
        Figure(f"{counted.files:,}", "files", reverse("admin:packages_app_fileface_changelist")),
        Figure(columns.size(counted.size), "in listed files", reverse("admin:packages_app_fileface_changelist")),
    ]


def recent() -> list[dict[str, str]]:
    """Return the last events."""
    return [
        {
            "id": event.id,
            "action": event.action,
            "project": event.project if event.project != event.target else "",
            "target": event.target,
            "when": columns.when(event.at),
            "actor": event.actor,
            "source": event.source,
        }
        for event in trail(limit=RECENT).events
    ]
