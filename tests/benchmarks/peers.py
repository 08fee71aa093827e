"""The peers as servers: pypiserver with gunicorn and its cache, devpi-server with its waitress."""

import base64
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from tests.benchmarks.environments import HOME, installed, run
from tests.benchmarks.load import Expected, Job
from tests.benchmarks.load import run as load
from tests.benchmarks.messages import fetch, upload
from tests.benchmarks.plan import BIG, MEGABYTE, Plan, fillings, noise
from tests.benchmarks.servers import PASSWORD, USER, NotStarted, Server

PROVISIONAL = ".new"


class PyPIServer(Server):
    """pypiserver with everything signed in; passwords in the format that its documentation shows, the cheapest."""

    name = "pypiserver"
    upload_path = "/"
    health = "/health"
    actions = "update,download,list"
    lists_at_once = False  # its cache hears of new files from the kernel, a moment later
    signed_in = "Basic on reads and uploads"

    def __init__(self, folder: Path, plan: Plan) -> None:
        super().__init__(folder, plan)
        self.programs = installed("pypiserver")
        self.runs_with = f"gunicorn, {plan.workers} processes of {plan.threads} threads, cached-dir; {self.signed_in}"

    def fill(self) -> None:
        """Write every file into the folder that it serves."""
        self.data.mkdir()
        for file in fillings(self.plan):
            (self.data / file.filename).write_bytes(file.data)
        digest = base64.b64encode(hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).digest()).decode()
        (self.folder / "htpasswd").write_text(f"{USER}:{{SHA}}{digest}\n")

    def command(self) -> list[str | Path]:
        """Return the command; no fallback, so that nothing is redirected elsewhere."""
        serving: list[str | Path] = ["-i", "127.0.0.1", "-p", str(self.port), "--server", "gunicorn"]
        access: list[str | Path] = ["-a", self.actions, "-P", self.folder / "htpasswd", "--disable-fallback"]
        backend: list[str | Path] = ["--backend", "cached-dir", self.data]
        return [self.programs / "pypi-server", "run", *serving, *access, *backend]

    def environment(self) -> dict[str, str]:
        """Return the variables that configure gunicorn as this index configures it."""
        serving = f"--workers {self.plan.workers} --worker-class gthread --threads {self.plan.threads} --keep-alive 65"
        return super().environment() | {"GUNICORN_CMD_ARGS": serving}


class OpenPyPIServer(PyPIServer):
    """pypiserver that anybody may read."""

    name = "pypiserver-open"
    actions = "update"
    reads_signed_in = False
    signed_in = "reads are open, Basic on uploads"


class Devpi(Server):
    """devpi-server; without a plugin it cannot demand that readers sign in."""

    name = "devpi"
    simple = f"/{USER}/main/+simple/"
    upload_path = f"/{USER}/main/"
    reads_signed_in = False
    runs_with = "waitress, 1 process of 50 threads (its defaults); reads are open, login token on uploads"

    def __init__(self, folder: Path, plan: Plan) -> None:
        super().__init__(folder, plan)
        self.programs = installed("devpi")
        self.kept = HOME / "fills" / f"devpi-{plan.small}-{plan.many}-{plan.projects}"

    def fill(self) -> None:
        """Copy the filled folder that an earlier run left, or upload every file once: it takes a minute or two."""
        if not self.kept.exists():
            self.fill_once()
        shutil.copytree(self.kept, self.data)

    def start(self, path: str | None = None) -> float:
        """Start the server, and sign in: a password costs devpi far more than a token."""
        seconds = super().start(path)
        self.sign_in()
        return seconds

    def fill_once(self) -> None:
        """Make the filled folder, and keep it."""
        new = self.kept.with_suffix(PROVISIONAL)
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        options = ("--serverdir", str(new), "--no-root-pypi", "--root-passwd", PASSWORD)
        run(str(self.programs / "devpi-init"), *options)
        self.data = new
        try:
            super().start("/+api")
            self.make_index()
            self.upload_all()
        finally:
            self.stop()
            self.data = self.folder / "data"
        new.rename(self.kept)

    def make_index(self) -> None:
        """Make the user and the index."""
        self.call("PUT", f"/{USER}", {"password": PASSWORD})
        self.sign_in()
        self.call("PUT", f"/{USER}/main", {"type": "stage", "bases": [], "volatile": True}, **self.basic())

    def sign_in(self) -> None:
        """Get a token, which lasts for hours."""
        self.password = self.call("POST", "/+login", {"user": USER, "password": PASSWORD})["result"]["password"]

    def upload_all(self) -> None:
        """Upload every file."""
        requests = tuple(
            upload(
                self.upload_path,
                self.basic(),
                file.project,
                file.number,
                port=self.port,
                content=noise(MEGABYTE) if file.project == BIG else b"",
            )
            for file in fillings(self.plan)
        )
        load(Job(port=self.port, requests=requests, expected=Expected(), connections=2, seconds=600, repeat=False))

    def call(self, method: str, path: str, content: object, **headers: str) -> dict[str, Any]:
        """Return what devpi's own API answers."""
        kinds = {"Content-Type": "application/json", "Accept": "application/json"}
        reply = fetch(self.port, method, path, kinds | headers, json.dumps(content).encode())
        if reply.status not in (200, 201):
            raise NotStarted(f"devpi answered {reply.status} to {method} {path}: {reply.body[:300]!r}")
        answer: dict[str, Any] = json.loads(reply.body)
        return answer

    def command(self) -> list[str | Path]:
        """Return the command; the body limit is its own, a gigabyte."""
        place: list[str | Path] = ["--serverdir", self.data]
        return [self.programs / "devpi-server", *place, "--host", "127.0.0.1", "--port", str(self.port)]
