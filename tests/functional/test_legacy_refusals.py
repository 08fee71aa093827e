"""Uploads that are refused: a clear answer each, and nothing left behind."""

import errno
import io
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Status
from packages_app.file_store.errors import StoreFull
from packages_app.uploads import check
from packages_app.uploads import publish as journey
from packages_app.uploads.legacy import views
from tests.factories import make_sdist, make_wheel, metadata, multipart, tarred, wheel_members, zipped
from tests.functional.conftest import basic

OPERATOR = Change(actor="operator", source="test")


def listed(project: str = "demo") -> dict[str, str]:
    """Return what is listed: file name to digest."""
    return {file.filename: file.sha256 for file in read.files(project)}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no credentials"),
        pytest.param(basic(password="wrong"), id="a wrong password"),
        pytest.param(basic(user="nobody"), id="an unknown user"),
        pytest.param({"authorization": "Basic !!!"}, id="a malformed header"),
        pytest.param({"authorization": "Bearer abc"}, id="another scheme"),
    ],
)
def test_who_may_not_upload_is_challenged(client, publish, headers):
    answer = publish(*make_wheel(), headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic ")
    assert listed() == {}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_password_with_colon_and_umlaut_is_read_in_both_encodings(client, publish, encoding):
    assert publish(*make_wheel(), headers=basic(encoding=encoding)).status_code == 200


@pytest.mark.parametrize("field", ["sha256_digest", "blake2_256_digest", "md5_digest"])
def test_a_digest_that_differs_is_refused_naming_both(client, publish, field):
    answer = publish(*make_wheel(), **{field: "0123abcd"})
    assert answer.status_code == 400
    assert "0123abcd" in answer.content.decode()
    assert "upload it again" in answer.content.decode()
    assert listed() == {}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"name": "other"}, id="the form names another project"),
        pytest.param({"version": "2.0"}, id="the form names another version"),
    ],
)
def test_a_form_that_disagrees_is_refused_naming_all_three(client, publish, fields):
    answer = publish(*make_wheel(), **fields)
    sentence = answer.content.decode()
    assert answer.status_code == 400, sentence
    assert all(
        part in sentence for part in ("the file name says demo 1.0", "the form says", "the metadata inside says")
    )
    assert listed() == {}


@pytest.mark.parametrize(
    ("filename", "core"),
    [
        pytest.param("demo-1.0-py3-none-any.whl", metadata("other", "1.0"), id="a wheel whose METADATA names another"),
        pytest.param(
            "demo-1.0-py3-none-any.whl", metadata("demo", "9"), id="a wheel whose METADATA is of another version"
        ),
    ],
)
def test_metadata_that_disagrees_is_refused(client, publish, filename, core):
    answer = publish(filename, zipped(wheel_members("demo", "1.0", tag="py3-none-any", core=core, content=b"")))
    assert answer.status_code == 400
    assert listed() == {}


WHEEL = make_wheel()[1]


@pytest.mark.parametrize(
    ("filename", "data", "says"),
    [
        pytest.param("demo-1.0-py3.11.egg", WHEEL, ".whl", id="an egg"),
        pytest.param("demo-1.0.win32.exe", WHEEL, ".whl", id="an installer"),
        pytest.param("demo-1.0.tar.gz.asc", b"x", ".tar.gz", id="a signature"),
        pytest.param("demo-1.0.zip", WHEEL, ".tar.gz", id="a zip sdist"),
        pytest.param("demo-1.0.tar.bz2", b"x", ".tar.gz", id="a bzip2 sdist"),
        pytest.param("index.html", b"x", ".whl", id="a page"),
        pytest.param("../demo-1.0-py3-none-any.whl", WHEEL, "file name", id="a path upward"),
        pytest.param("a\\demo-1.0-py3-none-any.whl", WHEEL, "file name", id="a backslash"),
        pytest.param("demo\x00-1.0-py3-none-any.whl", WHEEL, "file name", id="a NUL"),
        pytest.param("demo\x07-1.0-py3-none-any.whl", WHEEL, "file name", id="a control character"),
        pytest.param("d\u00e9mo-1.0-py3-none-any.whl", WHEEL, "file name", id="a letter beyond ASCII"),
        pytest.param("d" * 300 + "-1.0-py3-none-any.whl", WHEEL, "file name", id="a name too long"),
        pytest.param("demo-1.0-py3-none-any.whl", WHEEL[:-40], "", id="a truncated wheel"),
        pytest.param("demo-1.0-py3-none-any.whl", b"not a zip at all", "", id="no archive"),
        pytest.param("demo-1.0-py3-none-any.whl", b"", "", id="an empty file"),
        pytest.param("demo-1.0.tar.gz", make_sdist()[1][:-30], "", id="a truncated sdist"),
        pytest.param("demo-1.0.tar.gz", tarred({"demo-1.0/a.py": b""}), "PKG-INFO", id="an sdist without PKG-INFO"),
        pytest.param(
            "demo-1.0.tar.gz",
            tarred({"demo-1.0/PKG-INFO": metadata(), "demo-1.0/../../etc/passwd": b""}),
            "",
            id="an sdist that climbs out",
        ),
    ],
)
def test_a_file_that_is_no_distribution_is_refused(client, publish, filename, data, says):
    answer = publish(filename, data)
    assert answer.status_code == 400, answer.content
    assert says in answer.content.decode()
    assert "\n" not in answer.reason_phrase
    assert listed() == {}


