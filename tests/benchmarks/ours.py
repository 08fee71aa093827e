"""This index as a server: ``manage.py serve`` on a data folder that a process of its own filled."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks import processes
from tests.benchmarks.environments import ROOT
from tests.benchmarks.plan import Plan
from tests.benchmarks.servers import PASSWORD, USER, Server

MEMORY_DISK = Path("/dev/shm")


class Ours(Server):
    """Elastic PyPI, with Basic authentication on everything."""

    health = "/healthz"

    def __init__(self, folder: Path, plan: Plan, name: str = "ours") -> None:
        self.name = name
        super().__init__(folder, plan)
        self.runs_with = f"gunicorn, {plan.workers} processes of {plan.threads} threads; Basic on reads and uploads"

    def fill(self) -> None:
        """Publish every file."""
        fill(self.data, "files", many=self.plan.many, projects=self.plan.projects, small=self.plan.small)

    def fill_listing(self, projects: int) -> None:
        """List so many projects, without files."""
        fill(self.data, "listing", projects=projects)

    def command(self) -> list[str | Path]:
        """Return the production server's command."""
        serving = ["--workers", str(self.plan.workers), "--threads", str(self.plan.threads)]
        return [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{self.port}", *serving]

    def environment(self) -> dict[str, str]:
        """Return the variables that configure the index."""
        return environment(self.data)

    def cwd(self) -> Path:
        """Return the repository."""
        return ROOT


def environment(data: Path) -> dict[str, str]:
    """Return the variables of an index in ``data``, for the server and for measurements in a process of their own."""
    chosen = {"PYPI_DATA": str(data), "PYPI_USERNAME": USER, "PYPI_PASSWORD": PASSWORD}
    return processes.clean_environment() | chosen | {"DJANGO_SETTINGS_MODULE": "pypi_site.settings"}


def fill(data: Path, kind: str, **sizes: int) -> None:
    """Fill a new data folder; in memory where that is possible, as ten thousand fsyncs tell nothing here."""
    with tempfile.TemporaryDirectory(dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None) as folder:
        inside(Path(folder) / "data", "fill", kind=kind, **sizes)
        shutil.copytree(Path(folder) / "data", data)


def inside(data: Path, what: str, **options: object) -> Any:
    """Run one of the modules that work within Django in a new process, and return what it found."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.inside_{what}", json.dumps(options)],
        cwd=ROOT,
        env=environment(data) | {"PYPI_LOG_LEVEL": "ERROR"},
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    if done.returncode:
        raise SystemExit(f"inside_{what} failed:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.rpartition("\n\0")[2] or "null")
