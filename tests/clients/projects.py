"""A small project on disk, with its distributions already built: what a person publishes."""

import shutil
from pathlib import Path

from tests.factories import make_sdist, make_wheel, sha256

PYPROJECT = """\
[project]
name = "{name}"
version = "{version}"
description = "A demo."
requires-python = ">=3.8"

[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"
"""


def make_project(folder: Path, name: str, version: str = "1.0", *, content: bytes = b"") -> Path:
    """Write a project with one wheel and one sdist in ``dist``; another ``content`` makes other bytes of both."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "dist").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PYPROJECT.format(name=name, version=version))
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(f'"""A demo."""\nVERSION = "{version}"\nCONTENT = {content!r}\n')
    for filename, data in (make_wheel(name, version, content=content), make_sdist(name, version, content=content)):
        (folder / "dist" / filename).write_bytes(data)
    return folder


def distributions(project: Path) -> list[Path]:
    """Return the built files."""
    return sorted((project / "dist").glob("*[lz]"))


def hashes(project: Path) -> dict[str, str]:
    """Return the built files' names and digests, as a page lists them."""
    return {path.name: sha256(path.read_bytes()) for path in distributions(project)}
