"""Installs the peers, each in an environment of its own under the ignored folder ``.benchmarks``."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".benchmarks"
# passlib reads pypiserver's passwords, its cache extra is what makes it fast; gunicorn, as this index uses it, is the
# fastest of the servers that it knows.
PEERS = {
    "pypiserver": ("pypiserver[passlib,cache]==2.4.2", "gunicorn==27.0.1"),
    "devpi": ("devpi-server==6.20.3",),
    "proxpi": ("proxpi==1.3.1", "gunicorn==27.0.1"),
}


def installed(name: str) -> Path:
    """Return the folder of a peer's programs; the first call installs it."""
    home = HOME / name
    mark = home / "installed"
    wanted = "\n".join(PEERS[name])
    if not mark.exists() or mark.read_text() != wanted:
        print(f"installing {', '.join(PEERS[name])} in {home.relative_to(ROOT)}", file=sys.stderr, flush=True)
        run(sys.executable, "-m", "venv", "--clear", str(home))
        run(str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", *PEERS[name])
        mark.write_text(wanted)
    return home / "bin"


def run(*command: str, timeout: float = 300) -> str:
    """Run a command to its end, and return what it said; its failure is the benchmark's."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=timeout)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
