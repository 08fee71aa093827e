"""Files and their metadata, as installers, resumers and caches ask for them."""

from contextlib import closing
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Status
from packages_app.file_store import keys, storage
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from tests.factories import make_sdist, make_wheel, metadata, sha256

OPERATOR = Change(actor="operator", source="test")


def at(*homes: str) -> pytest.MarkDecorator:
    """Run a test in these homes only: what it looks at is the same in the others, or not there."""
    return pytest.mark.parametrize("home", homes, indirect=True)


FOLDER, EITHER_FOLDER = at("embedded and folder"), at("embedded and folder", "dynamodb and folder")
S3 = at("dynamodb and s3")
ONE_OF_EACH = at("embedded and folder", "dynamodb and s3")

CORE = metadata("demo", "1.0+cu121", body="naïve ☃\r\n\tas it is\n")


@pytest.fixture
def wheel(publish) -> tuple[str, bytes, str]:
    """A published wheel: its file name, its bytes and its address."""
    filename, data = make_wheel("demo", "1.0+cu121", core=CORE, content=bytes(range(256)) * 20)
    assert publish(filename, data).status_code == 200
    return filename, data, f"/packages/{sha256(data)}/{quote(filename, safe='')}"


def body(answer) -> bytes:
    """Return the bytes of an answer that is streamed, and close it as a server does."""
    with closing(answer):
        return b"".join(answer.streaming_content)


# --- Whole files ----------------------------------------------------------------------------------------------------


@EITHER_FOLDER
def test_a_file_is_sent_byte_for_byte(wheel, get):
    _, data, url = wheel
    answer = get(url, accept_encoding="gzip, zstd")
    assert (answer.status_code, body(answer)) == (200, data)
    assert answer["Content-Length"] == str(len(data))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["ETag"] == f'"{sha256(data)}"'
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Cache-Control"] == "private, max-age=365000000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in answer


@FOLDER
def test_an_sdist_has_the_same_type_so_that_nobody_unpacks_it(publish, get):
    filename, data = make_sdist()
    publish(filename, data)
    answer = get(f"/packages/{sha256(data)}/{filename}", accept_encoding="gzip")
    assert body(answer) == data
    assert answer["Content-Type"] == "application/octet-stream"
    assert "Content-Encoding" not in answer


@EITHER_FOLDER
def test_metadata_is_sent_byte_for_byte(wheel, get):
    answer = get(wheel[2] + ".metadata", accept_encoding="gzip")
    assert (answer.status_code, body(answer)) == (200, CORE)
    assert answer["Content-Length"] == str(len(CORE))
    assert answer["ETag"] == f'"{sha256(CORE)}"'
    assert answer["Cache-Control"] == "private, max-age=365000000, immutable"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


@FOLDER
def test_a_file_of_an_open_index_may_be_kept_by_shared_caches(wheel, client, configure):
    configure(public_read=True)
    answer = client.get(wheel[2])
    assert body(answer) == wheel[1]
    assert answer["Cache-Control"] == "max-age=365000000, immutable"


@FOLDER
def test_a_part_of_a_file_is_let_go_of_when_the_client_goes_away(wheel, get, monkeypatch):
    streams = []
    original = store.stream

    def recorded(*args, **kwargs):
        streams.append(original(*args, **kwargs))
        return streams[-1]

    monkeypatch.setattr(store, "stream", recorded)
    answer = get(wheel[2], range="bytes=0-9")
    assert streams[0].source is not None
    answer.close()
    assert streams[0].source is None


@FOLDER
def test_a_file_is_let_go_of_when_the_client_goes_away(wheel, get, monkeypatch):
    opened = []
    original = store.open

    def recorded(*args):
        opened.append(original(*args))
        return opened[-1]

    monkeypatch.setattr(store, "open", recorded)
    answer = get(wheel[2])
    assert not opened[0].closed
    answer.close()
    assert opened[0].closed


# --- HEAD -----------------------------------------------------------------------------------------------------------


