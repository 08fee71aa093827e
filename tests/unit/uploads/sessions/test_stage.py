"""What the preview of a session shows, and to whom."""

from urllib.parse import unquote

import pytest
from django.test import RequestFactory

from packages_app.errors import WrongMethod
from packages_app.uploads.sessions import end, stage, write
from packages_app.uploads.sessions.entries import Status
from packages_app.uploads.sessions.errors import NoSuchSession
from tests.factories import listed_file, make_sdist, make_wheel
from tests.unit.uploads.sessions.conftest import ANA, completed, sent


def get(method: str = "GET"):
    return RequestFactory().generic(method, "/")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda session: (session.id, ""), id="no token"),
        pytest.param(lambda session: (session.id, session.stage[:-1]), id="a part of the token"),
        pytest.param(lambda session: (session.id, "ü" * 32), id="another token"),
        pytest.param(lambda session: ("0" * 32, session.stage), id="another session"),
    ],
)
def test_a_guessed_address_leads_nowhere(session, change):
    with pytest.raises(NoSuchSession):
        stage.previewed(get(), *change(session))


@pytest.mark.parametrize(
    ("status", "there"),
    [(Status.OPEN, True), (Status.PROCESSING, True), (Status.PUBLISHED, False), (Status.CANCELED, False)],
)
def test_a_preview_ends_with_its_session(session, status, there):
    if status is Status.CANCELED:
        write.end(session, status)
    elif status is not Status.OPEN:
        write.claim(session)
        if status is Status.PUBLISHED:
            write.end(session, status)
    if there:
        assert stage.previewed(get(), session.id, session.stage).status is status
        return
    with pytest.raises(NoSuchSession):
        stage.previewed(get(), session.id, session.stage)


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_a_preview_is_only_read(session, method):
    with pytest.raises(WrongMethod):
        stage.previewed(get(method), session.id, session.stage)


def test_only_completed_files_are_shown(session):
    shown, hidden = completed(session, make_wheel()), sent(session, make_sdist())
    page = stage.project(get(), session.id, session.stage, "Demo").content.decode()
    assert (shown.filename in page, hidden.filename in page) == (True, False)
    for filename in (hidden.filename, "demo-9.tar.gz"):
        with pytest.raises(NoSuchSession):
            stage.file(get(), session.id, session.stage, "0" * 64, filename)
    with pytest.raises(NoSuchSession):
        stage.file(get(), session.id, session.stage, "0" * 64, shown.filename)
    answer = stage.file(get(), session.id, session.stage, shown.checked.sha256, shown.filename)
    assert b"".join(answer) == make_wheel()[1]


def test_a_completed_file_that_was_canceled_is_not_shown_any_more(session):
    file = completed(session, make_wheel())
    end.cancel_file(session.id, file.filename, ANA)
    assert file.filename not in stage.project(get(), session.id, session.stage, "demo").content.decode()
    with pytest.raises(NoSuchSession):
        stage.file(get(), session.id, session.stage, file.checked.sha256, file.filename)


def test_an_sdist_offers_no_metadata_in_a_preview_either(session):
    sdist = completed(session, make_sdist())
    with pytest.raises(NoSuchSession):
        stage.file(get(), session.id, session.stage, sdist.checked.sha256, f"{sdist.filename}.metadata")


def test_links_hold_what_strangers_wrote_as_text():
    file = listed_file(filename="demo-1.0+cu121.tar.gz", requires_python='>=3.8,<"4"', metadata_sha256="")
    link = stage.anchor(file)
    assert 'data-requires-python="&gt;=3.8,&lt;&quot;4&quot;"' in link
    assert "core-metadata" not in link
    address = link.partition('href="')[2].partition('"')[0]
    assert "+" not in address
    assert unquote(address) == f"../files/{file.sha256}/{file.filename}#sha256={file.sha256}"
