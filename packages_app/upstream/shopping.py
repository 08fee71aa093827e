"""Reads what somebody wants to have ahead of time: names, requirements files, lock files."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.pylock import Pylock, PylockValidationError
from packaging.requirements import InvalidRequirement, Requirement

from packages_app import names
from packages_app.upstream.errors import BadPattern

HASH = re.compile(r"--hash[= ]sha256:([0-9a-fA-F]{64})")
CONTINUED = re.compile(r"\\\r?\n")
COMMENT = re.compile(r"(^|\s)#.*$")
INCLUDE = re.compile(r"(?:-r\s*|--requirement[= ]\s*)(.+)\Z")
MOST_INCLUDES = 20


@dataclass(frozen=True)
class Item:
    """Something that is wanted."""

    requirement: Requirement
    hashes: frozenset[str] = frozenset()
    """Where it is locked: the sha256 of the files that are meant, and only they are."""

    @property
    def project(self) -> str:
        """The normalised name."""
        return names.normalize(self.requirement.name)


def item(line: str) -> Item:
    """Return what one line of a requirements file, or one word of a command, wants.

    Raises:
        BadPattern: it is no requirement.
    """
    hashes = frozenset(digest.lower() for digest in HASH.findall(line))
    text = HASH.sub("", line).strip()
    try:
        return Item(Requirement(text), hashes)
    except InvalidRequirement as error:
        raise BadPattern(f"{text[:80]!a} is no requirement: write demo, demo>=2 or demo[extra]==1.0.") from error


def requirements(path: Path, depth: int = 0) -> Iterator[Item]:
    """Yield what a requirements file wants; options other than hashes and further files are passed over.

    Raises:
        BadPattern: a line is no requirement, or the files include each other.
        OSError: a file cannot be read.
    """
    if depth > MOST_INCLUDES:
        raise BadPattern(f"{path.name} includes itself.")
    for raw in CONTINUED.sub(" ", path.read_text(encoding="utf-8-sig")).splitlines():
        line = COMMENT.sub("", raw).strip()
        included = INCLUDE.match(line)
        if included is not None:
            yield from requirements(path.parent / included[1].strip(), depth + 1)
        elif line and not line.startswith("-"):
            yield item(line)


def lock(path: Path) -> Iterator[Item]:
    """Yield what a lock file (PEP 751, ``pylock.toml``) names, exactly.

    Raises:
        BadPattern: it is none.
        OSError: it cannot be read.
    """
    try:
        found = Pylock.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, PylockValidationError) as error:
        raise BadPattern(f"{path.name} is no lock file of PEP 751: {error}.") from error
    for package in found.packages:
        files = [*(package.wheels or ()), *([package.sdist] if package.sdist else ())]
        hashes = frozenset(digest for file in files if (digest := file.hashes.get("sha256")))
        if files:
            version = f"=={package.version}" if package.version else ""
            yield Item(Requirement(f"{package.name}{version}"), hashes)


def items(path: Path) -> Iterator[Item]:
    """Yield what a file wants, by its kind.

    Raises:
        BadPattern: it cannot be understood.
        OSError: it cannot be read.
    """
    return lock(path) if path.name.startswith("pylock") and path.suffix == ".toml" else requirements(path)
