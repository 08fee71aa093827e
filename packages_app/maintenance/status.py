"""Sets a project's status (PEP 792): active, archived, deprecated or quarantined, with a reason for people."""

from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue import write
from packages_app.catalogue.entries import Project, Status
from packages_app.maintenance.entries import Done
from packages_app.maintenance.errors import BadReason
from packages_app.maintenance.reasons import one_line
from packages_app.maintenance.seen import on_what_is_there


def set_status(
    project: str, status: Status, reason: str, who: Principal, *, source: str, expected_serial: int | None = None
) -> Done:
    """Set the status of a project (normalised name); the same again changes nothing. An active one has no reason.

    Raises:
        Forbidden: ``who`` does not manage the project.
        NoSuchEntry: there is no such project.
        ProjectChanged: the project is not what the caller last saw.
        BadReason: the reason is too long, or a quarantine has none: whoever is hit by it must be told why.
    """
    demand(who, Action.MANAGE, project)
    said = "" if status is Status.ACTIVE else one_line(reason)
    if status is Status.QUARANTINED and not said:
        raise BadReason("Say why the project is quarantined: its files cannot be installed, and the reason is shown.")

    def decide(found: Project) -> Done:
        if (found.status, found.status_reason) == (status, said):
            return Done(serial=found.serial)
        serial = write.set_status(
            project,
            status,
            reason=said,
            change=who.change(source),
            before={"status": found.status.value, "reason": found.status_reason},
            expected_serial=found.serial,
        )
        return Done(serial=serial, changed=(project,))

    return on_what_is_there(project, decide, expected_serial)
