"""Puts versions in order."""

from functools import lru_cache

from packaging.version import Version

from packages_app import names

OLDEST = Version("0.dev0")
Key = tuple[bool, Version, str]


@lru_cache(maxsize=8192)
def key(version: str) -> Key:
    """Return what orders versions; ``1.0`` and ``1.0.0`` are one, and what PEP 440 does not know goes first."""
    known = names.as_version(version)
    return (False, OLDEST, version) if known is None else (True, known, "")
