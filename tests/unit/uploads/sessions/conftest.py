"""A session in one folder, and hands that act as its client."""

from datetime import timedelta
from io import BytesIO

import pytest

from packages_app.accounts.entries import Principal
from packages_app.catalogue import read as catalogue
from packages_app.file_store import keys
from packages_app.uploads.sessions import complete as completing
from packages_app.uploads.sessions import create, markers, read, upload, write, write_files
from packages_app.uploads.sessions import publish as publishing
from packages_app.uploads.sessions.complete import complete
from packages_app.uploads.sessions.entries import FileStatus, NewFile, Session, SessionFile
from packages_app.uploads.sessions.work import Result, carry_out
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


class Killed(BaseException):
    """The process ends here; nothing that it would do about an error is done."""


@pytest.fixture
def everything_takes_long(settings, monkeypatch):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "background": True}
    monkeypatch.setattr(completing, "LONG", 0)
    monkeypatch.setattr(completing, "is_quick", lambda *_: False)
    monkeypatch.setattr(publishing, "LONG", 0)


@pytest.fixture
def lapse(monkeypatch):
    """Let so much time go by that claims lapse: ``lapse()``."""

    def later() -> None:
        for module in (write, write_files):
            monkeypatch.setattr(module, "lapsed", lambda: read.lapsed() * 2)

    return later


def left() -> list[str]:
    return list(markers.left(timedelta(0)))


def status(file) -> FileStatus:
    return read.file(file.session, file.filename).status


def listed() -> list[str]:
    return [file.filename for file in catalogue.files("demo")]


def finished(session, made):
    """A completed file, as its event leaves it."""
    file = completed(session, made)
    assert carry_out(keys.work(session.id, file.filename)) is Result.DONE
    return file