@pytest.mark.parametrize("part", ["METADATA", "WHEEL", "RECORD"])
def test_a_wheel_without_a_required_part_is_refused(client, publish, part):
    members = wheel_members("demo", "1.0", tag="py3-none-any", core=metadata(), content=b"")
    answer = publish("demo-1.0-py3-none-any.whl", zipped({k: v for k, v in members.items() if not k.endswith(part)}))
    assert (answer.status_code, part in answer.content.decode()) == (400, True)


def test_a_file_over_the_limit_is_refused(client, publish, configure):
    configure(max_upload_bytes=1000)
    answer = publish(*make_wheel(content=b"x" * 5000))
    assert answer.status_code == 413
    assert listed() == {}


def test_a_body_far_over_the_limit_is_refused_before_it_is_read(client, auth, configure):
    configure(max_upload_bytes=1000)
    environ = {"CONTENT_LENGTH": str(10**9), "wsgi.input": io.BytesIO(b"x" * 10**6)}
    answer = client.generic("POST", "/legacy/", headers=auth, CONTENT_TYPE=TYPE, **environ)
    assert answer.status_code == 413


BODY, TYPE = multipart({":action": "file_upload"}, [("content", *make_wheel())])


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b"hello", "text/plain", 400, id="no multipart"),
        pytest.param(BODY, "multipart/form-data", 400, id="no boundary"),
        pytest.param(BODY[:-200], TYPE, 400, id="a body cut off in its file"),
        pytest.param(b"\x00" * 500, TYPE, 400, id="garbage"),
        pytest.param(multipart({":action": "file_upload"}, [])[0], TYPE, 400, id="no content"),
        pytest.param(multipart({"content": "text"}, [])[0], TYPE, 400, id="content that is no file"),
        pytest.param(
            multipart({}, [("content", *make_wheel()), ("content", *make_wheel())])[0], TYPE, 400, id="two contents"
        ),
        pytest.param(
            multipart({f"f{n}": "x" for n in range(5000)}, [("content", *make_wheel())])[0],
            TYPE,
            400,
            id="5,000 fields",
        ),
        pytest.param(multipart({":action": "fly"}, [("content", *make_wheel())])[0], TYPE, 400, id="an unknown action"),
        pytest.param(multipart({":action": "submit"}, [])[0], TYPE, 410, id="a retired action"),
        pytest.param(multipart({"protocol_version": "2"}, [])[0], TYPE, 400, id="another protocol"),
        pytest.param(multipart({"filetype": "bdist_egg"}, [])[0], TYPE, 400, id="another file type"),
        pytest.param(multipart({"description": "x" * 20 * 1024**2}, [])[0], TYPE, 413, id="a description too large"),
    ],
)
def test_a_malformed_form_is_refused_with_a_sentence(client, auth, body, content_type, status):
    answer = client.post("/legacy/", data=body, content_type=content_type, headers=auth)
    assert answer.status_code == status, answer.content
    assert answer.content.decode().strip()
    assert listed() == {}


def test_an_upload_without_a_length_is_told_to_say_it(client, auth):
    answer = client.generic("POST", "/legacy/", BODY, content_type=TYPE, headers=auth, CONTENT_LENGTH="")
    assert answer.status_code == 411


def test_an_empty_body_has_no_content(client, auth):
    answer = client.generic("POST", "/legacy/", headers=auth, CONTENT_TYPE=TYPE, CONTENT_LENGTH="0")
    assert (answer.status_code, "no file" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_another_method_is_told_what_this_address_is(client, auth, method):
    answer = getattr(client, method)("/legacy/", headers=auth)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize("status", [Status.ARCHIVED, Status.QUARANTINED])
def test_a_closed_project_takes_no_uploads_and_says_why(client, publish, status):
    publish(*make_wheel())
    write.set_status("demo", status, reason="moved to demo2", change=OPERATOR)
    answer = publish(*make_wheel(version="2.0"))
    assert answer.status_code == 403
    assert "moved to demo2" in answer.content.decode()


def test_a_client_that_reads_json_gets_json(client, publish, auth):
    answer = publish("demo-1.0.exe", b"x", headers={**auth, "accept": "application/json;q=0.9, text/plain;q=0.8"})
    document = answer.json()
    assert answer["Content-Type"] == "application/json"
    assert document["code"].startswith("400 ")
    assert document["message"] in document["code"]


def test_a_full_disk_is_503_with_a_time_to_come_back(client, publish, monkeypatch, caplog):
    def full(*_: object) -> None:
        raise StoreFull("There is no room left for files.") from OSError(28, "No space left on device")

    monkeypatch.setattr(journey.store, "put_file", full)
    answer = publish(*make_wheel())
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert answer["X-Request-ID"] in caplog.text
    assert "No space left" in caplog.text
    assert listed() == {}


def test_a_disk_that_is_full_at_the_last_byte_is_503_too(client, publish, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    @contextmanager
    def almost_full():
        yield SimpleNamespace(file=SimpleNamespace(write=len, flush=full), path=Path("nowhere"))

    monkeypatch.setattr(views, "spooled", almost_full)
    answer = publish(*make_wheel())
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)


def test_an_unexpected_error_tells_its_id_and_nothing_else(client, publish, monkeypatch, caplog):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret-path /srv/data and pa:ss")

    monkeypatch.setattr(check, "inspect", broken)
    answer = publish(*make_wheel())
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "secret-path" not in answer.content.decode()
    assert "secret-path" in caplog.text
