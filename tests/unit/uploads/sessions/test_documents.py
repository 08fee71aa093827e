"""What a client is told of a session and its files while they are on their way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from packages_app.uploads.sessions import documents
from packages_app.uploads.sessions.entries import FileStatus, Mechanism, Status
from tests.factories import make_wheel
from tests.unit.uploads.sessions.conftest import begin

MB = 1024**2


def at(view: str, *args: str) -> str:
    return "/".join(("https://index.example", view, *args))


@pytest.mark.parametrize(
    ("status", "progress", "notice", "told"),
    [
        pytest.param(Status.OPEN, 0, "", [], id="nothing happened yet"),
        pytest.param(Status.OPEN, 0, "Refused.", ["Refused."], id="publishing was refused"),
        pytest.param(Status.PROCESSING, 0, "Refused.", [], id="it is tried again"),
        pytest.param(Status.PROCESSING, 3, "", ["3 files are in their place."], id="it goes on"),
        pytest.param(Status.PUBLISHED, 3, "Refused.", [], id="it is done"),
    ],
)
def test_a_session_tells_what_concerns_its_client_now(session, status, progress, notice, told):
    found = replace(session, status=status, progress=progress, notice=notice)
    assert documents.session(found, (), at)["notices"] == told
    assert documents.session(found, (), at, ["First."])["notices"] == ["First.", *told]


@pytest.mark.parametrize(
    ("status", "progress", "notice", "told"),
    [
        pytest.param(FileStatus.PENDING, 0, "Bad.", [], id="it is sent anew"),
        pytest.param(FileStatus.PROCESSING, 0, "", [], id="its check begins"),
        pytest.param(FileStatus.PROCESSING, 3 * MB + 1, "", ["3 of 10 MB were read."], id="its check goes on"),
        pytest.param(FileStatus.ERROR, 3 * MB, "Bad.", ["Bad."], id="it was refused"),
        pytest.param(FileStatus.COMPLETED, 3 * MB, "Bad.", [], id="it came through"),
    ],
)
def test_a_file_tells_what_concerns_its_client_now(session, status, progress, notice, told):
    file = replace(begin(session, make_wheel()), status=status, progress=progress, notice=notice, size=10 * MB)
    assert documents.file(session, file, at)["notices"] == told
    assert documents.brief(file, at)["notices"] == told


@pytest.mark.parametrize("status", FileStatus)
def test_how_to_send_a_file_is_told_while_it_waits_for_that(session, status):
    file = replace(begin(session, make_wheel()), status=status, mechanism=Mechanism.POST)
    assert ("mechanism" in documents.file(session, file, at)) is (status is FileStatus.PENDING)


def test_moments_are_in_utc_and_whole_seconds():
    east = timezone(timedelta(hours=2))
    assert documents.moment(datetime(2030, 1, 2, 1, 0, 0, 999, tzinfo=east)) == "2030-01-01T23:00:00Z"
    assert documents.moment(datetime(2030, 1, 2, tzinfo=UTC)) == "2030-01-02T00:00:00Z"
