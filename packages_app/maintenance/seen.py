"""Decides on what is there: a change is made to the very state that was looked at, or decided anew."""

import random
import time
from collections.abc import Callable

from packages_app.catalogue import read
from packages_app.catalogue.entries import Project
from packages_app.catalogue.errors import Busy, FileChanged, ProjectChanged
from packages_app.catalogue.transact import no_project
from packages_app.maintenance.entries import Done

ATTEMPTS = 20
LONGEST_PAUSE = 0.1


def on_what_is_there(project: str, decide: Callable[[Project], Done], expected_serial: int | None) -> Done:
    """Let ``decide`` look and write, with the serial that it looked at as its condition.

    Who passes ``expected_serial`` saw the project in that state, and is told when it has another one; who does not is
    served on whatever is there, and ``decide`` runs again when somebody else wrote in between.

    Raises:
        NoSuchEntry: there is no such project.
        ProjectChanged: it is not what the caller last saw.
        Busy: others change it over and over.
    """
    for _ in range(ATTEMPTS):
        found = read.project(project)
        if found is None:
            raise no_project(project)
        if expected_serial not in {None, found.serial}:
            raise ProjectChanged.named(project)
        try:
            return decide(found)
        except (FileChanged, ProjectChanged):
            time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - spreads writers out, keeps no secret
    raise Busy(f"{project} is being changed by others over and over; try again in a moment.")
