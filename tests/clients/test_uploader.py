"""The one-file client as a person runs it: fetched from a real server, with the oldest Python that is here."""

import math
import os
import pty
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.clients.machines import one_line
from tests.clients.projects import distributions, hashes, make_project
from tests.clients.servers import PASSWORD, USER, free_port
from tests.clients.test_large import large_wheel
from tests.clients.uploads import MIB, publish
from tests.factories import make_sdist, make_wheel

PART = 16 * MIB
LARGE_MB = 160
MOST_OF_THE_CLIENT = 60 * MIB
MEASURED = """\
import pathlib, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print(pathlib.Path("/proc/self/status").read_text())
"""


@cache
def oldest() -> str:
    """Return the oldest Python from 3.9 on that this machine has; the one of the tests where there is no older."""
    for minor in range(9, sys.version_info.minor):
        versions = sorted(Path("~/.pyenv/versions").expanduser().glob(f"3.{minor}.*/bin/python"))
        for candidate in [*map(str, versions), f"/usr/bin/python3.{minor}"]:
            if shutil.which(candidate):
                return candidate
    return sys.executable


class Person:
    """Somebody with the client of a server in their home folder."""

    def __init__(self, machine, server) -> None:
        self.server, self.home = server, machine.home
        self.environment = machine.environment() | {"TWINE_USERNAME": USER, "TWINE_PASSWORD": PASSWORD}
        status, body = server.get("/upload.py")
        assert status == 200
        (self.home / "upload.py").write_bytes(body)

    def start(self, *arguments: object, before: tuple[str, ...] = (), **variables: str) -> subprocess.Popen:
        return subprocess.Popen(
            [oldest(), "-W", "error", *before, "upload.py", *map(str, arguments)],
            cwd=self.home,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def upload(self, *arguments: object, **how) -> tuple[int, str]:
        """Run the client, and return its exit code and all it says."""
        started = self.start(*arguments, **how)
        said = started.communicate(timeout=120)[0]
        assert PASSWORD not in said
        assert "Traceback" not in said, said
        return started.returncode, said


@pytest.fixture
def person(machine, server) -> Person:
    return Person(machine, server)


def test_a_release_is_published_once(person, server):
    project = make_project(person.home / "project", "uploaded")
    wheel, sdist = distributions(project)
    assert person.upload("project/dist/*") == (0, f"{wheel.name}: published\n{sdist.name}: published\n")
    assert server.listed("uploaded") == hashes(project)

    code, said = person.upload("project/dist/*")
    assert (code, said.count("is published with the same bytes"), "2 of 2 files" in said) == (1, 2, True)
    code, said = person.upload("--skip-existing", "project/dist/*")
    assert (code, said.count(": skipped, it is published with the same bytes\n")) == (0, 2)

    before = hashes(project)
    make_project(project, "uploaded", content=b"other")
    code, said = person.upload("--skip-existing", "project/dist/*")
    assert (code, "uploaded 1.0: published with other bytes" in said) == (1, True)
    assert server.listed("uploaded") == before


def test_each_release_is_a_session_of_its_own(person, server):
    good = make_project(person.home / "good", "several", "1.0")
    (person.home / "taken").mkdir()
    publish(server, make_wheel("several", "2.0"))
    filename, data = make_wheel("several", "2.0", content=b"other")
    (person.home / "taken" / filename).write_bytes(data)
    code, said = person.upload("taken/*", "good/dist/*")
    assert (code, f"{filename}: File already exists" in said, "several 2.0 is not published" in said) == (1, True, True)
    assert set(hashes(good).items()) < set(server.listed("several").items())


def test_a_release_is_looked_at_and_then_published_or_dropped(person, server):
    project = make_project(person.home / "project", "looked-at")
    code, said = person.upload("--stage", *distributions(project))
    assert (code, server.listed("looked-at")) == (0, {})
    lines = {words[1]: words[2] for words in map(str.split, said.splitlines()) if words[0] == "upload.py"}
    stage = next(word for word in said.split() if "/upload/stage/" in word)
    assert all(name in server.get(f"{server.path(stage)}looked-at/")[1].decode() for name in hashes(project))
    assert person.upload("--publish", lines["--publish"])[0] == 0
    assert server.listed("looked-at") == hashes(project)

    make_project(project, "looked-at", "2.0")
    said = person.upload("--stage", *distributions(project))[1]
    session = said.split("--cancel ")[1].split()[0]
    assert person.upload("--cancel", session.rstrip("/").rpartition("/")[2])[0] == 0
    code, said = person.upload("--publish", session)
    assert (code, "canceled" in said) == (1, True)


def test_a_rebuilt_release_takes_the_place_of_what_was_staged(person, server):
    project = make_project(person.home / "project", "rebuilt")
    assert person.upload("--stage", "project/dist/*")[0] == 0
    make_project(project, "rebuilt", content=b"other")
    assert person.upload("project/dist/*")[0] == 0
    assert server.listed("rebuilt") == hashes(project)


def test_somebody_elses_session_is_left_alone(person, server):
    project = make_project(person.home / "project", "foreign")
    wheel, sdist = distributions(project)
    assert person.upload("--stage", wheel)[0] == 0
    code, said = person.upload("--wait", "1", sdist)
    assert (code, f"holds {wheel.name}" in said, "--cancel" in said) == (1, True, True)
    assert server.listed("foreign") == {}


def test_two_that_publish_one_release_at_once_wait_for_each_other(person, server):
    project = make_project(person.home / "project", "matrix")
    running = [person.start(path) for path in distributions(project)]
    ended = [(each.communicate(timeout=60)[0], each.returncode) for each in running]
    assert [code for _, code in ended] == [0, 0], ended
    assert server.listed("matrix") == hashes(project)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_upload_goes_on_where_it_was(number, machine, start):
    server = start()
    person = Person(machine, server)
    small = person.home / make_sdist("large", "1.0")[0]
    small.write_bytes(make_sdist("large", "1.0")[1])
    wheel, digest = large_wheel(person.home, LARGE_MB)
    parts = math.ceil(wheel.stat().st_size / PART)
    running = person.start("--jobs", "1", small, wheel)
    until_some_arrived(server, running)
    running.send_signal(number)
    said = running.communicate(timeout=30)[0]
    assert running.returncode == {signal.SIGKILL: -9, signal.SIGINT: 130}[number], said
    assert server.listed("large") == {}

    with server.requests() as requests:
        code, said = person.upload(small, wheel)
    assert code == 0, said
    assert server.listed("large")[wheel.name] == digest
    assert set(server.listed("large")) == {small.name, wheel.name}
    assert 0 < sum(request.startswith("PUT ") for request in requests) < parts


def until_some_arrived(server, running: subprocess.Popen) -> None:
    """Return when the server has kept two parts of a large file, and not yet all."""
    ends = time.monotonic() + 60
    while len(list((server.data / "files" / "staging").rglob("*.part-*"))) < 2:
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < ends, "nothing arrived"
        time.sleep(0.002)


def test_a_large_file_is_sent_with_flat_memory(machine, start):
    server = start(kind="serve")
    person = Person(machine, server)
    wheel, digest = large_wheel(person.home, LARGE_MB)
    code, said = person.upload(wheel, before=("-c", MEASURED))
    assert code == 0, said
    assert server.listed("large") == {wheel.name: digest}
    assert 1024 * int(said.split("VmHWM:")[1].split()[0]) < MOST_OF_THE_CLIENT


@pytest.mark.parametrize(
    ("variables", "source"),
    [
        ({"ELASTIC_PYPI_TOKEN": "wrong-token"}, "ELASTIC_PYPI_TOKEN"),
        ({"TWINE_USERNAME": USER, "TWINE_PASSWORD": "wrong-password"}, "TWINE_PASSWORD"),
    ],
)
def test_wrong_credentials_are_told_by_where_they_came_from(variables, source, person, server):
    make_project(person.home / "project", "unknown")
    code, said = person.upload("project/dist/*", **variables)
    assert (code, f"The credentials came from {source}." in said, "wrong-" in said) == (1, True, False)
    assert server.listed("unknown") == {}


def test_a_token_that_may_only_upload_is_enough(person, server):
    make_project(person.home / "project", "by-token")
    tokens = {}
    for actions in (("upload",), ("upload", "read")):
        given = [word for action in actions for word in ("--action", action)]
        tokens[actions] = server.manage("create_token", USER, *given).stdout.split()[-1]
    said = person.upload("project/dist/*", ELASTIC_PYPI_TOKEN=tokens["upload",])
    assert said[0] == 0, said
    code, said = person.upload("--skip-existing", "project/dist/*", ELASTIC_PYPI_TOKEN=tokens["upload",])
    assert (code, said.endswith("(403) The credentials came from ELASTIC_PYPI_TOKEN.\n")) == (1, True), said
    assert tokens["upload",] not in said
    assert person.upload("--skip-existing", "project/dist/*", ELASTIC_PYPI_TOKEN=tokens["upload", "read"])[0] == 0


def test_no_credentials_are_asked_of_nobody(person):
    make_project(person.home / "project", "nobody")
    code, said = person.upload("project/dist/*", TWINE_PASSWORD="")
    assert (code, "set ELASTIC_PYPI_TOKEN" in said) == (2, True)


def test_a_dead_server_is_given_up_on(person):
    make_project(person.home / "project", "dead")
    code, said = person.upload("--url", f"http://127.0.0.1:{free_port()}/", "--retries", "1", "project/dist/*")
    assert (code, "Connection refused" in said, "run it again to go on" in said) == (3, True, True)


def test_credentials_do_not_follow_a_redirect(person):
    make_project(person.home / "project", "redirected")
    seen: list[str] = []
    with listening(302, seen) as thief, listening(302, [], Location=thief) as liar:
        code, said = person.upload("--url", liar, "project/dist/*")
    assert (code, f"sends its callers on to {thief}" in said) == (3, True)
    assert seen == []


@contextmanager
def listening(status: int, seen: list[str], **headers: str) -> Iterator[str]:
    """Serve one answer to everything; what was asked is noted."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_uv_runs_it_from_the_indexs_address(machine, server):
    project = make_project(machine.home / "project", "by-uv")
    credentials = {"UV_PUBLISH_USERNAME": USER, "UV_PUBLISH_PASSWORD": PASSWORD}
    said = machine.run("uv", "run", f"{server.url}/upload.py", *distributions(project), **credentials)
    assert said.count(": published") == 2
    assert server.listed("by-uv") == hashes(project)


def test_manage_py_upload_is_the_same_program(machine, server):
    project = make_project(machine.home / "project", "by-manage")
    url = f"http://{USER}:{PASSWORD}@127.0.0.1:{server.port}/"
    files = [str(path) for path in distributions(project)]
    done = server.manage("upload", "--url", url, "--stage", *files)
    assert done.returncode == 0, done.stdout
    assert PASSWORD not in done.stdout
    assert f"manage.py upload --url {server.url}/ --publish" in one_line(done.stdout)
    done = server.manage("upload", "--url", url, *files)
    assert (done.returncode, done.stdout.count(": published")) == (0, 2)
    assert server.manage("upload", "--url", url, *files).returncode == 1


def test_a_terminal_sees_how_far_it_is(person):
    make_project(person.home / "project", "shown", content=os.urandom(3 * MIB))
    code, said = in_a_terminal([oldest(), "upload.py", *map(str, distributions(person.home / "project"))], person)
    assert code == 0, said
    assert " of 6.0 MB\r\x1b[K" in said  # the bar is drawn, and taken away before a line that stays
    assert said.count("published\r\n") == 2


def in_a_terminal(command: list[str], person: Person) -> tuple[int, str]:
    """Run a command on a terminal of its own, and return its exit code and all that was drawn."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        command, cwd=person.home, env=person.environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    return running.wait(30), said.decode()
