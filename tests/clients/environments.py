"""Real clients at pinned versions, each in an environment of its own under `.clients`, made on first use."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLIENTS = HERE.parents[1] / ".clients"


@cache
def interpreter(tool: str) -> Path:
    """Return the Python of the tool's environment; it is made if it is missing or its pins have changed."""
    pins = HERE / "requirements" / f"{tool}.txt"
    release = next(line for line in pins.read_text().splitlines() if line.startswith(f"{tool}=="))
    folder = CLIENTS / release.replace("==", "-")
    mark, state = folder / "complete", hashlib.sha256(pins.read_bytes()).hexdigest()
    installer = None if tool == "pip" else interpreter("pip")
    CLIENTS.mkdir(exist_ok=True)
    # Several workers of one test run start at once, and each wants the same clients.
    with (CLIENTS / f"{tool}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text() != state:
            shutil.rmtree(folder, ignore_errors=True)
            make(folder, release, pins, installer)
            mark.write_text(state)
    return folder / "bin" / "python"


def make(folder: Path, release: str, pins: Path, installer: Path | None) -> None:
    """Install the release and what it needs, at the pins, with this machine's own pip configuration."""
    bare = [] if installer is None else ["--without-pip"]
    run(sys.executable, "-m", "venv", *bare, str(folder))
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip"] if installer is None else [str(installer), "-m", "pip", "--python", python]
    run(*pip, "install", "--quiet", "--disable-pip-version-check", "--constraint", str(pins), release)


def run(*command: str) -> None:
    """Run a command, and show what it said if it fails."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")
