"""Zappa, and a local AWS, each in an environment of its own under `.aws`, made on first use."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
KEPT = ROOT / ".aws"
PINS = {
    "local": (HERE / "requirements.txt",),
    "deploy": (ROOT / "requirements-deploy.txt", ROOT / "requirements.txt"),
}


def environment(name: str) -> Path:
    """Return the folder of the environment; it is made if it is missing or its pins have changed."""
    folder = KEPT / name
    mark, state = folder / "complete", hashlib.sha256(b"".join(each.read_bytes() for each in PINS[name])).hexdigest()
    KEPT.mkdir(exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text() != state:
            shutil.rmtree(folder, ignore_errors=True)
            run(sys.executable, "-m", "venv", str(folder))
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            run(*pip, "--requirement", str(PINS[name][0]))
            mark.write_text(state)
    return folder


def run(*command: str) -> None:
    """Run a command, and show what it said if it fails."""
    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")
