"""The pieces of the one-file client: what it reads, whom it trusts, how long it waits."""

import ast
import io
import json
import sys
import urllib.error
from pathlib import Path

import pytest

from packages_app.uploads.client import upload
from packages_app.uploads.client.upload import Credentials, Failure, Misused, Refused
from tests.factories import make_sdist, make_wheel, metadata, sha256, tarred, zipped

SOURCE = Path(upload.__file__)
INDEX = "https://index.example/dev/"


@pytest.fixture(autouse=True)
def _a_home_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("NETRC", "ELASTIC_PYPI_TOKEN", "UV_PUBLISH_TOKEN", "TWINE_USERNAME", "TWINE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def quiet() -> upload.Progress:
    return upload.Progress()


def put(folder: Path, made: tuple[str, bytes]) -> Path:
    path = folder / made[0]
    path.write_bytes(made[1])
    return path


# --- The file itself ----------------------------------------------------------------------------------------------


def test_the_oldest_python_that_is_promised_can_parse_it():
    ast.parse(SOURCE.read_text(), feature_version=(3, 9))


def test_it_imports_the_standard_library_alone():
    names = set()
    for node in ast.walk(ast.parse(SOURCE.read_text())):
        if isinstance(node, ast.Import):
            names |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.partition(".")[0])
    assert names <= sys.stdlib_module_names


# --- Files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [make_wheel("Some.Demo", "1.0"), make_sdist("Some.Demo", "1.0")])
def test_name_and_version_are_the_metadatas(made, tmp_path):
    [dist] = upload.read_dists([str(put(tmp_path, made))], quiet())
    assert (dist.name, dist.version, dist.filename) == ("Some.Demo", "1.0", made[0])
    assert (dist.size, dist.sha256, dist.attestations) == (len(made[1]), sha256(made[1]), "")


def test_patterns_signatures_and_repetitions_are_understood(tmp_path):
    wheel = put(tmp_path, make_wheel())
    put(tmp_path, (f"{wheel.name}.asc", b"x"))
    dists = upload.read_dists([str(tmp_path / "*"), str(wheel)], quiet())
    assert [dist.path for dist in dists] == [wheel]


def test_a_link_keeps_its_name(tmp_path):
    (tmp_path / "store").write_bytes(make_wheel()[1])
    (tmp_path / make_wheel()[0]).symlink_to(tmp_path / "store")
    [dist] = upload.read_dists([str(tmp_path / "*.whl")], quiet())
    assert dist.filename == make_wheel()[0]


def test_attestations_beside_a_file_go_with_it(tmp_path):
    wheel = put(tmp_path, make_wheel())
    put(tmp_path, (f"{wheel.name}.publish.attestation", b'{"version": 1}'))
    put(tmp_path, (f"{wheel.name}.slsa.attestation", b'{"version": 2}'))
    put(tmp_path, ("other.publish.attestation", b"{}"))
    [dist] = upload.read_dists([str(tmp_path / "*")], quiet())
    assert json.loads(dist.attestations) == [{"version": 1}, {"version": 2}]


@pytest.mark.parametrize(
    ("filename", "data", "says"),
    [
        pytest.param("demo-1.0.egg", b"", "neither a wheel", id="another kind of file"),
        pytest.param("gone.whl", None, "no such file", id="a file that is not there"),
        pytest.param("demo-1.0-py3-none-any.whl", b"no zip", "no sound archive", id="no archive"),
        pytest.param("demo-1.0.tar.gz", make_sdist()[1][:60], "no sound archive", id="half an archive"),
        pytest.param("demo-1.0-py3-none-any.whl", zipped({"a": b"b"}), "no METADATA", id="a wheel without metadata"),
        pytest.param("demo-1.0.tar.gz", tarred({"a/b": b"b"}), "no METADATA or PKG-INFO", id="no PKG-INFO"),
        pytest.param("demo-1.0.tar.gz", tarred({"a/b/PKG-INFO": metadata()}), "no METADATA", id="one of a part"),
        pytest.param("demo-1.0.tar.gz", tarred({"a/PKG-INFO": b"Name: demo\n\n"}), "no Version", id="no version"),
        pytest.param(
            "demo-1.0-py3-none-any.whl",
            zipped({"demo-1.0.dist-info/METADATA": metadata() + bytes(5 * upload.MB)}),
            "at most 4 MB",
            id="metadata without end",
        ),
    ],
)
def test_a_file_that_cannot_be_published_is_told_before_anything_is_sent(filename, data, says, tmp_path):
    if data is not None:
        put(tmp_path, (filename, data))
    with pytest.raises(Misused, match=says) as refused:
        upload.read_dists([str(tmp_path / filename)], quiet())
    assert str(refused.value).startswith(f"{filename}: ")


