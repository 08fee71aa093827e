"""Who may trust which pipelines: whoever manages a project, for that project; administrators, for patterns."""

from collections.abc import Mapping

from packages_app.accounts import administer, grants
from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Principal, Subject, SubjectKind
from packages_app.accounts.errors import NoSuchAccount
from packages_app.accounts.patterns import normalized
from packages_app.accounts.permissions import Action, demand
from packages_app.accounts.publishers import read, write
from packages_app.accounts.publishers.entries import Page, Pipeline, Publisher
from packages_app.accounts.publishers.errors import BadPublisher
from packages_app.accounts.publishers.kinds import kind
from packages_app.accounts.roles import Role
from packages_app.conf import options


def trust(
    who: Principal, pattern: str, *, kind_: str, issuer: str = "", fields: Mapping[str, str], source: str
) -> Publisher:
    """Let a pipeline upload to a project, or to every project that a pattern covers; again is fine.

    ``issuer`` may be left out where the settings name one of the kind.

    Raises:
        Forbidden: the caller may not share this.
        NoSuchProject: the caller may not even read the project.
        BadPattern: the pattern covers no project name.
        BadPublisher: the pipeline cannot be like this, or its service is not trusted here.
    """
    administer.demand_sharing(who, pattern, Role.UPLOADER)
    chosen = kind(kind_)
    pipeline = Pipeline(kind=kind_, issuer=issuer_of(kind_, issuer), fields=chosen.normalized(fields))
    return write.trust(pipeline, normalized(pattern), change=who.change(source))


def issuer_of(kind_: str, issuer: str) -> str:
    """Return the issuer of a pipeline's tokens.

    Raises:
        BadPublisher: the settings do not name it, or several of which one must be chosen.
    """
    known = [each for name, each in options().trusted_issuers if name == kind_]
    if issuer in known:
        return issuer
    if not known:
        raise BadPublisher(f"This index trusts no service of the kind {kind_}; its operator sets PYPI_TRUSTED_ISSUERS.")
    if issuer:
        raise BadPublisher(f"This index does not trust {issuer[:200]!a}, but {' '.join(known)}.")
    if len(known) > 1:
        raise BadPublisher(f"Choose the issuer; of the kind {kind_} this index trusts {' '.join(known)}.")
    return known[0]


def withdraw(who: Principal, pattern: str, id_: str, *, source: str) -> None:
    """Let a publisher upload no more to a project or a pattern; one that is left with no role at all is removed.

    Raises:
        Forbidden: the caller may not share this.
        NoSuchProject: the caller may not even read the project.
        NoSuchAccount: no such publisher has a role on this very pattern.
    """
    administer.demand_sharing(who, pattern, None)
    subject, change = Subject(SubjectKind.PUBLISHER, id_), who.change(source)
    # What there is elsewhere in the index is not told: one without a role here is none, as far as this goes.
    grants.ungrant(subject, pattern, change=change)
    if next(iter(accounts.grants_of(subject)), None) is None and (found := read.publisher(id_)) is not None:
        write.remove(found, change=change)


def remove(who: Principal, id_: str, *, source: str) -> None:
    """Remove a publisher with all its roles, or what is left of one whose removal broke off.

    Raises:
        Forbidden: the caller is no administrator.
        NoSuchAccount: there is no such publisher.
    """
    demand(who, Action.ADMINISTER)
    change, found = who.change(source), read.publisher(id_)
    if found is not None:
        write.remove(found, change=change)
    elif not write.remove_rest(Subject(SubjectKind.PUBLISHER, id_), change=change):
        raise NoSuchAccount(f"There is no publisher {id_[:80]!a}; the list of publishers has the ids.")


def of_project(who: Principal, project: str) -> list[Publisher]:
    """Return the publishers that were named for one project, for whoever manages it.

    Raises:
        Forbidden: the caller does not manage the project.
        NoSuchProject: the caller may not even read the project.
    """
    demand(who, Action.MANAGE, project)
    subjects = (given.subject for given in accounts.grants_on(project))
    return read.named(subject.name for subject in subjects if subject.kind is SubjectKind.PUBLISHER)


def of_all(who: Principal, cursor: str = "", size: int = read.PAGE) -> Page:
    """Return publishers of all projects.

    Raises:
        Forbidden: the caller is no administrator.
    """
    demand(who, Action.ADMINISTER)
    return read.page(cursor, size)
