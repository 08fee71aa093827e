"""Secrets made on the first start in one folder and kept there, readable by their owner only."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def kept(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in ``path``; on the first call make it, durably and with mode 0600.

    Several processes may start at once: whichever places the file first decides, and all read that one.
    """
    with suppress(FileNotFoundError):
        return path.read_text(encoding="utf-8").strip()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, never replaces what another process placed
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()