def test_every_wrong_file_has_its_sentence(tmp_path):
    put(tmp_path, make_wheel())
    (tmp_path / "folder.whl").mkdir()
    put(tmp_path, ("notes.txt", b""))
    put(tmp_path, (f"{make_wheel()[0]}.x.attestation", b"no JSON"))
    with pytest.raises(Misused) as refused:
        upload.read_dists([str(tmp_path / "*")], quiet())
    assert len(str(refused.value).splitlines()) == 3


def test_no_file_at_all_is_a_wrong_call(tmp_path):
    with pytest.raises(Misused, match="There is no wheel"):
        upload.read_dists([str(put(tmp_path, ("demo.asc", b"")))], quiet())


# --- Credentials --------------------------------------------------------------------------------------------------

PYPIRC = """\
[distutils]
index-servers = other private
[other]
repository = https://index.example/legacy/
username = wrong
password = wrong
[private]
repository = https://INDEX.example:443/dev/legacy/
username = ana
password = pa:ss%wörd
"""


@pytest.mark.parametrize(
    ("variables", "files", "expected"),
    [
        pytest.param({"ELASTIC_PYPI_TOKEN": "t", "TWINE_PASSWORD": "p"}, {}, ("__token__", "t"), id="a token"),
        pytest.param({"UV_PUBLISH_TOKEN": "t"}, {}, ("__token__", "t"), id="uv's token"),
        pytest.param({"TWINE_USERNAME": "ana", "TWINE_PASSWORD": "p"}, {}, ("ana", "p"), id="twine's variables"),
        pytest.param({"TWINE_PASSWORD": "p"}, {}, ("__token__", "p"), id="twine's password is a token's"),
        pytest.param({}, {".pypirc": PYPIRC}, ("ana", "pa:ss%wörd"), id="the section of this index"),
        pytest.param({}, {".netrc": "machine index.example login ben password p"}, ("ben", "p"), id="netrc"),
        pytest.param(
            {},
            {".pypirc": PYPIRC, ".netrc": "machine index.example login ben password p"},
            ("ana", "pa:ss%wörd"),
            id="both",
        ),
    ],
)
def test_the_first_credentials_that_there_are(variables, files, expected, monkeypatch, tmp_path):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    found = upload.find_credentials(INDEX, None)
    assert (found.user, found.password) == expected
    assert f"={expected[1]!r}" not in repr(found)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        pytest.param({}, "set ELASTIC_PYPI_TOKEN", id="nothing anywhere"),
        pytest.param({".netrc": "default login ana password p"}, "no credentials", id="netrc's entry for any host"),
        pytest.param({".netrc": "machine other.example login a password p"}, "no credentials", id="another host"),
        pytest.param({".pypirc": PYPIRC.replace("/dev", "/prod")}, "no credentials", id="another index of the host"),
        pytest.param({".pypirc": "no section"}, "pypirc cannot be read", id="a broken pypirc"),
        pytest.param({".netrc": "machine"}, "netrc cannot be read", id="a broken netrc"),
        pytest.param({".netrc": "machine index.example login a:b password p"}, "colon", id="a colon in the name"),
    ],
)
def test_no_credentials_are_made_up(files, says, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    with pytest.raises(Misused, match=says):
        upload.find_credentials(INDEX, None)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_not_needed_is_not_read(monkeypatch, tmp_path):
    (tmp_path / ".pypirc").write_text("broken")
    monkeypatch.setenv("ELASTIC_PYPI_TOKEN", "t")
    assert upload.find_credentials(INDEX, None).password == "t"


def test_a_terminal_is_asked(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal("ana\n"))
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(upload.getpass, "getpass", lambda prompt: f"for {prompt}")
    assert upload.find_credentials(INDEX, None) == Credentials("ana", "for Password: ", "the prompt")


# --- Addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "index"),
    [
        ("https://index.example", "https://index.example/"),
        ("https://Index.example:443/dev", "https://index.example/dev/"),
        ("https://index.example/dev/legacy/", "https://index.example/dev/"),
        ("https://index.example/dev/upload.py", "https://index.example/dev/"),
        ("http://[::1]:8000/simple/?x#y", "http://[::1]:8000/"),
    ],
)
def test_every_address_of_an_index_leads_to_it(given, index):
    assert upload.split_index(given) == (index, None)


