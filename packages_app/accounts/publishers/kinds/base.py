"""What all kinds of CI services have in common."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from packages_app.accounts.publishers.errors import BadPublisher

Claims = Mapping[str, Any]
LONGEST = 255
"""Characters of a field."""
REF = re.compile(r"refs/\S+|[0-9a-f]{40}|[0-9a-f]{64}")
CASE = str.maketrans(ascii_uppercase, ascii_lowercase)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to say of a pipeline."""

    name: str
    about: str
    """What it is, with an example."""
    needed: bool = True


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One CI service's way to say which pipeline a token speaks for."""

    name: str
    title: str
    fields: tuple[Field, ...]
    """The first one is what publishers are looked up by."""
    lasting: tuple[str, ...] = ()
    """Claims that hold ids which never pass to another, even where a name does."""
    check: Callable[[Mapping[str, str]], dict[str, str]]
    """Returns fields as they are kept; raises `BadPublisher`."""
    place: Callable[[Claims], str]
    """Returns the first field, as claims say it; empty where they do not."""
    names: Callable[[Mapping[str, str], Claims], bool]
    """Says whether claims that have the first field speak for the pipeline with these fields."""
    run: Callable[[Claims], str]
    """Returns what claims say of this very run, for the audit trail."""

    def normalized(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return fields that somebody typed as they are kept; what is empty is left out.

        Raises:
            BadPublisher: one is unknown, missing, or cannot be like this.
        """
        filled = {name: value.strip() for name, value in given.items() if value.strip()}
        known = {field.name for field in self.fields}
        for name, value in filled.items():
            if name not in known:
                raise BadPublisher(f"{self.title} has no field {name[:80]!a}; it takes {', '.join(sorted(known))}.")
            if len(value) > LONGEST or not value.isprintable():
                raise BadPublisher(f"The field {name} has at most {LONGEST} printable characters.")
        for field in self.fields:
            if field.needed and field.name not in filled:
                raise BadPublisher(f"{self.title} needs the field {field.name}: {field.about}.")
        return self.check(filled)


def text(claims: Claims, name: str) -> str:
    """Return a claim as a text; empty where it is none."""
    found = claims.get(name)
    return found if isinstance(found, str) else ""


def caseless(name: str) -> str:
    """Return a name without the case of ASCII's letters; others turn into those, as the Kelvin sign into k."""
    return name.translate(CASE)


def without_ref(written: str) -> str:
    """Return a file without the branch, tag or commit behind its @; empty where there is none.

    A file's own name may hold an @ too, so what is behind the first one must be the whole reference.
    """
    file, _, ref = written.partition("@")
    return file if REF.fullmatch(ref) else ""


ENVIRONMENT = Field(
    name="environment",
    about="the environment that the job must run in, such as release; left out, any or none",
    needed=False,
)
