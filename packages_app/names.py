"""Reads project names, versions and distribution file names the way installers read them."""

import hashlib
import math
import re
from dataclasses import dataclass
from typing import Literal

from packaging.utils import InvalidWheelFilename, canonicalize_name, canonicalize_version, parse_wheel_filename
from packaging.version import Version

from packages_app.errors import PackagesError

LONGEST_FILENAME = 240
"""Bytes; leaves room for ``.metadata`` within the 255 that file systems allow."""
LONGEST_NAME = 200
MOST_TAGS = 1_000
"""A compressed tag set is a product: a short name could stand for many thousands of tags."""

WHEEL = ".whl"
SDIST = ".tar.gz"
ACCEPTED = "this index takes wheels (.whl) and source distributions (.tar.gz)"

# PEP 508's rule for names; ASCII, as `\Z` and not `$`, which would let a line end through.
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
# What names, versions ("!" of an epoch, "+" of a local version) and tags are made of; no leading dot.
FILENAME = re.compile(r"[A-Za-z0-9_+!-][A-Za-z0-9._+!-]*\Z")

Filetype = Literal["bdist_wheel", "sdist"]


class BadName(PackagesError):
    """A project name that breaks the rule of PEP 508."""

    code = "bad-name"


class BadFilename(PackagesError):
    """A file name that no wheel or source distribution can have."""

    code = "bad-filename"


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What a file name says."""

    filename: str
    project: str
    """Normalised name (PEP 503)."""
    version: Version
    filetype: Filetype
    python_version: str
    """A wheel's python tags as written, such as ``py3`` or ``cp311.cp312``; ``source`` for an sdist."""
    build: str = ""
    """A wheel's build tag as written."""
    tags: tuple[str, ...] = ()
    """Every tag a wheel's compressed tag set stands for, sorted."""

    @property
    def identity(self) -> str:
        """What an installer would take for the same distribution of a project, however its file name spells it."""
        kind = "sdist" if self.filetype == "sdist" else f"{self.build}-{'.'.join(self.tags)}"
        return hashlib.sha256(f"{canonicalize_version(self.version)} {kind}".encode()).hexdigest()[:32]


def normalize(name: str) -> str:
    """Return the name as PEP 503 compares names."""
    return canonicalize_name(name)


def is_valid_name(name: str) -> bool:
    """Return whether this can be a project's name (PEP 508), of a length that this index keeps."""
    return len(name) <= LONGEST_NAME and NAME.match(name) is not None


def project_name(name: str) -> str:
    """Return the normalised form of a name that somebody typed.

    Raises:
        BadName: it is no project name.
    """
    if not is_valid_name(name):
        raise BadName(
            f"{name[:80]!a} is not a project name: use at most {LONGEST_NAME} letters, digits, '.', '_' and '-', "
            "with a letter or digit at both ends."
        )
    return normalize(name)


def same_version(one: str, other: str) -> bool:
    """Return whether two versions are equal (PEP 440); what is no version equals nothing."""
    try:
        return Version(one) == Version(other)
    except ValueError:  # InvalidVersion, and numbers with more digits than Python converts
        return False


def parse(filename: str) -> Distribution:
    """Return the most likely reading of a distribution's file name.

    Raises:
        BadFilename: no wheel or sdist that installers accept has this name.
    """
    return readings(filename)[0]


def readings(filename: str) -> tuple[Distribution, ...]:
    """Return every way to read a file name, the most likely first; only old sdist names have more than one.

    Raises:
        BadFilename: there is none.
    """
    check_characters(filename)
    if filename.endswith(WHEEL):
        return (wheel(filename),)
    if filename.endswith(SDIST):
        return sdists(filename)
    # PEP 527 and 715: eggs, installers and the rest are no longer taken; PEP 625: an sdist is a .tar.gz.
    raise BadFilename(f"{filename} is neither a wheel nor a source distribution: {ACCEPTED}.")


def reading_for(filename: str, project: str, version: str) -> Distribution:
    """Return the reading that agrees with the metadata's normalised project name and version.

    Raises:
        BadFilename: none does.
    """
    found = readings(filename)
    for reading in found:
        if reading.project == project and same_version(str(reading.version), version):
            return reading
    said = " or ".join(f"{reading.project} {reading.version}" for reading in found)
    raise BadFilename(
        f"The file name {filename} says {said}, the metadata inside says {project[:80]!a} {version[:80]!a}: "
        "build the distribution again instead of renaming it."
    )


def check_characters(filename: str) -> None:
    """Return if the name is safe as one part of a path or URL on every system.

    Raises:
        BadFilename: it is not.
    """
    if len(filename) > LONGEST_FILENAME:
        raise BadFilename(
            f"The file name {filename[:40]!a}... is longer than {LONGEST_FILENAME} characters; shorten it."
        )
    if not FILENAME.match(filename):
        raise BadFilename(
            f"{filename!a} is no file name of a distribution: "
            "use ASCII letters, digits, '.', '_', '-', '+' and '!', without folders and without a dot in front."
        )


def wheel(filename: str) -> Distribution:
    """Return the one reading of a wheel's name (PEP 427); build tags and any platform tag are welcome.

    Raises:
        BadFilename: a part is missing or not valid.
    """
    parts = filename.removesuffix(WHEEL).split("-")
    tag = parts[-3:]
    if math.prod(part.count(".") + 1 for part in tag) > MOST_TAGS:
        raise BadFilename(f"{filename} stands for more than {MOST_TAGS} combinations of tags.")
    try:
        project, version, build, tags = parse_wheel_filename(filename)
    except InvalidWheelFilename as error:
        raise BadFilename(
            f"{filename} is not a wheel's name, which is name-version-python-abi-platform.whl: {error}."
        ) from error
    if not is_valid_name(project):
        raise BadFilename(f"{filename} does not start with a project name.")
    return Distribution(
        filename=filename,
        project=project,
        version=version,
        filetype="bdist_wheel",
        python_version=tag[0],
        build=parts[2] if build else "",
        tags=tuple(sorted(map(str, tags))),
    )


def sdists(filename: str) -> tuple[Distribution, ...]:
    """Return the readings of a source distribution's name, split at its last hyphen first.

    PEP 625 leaves one hyphen. Before it, ``foo-bar-1.0`` and ``foo-1.0-1`` (a post release) were as good, so that the
    name alone does not tell where the version starts.

    Raises:
        BadFilename: nothing behind a hyphen is a version.
    """
    stem = filename.removesuffix(SDIST)
    hyphens = [place for place, character in enumerate(stem) if character == "-"]
    found = [
        Distribution(
            filename=filename, project=normalize(name), version=version, filetype="sdist", python_version="source"
        )
        for place in reversed(hyphens)
        if is_valid_name(name := stem[:place]) and (version := as_version(stem[place + 1 :])) is not None
    ]
    if not found:
        raise BadFilename(
            f"{filename} is not a source distribution's name, which is name-version.tar.gz with a version as PEP 440 "
            "writes them."
        )
    return tuple(found)


def as_version(text: str) -> Version | None:
    """Return the version, or None where the text is none."""
    try:
        return Version(text)
    except ValueError:  # InvalidVersion, and numbers with more digits than Python converts
        return None
