"""Secrets made on the first start in one folder and kept there, readable by their owner only."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in ``path``; on the first call make it, durably and with mode 0600.

    Several processes may start at once: whichever places the file first decides, and all read that one.

    Raises:
        ImproperlyConfigured: the file holds none.
    """
    try:
        return kept_or_made(path, make)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path.parent} cannot keep the index's secrets ({error.strerror}): let PYPI_DATA name a folder that this "
            "account can write."
        ) from error


def kept_or_made(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in ``path``, made if there is none."""
    with suppress(FileNotFoundError):
        return read(path)
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
    sync(path.parent)
    return read(path)


def read(path: Path) -> str:
    """Return the secret in the file.

    Raises:
        ImproperlyConfigured: it holds none.
    """
    secret = path.read_text(encoding="utf-8").strip()
    if not secret:
        raise ImproperlyConfigured(f"{path} is empty: put a secret into it, or remove it so that a new one is made.")
    return secret


def sync(folder: Path) -> None:
    """Bring a folder's entries to the disk, so that a secret that was shown is not another after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
