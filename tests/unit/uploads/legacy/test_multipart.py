"""What a multipart form may hold, and that its file goes to the sink and nowhere else."""

import io

import pytest
from django.http.multipartparser import MultiPartParserError
from django.test import RequestFactory

from packages_app.names import BadFilename
from packages_app.uploads.errors import BadUpload, TooLarge
from packages_app.uploads.legacy.multipart import ContentHandler, read
from tests.factories import multipart

NAME = "demo-1.0.tar.gz"


def sent(*files: tuple[str, str, bytes], cut: int = 0, **fields: str):
    """Return the handler and the fields that came of a form, of which the last bytes may be cut."""
    body, content_type = multipart(fields, list(files))
    body = body[: len(body) - cut]
    handler = ContentHandler(io.BytesIO())
    return handler, read(RequestFactory().post("/legacy/", body, content_type=content_type), handler)


def test_a_file_is_written_and_hashed_and_a_signature_dropped():
    handler, fields = sent(("content", NAME, b"bytes"), ("gpg_signature", f"{NAME}.asc", b"signed"), name="demo")
    assert (handler.filename, handler.sink.getvalue(), handler.hasher.size) == (NAME, b"bytes", 5)
    assert fields.dict() == {"name": "demo"}


@pytest.mark.parametrize(
    "filename",
    [
        pytest.param("../demo-1.0.tar.gz", id="a folder"),
        pytest.param("C:\\\\demo-1.0.tar.gz", id="a folder as Windows writes it"),
        pytest.param("demo\x01-1.0.tar.gz", id="a control character"),
        pytest.param("demo\u202e-1.0.tar.gz", id="a turn of the direction"),
    ],
)
def test_a_name_is_refused_and_not_trimmed(filename):
    with pytest.raises(BadFilename, match="send the bare file name"):
        sent(("content", filename, b"bytes"))


def test_two_files_in_one_form_are_refused():
    with pytest.raises(BadUpload, match="one file at a time"):
        sent(("content", NAME, b"one"), ("content", NAME, b"two"))


@pytest.mark.parametrize("field", ["content", "gpg_signature"])
def test_the_largest_file_comes_in_and_one_byte_more_does_not(settings, field):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "max_upload_bytes": 5}
    sent((field, NAME, b"12345"))
    with pytest.raises(TooLarge):
        sent((field, NAME, b"123456"))


def test_a_form_that_breaks_off_is_refused():
    with pytest.raises((BadUpload, MultiPartParserError)):
        sent(("content", NAME, b"bytes" * 1000), cut=2000)
