"""How long a body may be said to be, and how much of one is read after a refusal."""

import io
from types import SimpleNamespace

import pytest
from django.http.request import UnreadablePostError
from django.test import RequestFactory

from packages_app.uploads import bodies
from packages_app.uploads.errors import LengthRequired


def request(body=b"", **meta):
    made = RequestFactory().generic("POST", "/legacy/", b"")
    made._stream = io.BytesIO(body) if isinstance(body, bytes) else body
    made.META.update(meta)
    return made


@pytest.mark.parametrize(("said", "length"), [("0", 0), ("17", 17), ("9" * 18, 10**18 - 1)])
def test_a_length_is_a_number(said, length):
    assert bodies.length_of(request(CONTENT_LENGTH=said)) == length


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("", id="none"),
        pytest.param(None, id="none at all"),
        pytest.param("-1", id="less than nothing"),
        pytest.param("+1", id="a sign"),
        pytest.param("1_000", id="as Python writes numbers"),
        pytest.param("١٢", id="digits of another script"),
        pytest.param("17\n", id="a line end"),
        pytest.param("1" * 19, id="more than any file has"),
    ],
)
def test_what_says_no_length_is_refused(said):
    with pytest.raises(LengthRequired):
        bodies.length_of(request(CONTENT_LENGTH=said))


def test_what_is_left_is_read_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(bodies, "DRAIN_BYTES", 100_000)
    short, long = request(b"x" * 99_999), request(b"x" * 200_000)
    bodies.drain(short)
    bodies.drain(long)
    assert (short._stream.tell(), long._stream.tell()) == (99_999, 100_000)


def test_it_is_read_for_a_while_only(monkeypatch):
    times = iter([0.0, 1.0, bodies.DRAIN_SECONDS + 1, bodies.DRAIN_SECONDS + 2])
    monkeypatch.setattr(bodies, "time", SimpleNamespace(monotonic=lambda: next(times)))
    given = request(b"x" * 200_000)
    bodies.drain(given)
    assert given._stream.tell() == 64 * 1024


@pytest.mark.parametrize("error", [UnreadablePostError("gone"), TimeoutError("silent")])
def test_a_client_that_goes_or_falls_silent_is_no_error(error):
    class Broken:
        def read(self, _: int) -> bytes:
            raise error

    bodies.drain(request(Broken()))


def test_a_client_is_waited_for_where_the_server_has_its_socket():
    told = []
    connection = SimpleNamespace(settimeout=told.append)
    bodies.drain(request(**{"gunicorn.socket": connection}))
    assert told == [bodies.DRAIN_STALL_SECONDS]
