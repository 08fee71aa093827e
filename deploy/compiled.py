"""Adds compiled code to the package that Zappa made: Lambda cannot write any, and would compile at every cold start."""

import compileall
import py_compile
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from deploy import left_out


def add(cli: Any) -> None:
    """Complete the package and compile every module of it; Zappa calls this before it uploads."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if cli.runtime != version:
        raise SystemExit(f"Deploy with {cli.runtime}, which zappa_settings.json names, not {version}.")
    with zipfile.ZipFile(cli.zip_path, "a") as package:
        left_out.add(package)
    compile_into(Path(cli.zip_path))


def compile_into(package: Path) -> int:
    """Add a ``.pyc`` for each ``.py`` of a zip, and return how many were added.

    They are not checked against their sources' times (PEP 552), as a zip does not keep those.
    """
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.extractall(folder)
        compileall.compile_dir(
            folder,
            quiet=2,  # templates of modules are among Django's files, and do not compile
            stripdir=folder,
            prependdir="/var/task",  # where Lambda unpacks it, for tracebacks
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
        made = sorted(Path(folder).rglob("*.pyc"))
        for path in made:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
            entry.external_attr = 0o644 << 16  # Lambda runs the code as another user than the one who unpacks it
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return len(made)
