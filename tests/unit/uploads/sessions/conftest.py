"""A session in one folder, and hands that act as its client."""

from io import BytesIO

import pytest

from packages_app.accounts.entries import Principal
from packages_app.uploads.sessions import create, upload
from packages_app.uploads.sessions.complete import complete
from packages_app.uploads.sessions.entries import NewFile, Session, SessionFile
from tests.factories import sha256

ANA = Principal(name="ana", address="192.0.2.7")


@pytest.fixture
def session() -> Session:
    return create.create("Demo", "1.0", ANA)


def begin(session: Session, made: tuple[str, bytes]) -> SessionFile:
    """Announce a file."""
    filename, data = made
    wanted = NewFile(filename=filename, size=len(data), hashes={"sha256": sha256(data)}, mechanism="http-post-bytes")
    return upload.begin(session.id, wanted, ANA)


def sent(session: Session, made: tuple[str, bytes]) -> SessionFile:
    """Announce a file, and send its bytes."""
    file = begin(session, made)
    upload.receive(file, BytesIO(made[1]).read, len(made[1]))
    return file


def completed(session: Session, made: tuple[str, bytes]) -> SessionFile:
    """Announce a file, send its bytes, and complete it."""
    file = sent(session, made)
    return complete(session.id, file.filename, ANA)
