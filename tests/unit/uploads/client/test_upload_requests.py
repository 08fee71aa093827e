"""How the one-file client asks: whom it waits for, when it gives up, and work that goes on without it."""

import urllib.error

import pytest

from packages_app.uploads.client import upload
from packages_app.uploads.client.upload import Failure, Refused
from tests.unit.uploads.client.conftest import FILE, INDEX, answer, replies


@pytest.mark.parametrize(
    "trouble", [answer(503), answer(429), urllib.error.URLError(OSError(111, "refused")), EOFError()]
)
def test_trouble_that_passes_is_waited_out(web, trouble):
    if isinstance(trouble, EOFError):
        trouble = upload.http.client.RemoteDisconnected("gone")
    assert web.repeat("host", replies(trouble, trouble, answer(200))).status == 200
    assert len(web.pauses) == 2
    assert web.pauses[0] < web.pauses[1] <= 2


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7), ("100000", upload.LONGEST_WAIT), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("soon", None)],
)
def test_the_index_says_how_long_to_wait(web, asked, waited):
    web.repeat("host", replies(answer(503, Retry_After=asked), answer(200)))
    assert web.pauses == [waited] if waited is not None else 0 < web.pauses[0] <= 1


def test_it_gives_up(web):
    with pytest.raises(Failure, match=r"host: .*\(503\). Gave up after 4 tries; run it again") as gave_up:
        web.repeat("host", replies(*[answer(503)] * 4))
    assert gave_up.value.exit_code == 3


def test_a_busy_session_is_waited_for_much_longer(web):
    busy = answer(409, {"error": "session-busy"}, Retry_After="2")
    assert web.repeat("host", replies(*[busy] * 50, answer(201))).status == 201
    assert web.pauses == [2.0] * 50


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param("https://other.example/upload/", "leads to https://other.example", id="another host"),
        pytest.param("http://index.example/dev/upload/", "leads to http://index.example", id="the same host in clear"),
        pytest.param("https://index.example:444/", "leads to https://index.example:444", id="another port"),
        pytest.param("nonsense", "an address that is none", id="no address"),
    ],
)
def test_credentials_go_to_the_indexs_own_origin_only(web, url, says):
    with pytest.raises(Failure, match=says):
        web.ask("GET", url)


@pytest.mark.parametrize("url", ["http://bucket.example/x", "file:///etc/passwd"])
def test_bytes_do_not_cross_a_network_in_clear(web, url):
    with pytest.raises(Failure):
        web.once("PUT", url, {}, b"x")


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        pytest.param(
            answer(401, {"detail": "Wrong."}), Refused, "Wrong. (401) The credentials came from a test.", id="401"
        ),
        pytest.param(
            answer(409, {"detail": "File\x1b[2J exists.", "error": "file-exists"}), Refused, "File [2J exists", id="409"
        ),
        pytest.param(answer(403, {"message": "Forbidden"}), Refused, "Forbidden (403)", id="a gateway's"),
        pytest.param(answer(404), Failure, "does not speak Upload 2.0", id="another server"),
        pytest.param(
            answer(302, Location="https://elsewhere.example/"), Failure, "sends its callers on", id="a redirect"
        ),
        pytest.param(answer(418), Refused, "(418)", id="no reason at all"),
        pytest.param(
            upload.Answer(599, {}, b"<Error><Code>SlowDown</Code></Error>"), Refused, "SlowDown (599)", id="S3's"
        ),
    ],
)
def test_what_an_answer_means(web, reply, kind, says):
    failure = web.refusal(reply, INDEX)
    assert type(failure) is kind
    assert says in str(failure)
    assert "\x1b" not in str(failure)


def test_a_refusal_holds_nobody_up_and_an_index_out_of_reach_does():
    done: list[str] = []

    def work(name: str) -> None:
        done.append(name)
        if name != "good":
            raise {"bad": Refused, "gone": Failure}[name](name)

    failures = upload.in_parallel(work, ["bad", "good", "gone", "good", "bad"], 1)
    assert done == ["bad", "good", "gone"]
    assert [str(each or "") for each in failures][:3] == ["bad", "", "gone"]
    assert all(type(each) is Failure for each in failures[2:])


def test_what_nobody_expected_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        upload.in_parallel(lambda item: 1 / item, [1, 0], 2)


@pytest.mark.parametrize("text", ["-1", "0", "x", "1.5"])
def test_numbers_of_options(text):
    with pytest.raises(ValueError):
        upload.number(text)


@pytest.mark.parametrize(("ends", "is_complete"), [("completed", True), ("pending", False)])
def test_a_check_that_takes_long_is_polled(web, scripted, release, ends, is_complete):
    processing = FILE | {"status": "processing"}
    scripted(
        ("POST complete", answer(202, processing, Retry_After="3")),
        ("GET file", answer(200, processing, Retry_After="4")),
        ("GET file", answer(200, FILE | {"status": ends})),
    )
    assert release.is_complete(FILE) is is_complete
    assert (web.pauses, web.left) == ([3.0, 4.0], [])


def test_a_check_that_ends_badly_is_told(scripted, release):
    ended = FILE | {"status": "error", "notices": ["Its RECORD lies."]}
    scripted(("POST complete", answer(202, FILE | {"status": "processing"})), ("GET file", answer(200, ended)))
    with pytest.raises(Refused, match="Its RECORD lies"):
        release.is_complete(FILE)


def test_a_gateway_that_gives_up_is_asked_again(web, scripted, release):
    busy = answer(409, {"error": "session-busy"}, Retry_After="2")
    done = answer(201, FILE | {"status": "completed"})
    scripted(("POST complete", answer(504)), ("POST complete", busy), ("POST complete", done))
    assert release.is_complete(FILE)
    assert web.pauses[1] == 2.0


SESSION = {"name": "demo", "links": {"session": f"{INDEX}s", "publish": f"{INDEX}p"}, "files": {}}


def test_a_publication_that_takes_long_is_polled(web, scripted, capsys):
    files = {"demo.whl": {"status": "completed"}, "dropped.whl": {"status": "canceled"}}
    scripted(
        ("GET s", answer(200, SESSION)),
        ("POST p", answer(202, SESSION | {"status": "processing"})),
        ("GET s", answer(200, SESSION | {"status": "published", "files": files})),
    )
    upload.publish(web, f"{INDEX}s", until=0)
    assert capsys.readouterr().out == "demo.whl: published\n"


def test_a_publication_that_ends_badly_is_told(web, scripted):
    scripted(
        ("GET s", answer(200, SESSION)),
        ("POST p", answer(202, SESSION | {"status": "processing"})),
        ("GET s", answer(200, SESSION | {"status": "open", "notices": ["Somebody was faster."]})),
    )
    with pytest.raises(Refused, match="demo is not published: Somebody was faster"):
        upload.publish(web, f"{INDEX}s", until=0)