def test_credentials_in_an_address_are_taken_out_of_it():
    index, found = upload.split_index("https://ana:pa%3Ass@index.example/")
    assert (index, found.user, found.password) == ("https://index.example/", "ana", "pa:ss")


def test_a_user_in_an_address_is_only_asked_for_the_password(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(upload.getpass, "getpass", lambda prompt: "secret")
    found = upload.find_credentials(*upload.split_index("https://ana@index.example/"))
    assert (found.user, found.password) == ("ana", "secret")


@pytest.mark.parametrize("given", ["", "index.example", "ftp://index.example/", "https://", "http://a:b:c/"])
def test_no_address(given):
    with pytest.raises(Misused, match="--url"):
        upload.split_index(given)


@pytest.mark.parametrize(
    ("url", "is_it"),
    [
        ("http://127.0.0.1:8000/", True),
        ("http://127.8.8.8/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://localhost.example/", False),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1.example/", False),
    ],
)
def test_what_loopback_is(url, is_it):
    assert upload.is_loopback(url) is is_it


# --- Requests -----------------------------------------------------------------------------------------------------


@pytest.fixture
def web(monkeypatch):
    """A client of an index; ``web.pauses`` are the seconds that it waited."""
    options = upload.argparse.Namespace(retries=3, insecure_http=False, jobs=2)
    made = upload.Http(INDEX, Credentials("ana", "secret", "a test"), quiet(), upload.threading.Event(), options)
    made.pauses = []
    monkeypatch.setattr(made, "pause", made.pauses.append)
    return made


def answer(status: int, document: object = None, **headers: str) -> upload.Answer:
    body = b"" if document is None else json.dumps(document).encode()
    return upload.Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def replies(*those):
    """Return an attempt that is answered by one after the other."""
    left = list(those)

    def attempt(_: int) -> upload.Answer:
        reply = left.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    return attempt


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


# --- Work that goes on without the client -------------------------------------------------------------------------


@pytest.fixture
def scripted(web, monkeypatch):
    """Answer requests from a script of (what is asked, answer), in this order and nothing else."""

    def script(*lines: tuple[str, upload.Answer]) -> None:
        left = list(lines)

        def once(method, url, headers, body) -> upload.Answer:
            del headers, body
            asked, said = left.pop(0)
            assert f"{method} {url.removeprefix(INDEX)}" == asked
            return said

        monkeypatch.setattr(web, "once", once)
        web.left = left

    return script


FILE = {"links": {"complete": f"{INDEX}complete", "file-upload-session": f"{INDEX}file"}}


@pytest.fixture
def release(web) -> upload.Release:
    dist = upload.Dist(Path("demo.whl"), "demo.whl", "demo", "1.0", 1, "0" * 64, "")
    return upload.Release(web, [dist], upload.argparse.Namespace(wait=0, jobs=1))


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
