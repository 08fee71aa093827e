"""A signed link leads to one file of a live session, and to these bytes only."""

from dataclasses import replace

import pytest
from django.core import signing

from packages_app.uploads.errors import TooLarge
from packages_app.uploads.sessions import end, mechanisms, upload
from packages_app.uploads.sessions.entries import Mechanism, NewFile, SessionFile
from packages_app.uploads.sessions.errors import BadLink, NoSuchSession, SessionClosed
from packages_app.uploads.sessions.upload import LONGEST_PUT
from tests.factories import make_wheel, sha256
from tests.unit.uploads.sessions.conftest import ANA


def at(*words: str) -> str:
    return "/".join(words)


@pytest.fixture
def file(session) -> SessionFile:
    return announced(session, make_wheel())


def announced(session, made, *, size: int = 0) -> SessionFile:
    filename, data = made
    return upload.begin(
        session.id,
        NewFile(
            filename=filename,
            size=size or len(data),
            hashes={"sha256": sha256(data)},
            mechanism=Mechanism.PUT.value,
        ),
        ANA,
    )


def test_a_post_goes_to_the_file_itself(file):
    told = mechanisms.sending(replace(file, mechanism=Mechanism.POST), at)
    assert told == {"file_url": f"upload-bytes/{file.session}/{file.filename}"}


def test_a_put_goes_to_a_link_that_opens_the_file(file):
    told = mechanisms.sending(file, at)
    assert (told["method"], told["headers"]) == ("PUT", {"Content-Length": str(file.size)})
    view, _, token = told["file_url"].partition("/")
    assert (view, mechanisms.opened(token)) == ("upload-put", file)


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda file: mechanisms.token(file) + "x", id="damaged"),
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda file: signing.dumps([file.session, file.filename, file.sha256]), id="of another salt"),
        pytest.param(lambda file: mechanisms.token(replace(file, hashes={"sha256": "0" * 64})), id="for other bytes"),
    ],
)
def test_a_link_opens_nothing_that_is(file, forge):
    with pytest.raises(BadLink):
        mechanisms.opened(forge(file))


def test_a_link_ends_with_its_session(session, file):
    token = mechanisms.token(file)
    assert mechanisms.opened(token) == file
    with pytest.raises(NoSuchSession):
        mechanisms.opened(mechanisms.token(replace(file, session="0" * 32)))
    end.cancel(session.id, ANA)
    with pytest.raises(SessionClosed):
        mechanisms.opened(token)


def test_what_one_put_cannot_carry_is_refused_at_once(session, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "max_upload_bytes": 10 * LONGEST_PUT}
    with pytest.raises(TooLarge, match="vnd-elasticpypi-multipart-presigned"):
        announced(session, make_wheel(), size=LONGEST_PUT + 1)
