"""The servers that are measured: this index and its peers, each a real process with a data folder of its own."""

import base64
import os
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.messages import Reply, fetch
from tests.benchmarks.plan import SMALL, Plan

USER, PASSWORD = "ana", "right-horse"
PATIENCE = 60.0


class NotStarted(Exception):
    """A server that did not come up."""


class Server(ABC):
    """One server: how it is filled, started, asked, and what it runs with."""

    name: str
    runs_with: str
    simple = "/simple/"
    upload_path = "/legacy/"
    health = ""
    """The address of a health check, where there is one: what a server's answers cost at least."""
    password = PASSWORD
    reads_signed_in = True
    lists_at_once = True
    """Whether a page lists what was acknowledged before it was asked for."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder / self.name
        self.folder.mkdir()
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.plan = plan
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @abstractmethod
    def fill(self) -> None:
        """Put every file of the plan in place, before the first start."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """Return the command that serves on ``self.port``."""

    def environment(self) -> dict[str, str]:
        """Return the variables that the command runs with."""
        return processes.clean_environment()

    def cwd(self) -> Path:
        """Return the folder that the command runs in."""
        return self.folder

    # --- Start and end ---

    def start(self, path: str | None = None) -> float:
        """Start the server, and return the seconds until its first page, or what ``path`` names, answers."""
        self.port = processes.free_port()
        began = time.perf_counter()
        self.process = processes.spawn(self.command(), log=self.log, cwd=self.cwd(), environment=self.environment())
        while not self.answers(path or self.page(SMALL)):
            if self.process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise NotStarted(f"{self.name} did not start:\n{self.said()}")
            time.sleep(0.005)
        return time.perf_counter() - began

    def answers(self, path: str) -> bool:
        """Return whether the server answers an address with success."""
        try:
            return fetch(self.port, "GET", path, self.read_headers()).status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """End the server and its children."""
        if self.process is not None:
            processes.end(self.process)
            self.process = None

    @property
    def pid(self) -> int:
        """The first process of the running server."""
        if self.process is None:
            raise NotStarted(f"{self.name} does not run")
        return self.process.pid

    # --- Addresses and headers ---

    def page(self, project: str) -> str:
        """Return the address of a project's page."""
        return f"{self.simple}{project}/"

    def basic(self) -> dict[str, str]:
        """Return the header that signs in."""
        pair = f"{USER}:{self.password}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def read_headers(self) -> dict[str, str]:
        """Return the headers of a read."""
        return self.basic() if self.reads_signed_in else {}

    def get(self, path: str, **headers: str) -> Reply:
        """Return the answer to a signed-in GET."""
        return fetch(self.port, "GET", path, self.read_headers() | headers)

    def said(self) -> str:
        """Return the end of the log."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


def cores() -> int:
    """Return the processors that this process may use."""
    return len(os.sched_getaffinity(0))
