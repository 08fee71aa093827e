"""The one place that says who may do what; deny by default.

What a caller may do is what the roles allow that they, their groups or everyone were granted on the project's name or
on a pattern that covers it, less what the token leaves out that they came with.
"""

from packages_app.accounts.entries import Principal, Subject
from packages_app.accounts.errors import Forbidden, NotSignedIn
from packages_app.accounts.patterns import EVERY, matches
from packages_app.accounts.roles import SOMEWHERE, Action, Role
from packages_app.accounts.rules import projects_of, role_on, rules, standing_of, subjects_of
from packages_app.catalogue.errors import NoSuchProject
from packages_app.conf import FirstUpload, options

__all__ = ["Action", "Role", "demand", "demand_first_upload", "is_administrator", "may"]


def demand(principal: Principal, action: Action, project: str | None = None) -> None:
    """Return if the principal may do this, to ``project`` (normalised name) or to the index as a whole.

    Raises:
        NotSignedIn: this needs somebody to be signed in.
        NoSuchProject: the principal may not even read the project, and must not learn whether there is one.
        Forbidden: the principal may read the project, but not do this.
    """
    if may(principal, action, project):
        return
    if not principal.signed_in:
        raise NotSignedIn(f"Sign in to {action.value}: this index needs a user name and a password, or an API token.")
    # An upload is refused alike whether there is such a project or not, so its sentence tells nothing.
    if project is not None and action is not Action.UPLOAD and not may(principal, Action.READ, project):
        raise NoSuchProject.named(project)
    what = f"{action.value} {project}" if project else f"{action.value} in this index"
    who = "This token" if principal.token else principal.name
    raise Forbidden(f"{who} may not {what}; an administrator of the index can grant it.")


def may(principal: Principal, action: Action, project: str | None = None) -> bool:
    """Say whether the principal may do this, to ``project`` (normalised name) or to the index as a whole."""
    if principal.trusted or (action is Action.READ and options().public_read):
        return True
    limits = principal.limits
    if not principal.signed_in or (limits is not None and not limits.allow(action, project)):
        return False
    found = standing_of(principal.name)
    if found is None or found.disabled:
        return False
    return found.administrator or granted(subjects_of(principal.name, found), action, project)


def granted(subjects: tuple[Subject, ...], action: Action, project: str | None) -> bool:
    """Say whether a role of any of these allows the action."""
    if project is not None:
        return any(action in role.actions for role in roles(subjects, project, action))
    return somewhere(subjects, action) if action in SOMEWHERE else everywhere(subjects, action)


def demand_first_upload(principal: Principal, project: str) -> None:
    """Return if the principal, who may upload to ``project``, may do so while there is no project of this name.

    Raises:
        Forbidden: only registered names are taken, and nobody was granted this one to the principal by its name.
    """
    if options().first_upload is FirstUpload.ANY_UPLOADER or founds_nothing(principal):
        return
    found = standing_of(principal.name)
    subjects = subjects_of(principal.name, found) if found is not None else ()
    if not any(Action.UPLOAD in role.actions for role in role_on(subjects, project)):
        raise Forbidden(
            f"There is no project {project} yet, and this index takes registered names only: an administrator "
            "registers the name by granting you a role on it."
        )


def founds_nothing(principal: Principal) -> bool:
    """Say whether the principal may do everything already, and so needs no role on a project that it begins."""
    found = standing_of(principal.name)
    return principal.trusted or (found is not None and found.administrator)


def is_administrator(principal: Principal) -> bool:
    """Say whether the principal may do everything in the index."""
    return may(principal, Action.ADMINISTER)


def roles(subjects: tuple[Subject, ...], project: str, action: Action) -> tuple[Role, ...]:
    """Return roles on a project; those by its name are only looked at where no pattern allows the action."""
    given = rules().grants
    found = tuple(
        role
        for subject in subjects
        for pattern, role in given.get(str(subject), {}).items()
        if matches(pattern, project)
    )
    if any(action in role.actions for role in found):
        return found
    return found + tuple(role_on(subjects, project))


def somewhere(subjects: tuple[Subject, ...], action: Action) -> bool:
    """Say whether there is a project that they may do this to; any user may ask to read, and is shown what they may."""
    if action is Action.READ:
        return True
    given = rules().grants
    if any(action in role.actions for each in subjects for role in given.get(str(each), {}).values()):
        return True
    return any(action in role.actions for subject in subjects for role in projects_of(subject).values())


def everywhere(subjects: tuple[Subject, ...], action: Action) -> bool:
    """Say whether they may do this to every project, and so to the index."""
    given = rules().grants
    return any(action in role.actions for each in subjects if (role := given.get(str(each), {}).get(EVERY)) is not None)
