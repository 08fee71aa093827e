"""Somebody's machine: a home of its own with warm caches, and real clients that reach nothing but loopback."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.clients.environments import interpreter

NOWHERE = "http://127.0.0.1:9"
"""A proxy that refuses: a client that asks anything but loopback fails, whatever the machine's network allows."""


@dataclass(frozen=True)
class Machine:
    """One person's home folder; ``run`` and ``fails`` run clients in it."""

    home: Path

    def run(self, tool: str, *arguments: object, **variables: str) -> str:
        """Run a client that must succeed, and return all it says on one line."""
        code, said = self.outcome(tool, *arguments, **variables)
        assert code == 0, f"{tool} {arguments[0]} ended with {code}:\n{said}"
        return said

    def fails(self, tool: str, *arguments: object, **variables: str) -> str:
        """Run a client that must fail, and return all it says on one line."""
        code, said = self.outcome(tool, *arguments, **variables)
        assert code != 0, f"{tool} {arguments[0]} should have failed:\n{said}"
        return said

    def outcome(self, tool: str, *arguments: object, **variables: str) -> tuple[int, str]:
        """Run a client in the folder named by the variable PWD, and return its exit code and what it says."""
        environment = self.environment() | variables
        done = subprocess.run(
            [*command(tool), *map(str, arguments)],
            cwd=environment.pop("PWD", self.home),
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
        )
        return done.returncode, one_line(done.stdout.decode(errors="replace"))

    def environment(self) -> dict[str, str]:
        """Return variables that leave nothing of the real machine's configuration in force."""
        proxies = {f"{scheme}_proxy": NOWHERE for scheme in ("http", "https", "all")}
        proxies["no_proxy"] = "127.0.0.1,localhost"
        return {
            "PATH": os.defpath,
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "COLUMNS": "400",
            "XDG_CONFIG_DIRS": str(self.home / "no-system-configuration"),
            **proxies,
            **{name.upper(): value for name, value in proxies.items()},
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PYTHON": sys.executable,
            "POETRY_KEYRING_ENABLED": "false",
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
            "PDM_CHECK_UPDATE": "false",
        }

    def virtual_environment(self, name: str = "venv") -> Path:
        """Make an empty virtual environment, and return its Python."""
        folder = self.home / name
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        return folder / "bin" / "python"


def command(tool: str) -> list[str]:
    """Return the words that start a tool."""
    python = interpreter(tool)
    return [str(python), "-m", "pip"] if tool == "pip" else [str(python.with_name(tool))]


def one_line(said: str) -> str:
    """Return output without the colours, line breaks and progress marks that a client puts into a sentence."""
    return " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said).split())


def installed(python: Path, name: str) -> str | None:
    """Return the version of a demo project that this Python imports; None if it is not there."""
    question = f"import importlib.util as u; print(__import__({name!r}).VERSION if u.find_spec({name!r}) else '')"
    done = subprocess.run([python, "-c", question], check=True, capture_output=True, text=True, cwd="/")
    return done.stdout.strip() or None
