"""Begins a session: reserves a project's version until the session is published, canceled, or its time is over."""

import secrets
from datetime import UTC, datetime

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue.errors import Busy
from packages_app.uploads.begin import check_begin
from packages_app.uploads.check import check_project
from packages_app.uploads.sessions import read, write
from packages_app.uploads.sessions.entries import LIFE, Session, Status
from packages_app.uploads.sessions.errors import BadDocument, SessionExists


def create(name: str, version: str, who: Principal) -> Session:
    """Begin a session for a release.

    Raises:
        BadName: the name is none that a project can have.
        BadDocument: the version is none (PEP 440).
        NotSignedIn: this needs somebody to be signed in.
        ProjectClosed: the project takes no uploads.
        SessionExists: a session for the release is open.
    """
    project = names.project_name(name)
    demand(who, Action.UPLOAD, project)
    known = names.as_version(version)
    if known is None or len(version) > names.LONGEST_NAME:
        sentence = f"{version[:80]!a} is no version; write it as PEP 440 says, such as 1.0."
        raise BadDocument(sentence, errors=(("version", sentence),))
    check_project(project)
    check_begin(project, who)
    now = datetime.now(UTC).replace(microsecond=0)  # PEP 694: whole seconds
    session = Session(
        id=secrets.token_hex(16),
        name=name,
        project=project,
        version=str(known),
        status=Status.OPEN,
        stage=secrets.token_hex(16),
        created=now,
        expires=now + LIFE,
        actor=who.name,
    )
    begin(session)
    return session


def begin(session: Session) -> None:
    """Write the session, in the place of one that has ended if need be.

    Raises:
        SessionExists: another one for the same release has not ended.
        Busy: others begin and end sessions for the release over and over.
    """
    ended = ""
    for _ in range(5):
        if write.create(session, instead_of=ended):
            return
        ended = write.holder(session.project, session.version)
        found = read.find(ended) if ended else None
        if found is not None and found.status in (Status.OPEN, Status.PROCESSING):
            raise SessionExists(
                f"An upload session for {session.project} {session.version} is open already: go on with it, or cancel "
                "it first.",
                session=found.id,
            )
    raise Busy("Others begin sessions for the same release at the same time; try again in a moment.")
