"""A real server process on loopback with a data folder of its own, as a person starts it."""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from tests.factories import sha256

ROOT = Path(__file__).resolve().parents[2]
USER, PASSWORD = "ana", "right-horse"
JSON = "application/vnd.pypi.simple.v1+json"
COMMANDS = {
    "runserver": ("runserver", "--noreload", "127.0.0.1:{port}"),
    "autoreload": ("runserver", "127.0.0.1:{port}"),
    "serve": ("serve", "--workers", "2", "--bind", "127.0.0.1:{port}"),
}


class Server:
    """One server process; ``data`` outlives it, so another can be started on the same folder."""

    def __init__(
        self,
        data: Path,
        *options: str,
        kind: str = "runserver",
        password: str | None = PASSWORD,
        **variables: str,
    ) -> None:
        self.data, self.kind, self.options = data, kind, options
        self.user, self.password = USER, password or ""
        self.log = data.with_name(f"{data.name}-{time.monotonic_ns()}.log")
        self.variables = variables | {"PYPI_DATA": str(data)}
        if password is not None:
            self.variables |= {"PYPI_USERNAME": USER, "PYPI_PASSWORD": password}
        self.start()

    def start(self) -> None:
        """Start the process, and wait until it answers."""
        self.port = free_port()
        arguments = [word.format(port=self.port) for word in COMMANDS[self.kind] + self.options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its workers can be ended with it
            )
        try:
            self.wait()
        except BaseException:
            self.kill()
            raise

    def wait(self) -> None:
        """Wait until the server answers."""
        ends = time.monotonic() + 30
        while self.get("/healthz", tries=1)[0] != http.HTTPStatus.OK:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < ends, f"no answer within 30 seconds: {self.said()}"
            time.sleep(0.05)

    def environment(self) -> dict[str, str]:
        """Return this process's variables without what configures an index, or Django for the tests."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYPI_", "AWS_", "DJANGO_"))}
        return kept | {"PYTHONUNBUFFERED": "1"} | self.variables

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py on the same data."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )

    # --- Ends ---

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self, number: int = signal.SIGTERM, *, within: float = 10) -> int:
        """Ask the server to stop, and return its exit code; fails if it takes longer."""
        self.process.send_signal(number)
        return self.process.wait(within)

    def close(self) -> None:
        """Stop the server if it still runs; fails if its log holds a traceback."""
        try:
            if self.process.poll() is None:
                self.stop()
        finally:
            self.kill()  # whatever it left behind
        assert "Traceback (most recent call last)" not in self.said(), self.said()

    # --- What clients are told ---

    @property
    def url(self) -> str:
        """The address without credentials."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def upload_url(self) -> str:
        """Where uploads go."""
        return f"{self.url}/legacy/"

    @property
    def index_url(self) -> str:
        """The simple API's address with credentials in it."""
        return f"http://{quote(self.user)}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/simple/"

    # --- What is there ---

    def get(self, path: str, *, tries: int = 3, **headers: str) -> tuple[int, bytes]:
        """Return the status and body of a GET by the configured user; 0 when nobody answers."""
        request = urllib.request.Request(self.url + path, headers={"Authorization": self.basic(), **headers})
        for _ in range(tries):
            try:
                with DIRECT.open(request, timeout=30) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as error:
                return error.code, error.read()
            except OSError:
                time.sleep(0.05)
        return 0, b""

    def basic(self) -> str:
        """Return the Authorization header of the configured user."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def listed(self, project: str) -> dict[str, str]:
        """Return the project's file names with their hashes; empty when there is no such project."""
        return {entry["filename"]: entry["hashes"]["sha256"] for entry in self.files(project)}

    def files(self, project: str) -> list[dict]:
        """Return the files of the project's page."""
        status, body = self.get(f"/simple/{project}/", Accept=JSON)
        assert status in (200, 404), (status, body)
        return json.loads(body)["files"] if status == http.HTTPStatus.OK else []

    def projects(self) -> list[str]:
        """Return the names on the root page."""
        return [entry["name"] for entry in json.loads(self.get("/simple/", Accept=JSON)[1])["projects"]]

    def served_hash(self, entry: dict) -> str:
        """Return the digest of the bytes that a listed file's address serves."""
        status, body = self.get(self.path(entry["url"]))
        assert status == http.HTTPStatus.OK, (entry, status)
        return sha256(body)

    def path(self, url: str) -> str:
        """Return the path of a link on a project's page, which may be relative."""
        return urlsplit(urljoin(f"{self.url}/simple/project/", url)).path

    def said(self) -> str:
        """Return the log."""
        return self.log.read_text(errors="replace")

    @contextmanager
    def requests(self) -> Iterator[list[str]]:
        """Collect the request lines, with their statuses, that runserver logs meanwhile."""
        before, lines = len(self.said()), []
        yield lines
        time.sleep(0.2)  # a line is written after its answer was sent
        said = (line.partition('"')[2] for line in self.said()[before:].splitlines() if '"' in line)
        lines += [line for line in said if "/healthz" not in line]  # this waits for the start, and may be told late


DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