def test_head_is_answered_from_the_catalogue_alone(wheel, auth, monkeypatch):
    def unreachable():
        raise AssertionError("the file store was asked")

    _, data, url = wheel
    for module in (store, storage):
        monkeypatch.setattr(module, "packages", unreachable)
    request = RequestFactory().head(url, headers={**auth, "range": "bytes=0-9"})
    # Not through the client, which would itself drop a body.
    head = get_wsgi_application().get_response(request)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(data))
    assert head["ETag"] == f'"{sha256(data)}"'
    assert head["Accept-Ranges"] == "bytes"


def test_head_of_metadata_knows_its_length(wheel, get):
    head = get(wheel[2] + ".metadata", method="head")
    assert (head.status_code, head["Content-Length"], head["ETag"]) == (200, str(len(CORE)), f'"{sha256(CORE)}"')


# --- Parts and conditions -------------------------------------------------------------------------------------------


@FOLDER
@pytest.mark.parametrize(
    ("header", "part"),
    [
        pytest.param("bytes=0-9", slice(0, 10), id="the start"),
        pytest.param("bytes=100-199", slice(100, 200), id="the middle"),
        pytest.param("bytes=100-", slice(100, None), id="the rest"),
        pytest.param("bytes=-100", slice(-100, None), id="the end"),
        pytest.param("bytes=100-99999999", slice(100, None), id="more than there is"),
    ],
)
def test_a_part_is_sent(wheel, get, header, part):
    _, data, url = wheel
    answer = get(url, range=header)
    expected = data[part]
    first = data.index(expected)
    assert (answer.status_code, body(answer)) == (206, expected)
    assert answer["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(data)}"
    assert answer["Content-Length"] == str(len(expected))
    assert answer["ETag"] == f'"{sha256(data)}"'


@FOLDER
@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=9-1", "bytes=x", "lines=1-2", "bytes=" + "9" * 6000 + "-"])
def test_what_is_no_single_range_gets_the_whole_file(wheel, get, header):
    answer = get(wheel[2], range=header)
    assert (answer.status_code, body(answer)) == (200, wheel[1])
    assert "Content-Range" not in answer


@FOLDER
@pytest.mark.parametrize("header", ["bytes=99999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused_with_the_length(wheel, get, header):
    answer = get(wheel[2], range=header)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(wheel[1])}")
    assert answer["Cache-Control"] == "no-store"


@FOLDER
@pytest.mark.parametrize(
    ("condition", "status"),
    [
        pytest.param('"{}"', 206, id="the same bytes"),
        pytest.param('W/"{}"', 200, id="a weak tag"),
        pytest.param('"other"', 200, id="other bytes"),
        pytest.param("Mon, 23 Nov 2026 10:00:00 GMT", 200, id="a date"),
    ],
)
def test_a_part_is_only_sent_of_the_bytes_that_the_client_holds(wheel, get, condition, status):
    _, data, url = wheel
    answer = get(url, range="bytes=5-9", if_range=condition.format(sha256(data)))
    assert (answer.status_code, body(answer)) == (status, data[5:10] if status == 206 else data)


@ONE_OF_EACH
@pytest.mark.parametrize("suffix", ["", ".metadata"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_that_the_client_has_is_not_sent_again(wheel, get, suffix, method):
    digest = sha256(CORE if suffix else wheel[1])
    answer = get(wheel[2] + suffix, method=method, if_none_match=f'W/"{digest}"', range="bytes=0-9")
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == f'"{digest}"'
    assert answer["Cache-Control"].endswith("immutable")
    assert "Content-Type" not in answer


@FOLDER
def test_metadata_can_be_read_in_parts_too(wheel, get):
    answer = get(wheel[2] + ".metadata", range="bytes=0-15")
    assert (answer.status_code, body(answer)) == (206, CORE[:16])


# --- S3 -------------------------------------------------------------------------------------------------------------


@S3
@pytest.mark.parametrize("suffix", ["", ".metadata"])
def test_s3_sends_the_bytes_by_a_link_that_stays_the_same(wheel, get, suffix):
    answer = get(wheel[2] + suffix, range="bytes=0-9")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    link = urlsplit(answer["Location"])
    assert link.path.endswith(wheel[2] + suffix)
    assert "X-Amz-Signature" in parse_qs(link.query)
    assert get(wheel[2] + suffix)["Location"] == answer["Location"]


# --- What is not there ----------------------------------------------------------------------------------------------


@FOLDER
@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/packages/{digest}/other-1.0-py3-none-any.whl", id="another name"),
        pytest.param("/packages/{zeros}/{name}", id="another digest"),
        pytest.param("/packages/{upper}/{name}", id="the digest in capitals"),
        pytest.param("/packages/{digest}/{name}.asc", id="a signature"),
        pytest.param("/packages/{digest}/{name}.metadata.metadata", id="metadata of metadata"),
        pytest.param("/packages/{digest}/.metadata", id="metadata of nothing"),
        pytest.param("/packages/{digest}/%2E%2E%2Fsecret_key", id="a way out"),
        pytest.param("/packages/{digest}/", id="no name"),
        pytest.param("/packages/{name}", id="no digest"),
        pytest.param("/packages/{digest}/{name}%00", id="a NUL"),
        pytest.param("/packages/" + "x" * 3000 + "/{name}", id="a digest without end"),
    ],
)
def test_what_is_not_offered_is_not_found(wheel, get, path):
    filename, data, _ = wheel
    digest = sha256(data)
    asked = path.format(digest=digest, zeros="0" * 64, upper=digest.upper(), name=quote(filename, safe=""))
    for method in ("get", "head"):
        assert get(asked, method=method).status_code == 404


def test_an_sdist_has_no_metadata_beside_it(publish, get):
    filename, data = make_sdist()
    publish(filename, data)
    assert get(f"/packages/{sha256(data)}/{filename}.metadata").status_code == 404


def test_a_quarantined_project_offers_no_bytes(wheel, get):
    write.set_status("demo", Status.QUARANTINED, change=OPERATOR)
    for url in (wheel[2], wheel[2] + ".metadata"):
        assert get(url).status_code == 404
        assert get(url, method="head").status_code == 404


def test_replaced_bytes_stay_readable_for_clients_that_hold_the_old_page(wheel, get, publish, configure):
    filename, old, url = wheel
    configure(overwrite=True)
    _, new = make_wheel("demo", "1.0+cu121", content=b"other")
    assert publish(filename, new).status_code == 200
    assert [file.sha256 for file in read.files("demo")] == [sha256(new)]
    for asked, data in ((url, old), (url.replace(sha256(old), sha256(new)), new)):
        answer = get(asked, method="head")
        assert (answer.status_code, answer["ETag"]) == (200, f'"{sha256(data)}"')


@EITHER_FOLDER
def test_bytes_that_are_missing_are_a_failure_here_and_not_a_404(wheel, get):
    filename, data, url = wheel
    store_write.remove(keys.blob(sha256(data), filename))
    answer = get(url)
    assert answer.status_code == 503
    assert "Retry-After" in answer
    assert "immutable" not in answer["Cache-Control"]


@FOLDER
def test_bytes_that_were_cut_off_are_not_sent_as_whole(wheel, get):
    filename, data, url = wheel
    store_write.put_bytes(keys.blob(sha256(data), filename), data[:-1])
    assert get(url).status_code == 503


@FOLDER
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_files_are_only_read(wheel, get, method):
    answer = get(wheel[2], method=method)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@ONE_OF_EACH
@pytest.mark.parametrize("suffix", ["", ".metadata"])
@pytest.mark.parametrize("credentials", [{}, {"authorization": "Basic YW5hOndyb25n"}], ids=["none", "wrong ones"])
def test_no_bytes_and_no_links_without_credentials(wheel, client, suffix, credentials):
    for method in (client.get, client.head):
        for url in (wheel[2], wheel[2].replace("demo", "absent")):
            answer = method(url + suffix, headers={**credentials, "if-none-match": "*"})
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"].startswith("Basic ")
            assert "Location" not in answer
            assert "ETag" not in answer
