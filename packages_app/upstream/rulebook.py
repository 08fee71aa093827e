"""Reads the rules for upstream files that an operator wrote: a JSON array, in a setting or in a file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from packages_app.conf import options
from packages_app.upstream.errors import BadPattern
from packages_app.upstream.requirements import Selection, selection

SETTING = "PYPI_UPSTREAM_POLICY"
MOST_DAYS = 700_000
"""Of a cooldown; many more would lead to before the first year there is."""


@dataclass(frozen=True, kw_only=True)
class PolicyRule:
    """One rule; a file is shown if every rule about its project lets it pass."""

    projects: tuple[Selection, ...]
    """Whom the rule is about."""
    cooldown_days: float = 0
    """Files younger than this are hidden."""
    exempt: tuple[Selection, ...] = ()
    """Whom the cooldown does not bind."""
    allow: tuple[Selection, ...] | None = None
    """What alone is shown; None for all."""
    deny: tuple[Selection, ...] = ()
    wheels_only: bool = False
    hide_yanked: bool = False

    def concerns(self, project: str) -> bool:
        """Return whether the rule is about a project."""
        return any(each.means(project, "") for each in self.projects)


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """Every rule, and a text that changes with them."""

    rules: tuple[PolicyRule, ...]
    fingerprint: str

    def about(self, project: str) -> tuple[PolicyRule, ...]:
        """Return the rules about a project."""
        return tuple(rule for rule in self.rules if rule.concerns(project))


def rulebook() -> Rulebook:
    """Return the rules in force; a file is read again when it changed.

    Raises:
        ImproperlyConfigured: they cannot be read.
    """
    text = options().upstream.policy.strip()
    if not text or text.startswith("["):
        return parsed(text or "[]")
    try:
        return parsed(Path(text).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{SETTING} names a file that cannot be read: {error}.") from error


@lru_cache(maxsize=4)
def parsed(text: str) -> Rulebook:
    """Return the rules that a JSON array holds.

    Raises:
        ImproperlyConfigured: it is none, or has an entry that is no rule.
    """
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{SETTING} must be a JSON array of rules, or name a file with one: {error}."
        ) from error
    if not isinstance(raw, list):
        raise ImproperlyConfigured(f"{SETTING} must be a JSON array of rules.")
    rules = tuple(rule_of(each) for each in raw)
    return Rulebook(rules=rules, fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16])


KEYS = {
    "projects": list,
    "cooldown_days": (int, float),
    "exempt": list,
    "allow": list,
    "deny": list,
    "wheels_only": bool,
    "hide_yanked": bool,
}


def rule_of(raw: object) -> PolicyRule:
    """Return one rule.

    Raises:
        ImproperlyConfigured: a key is not known, or its value is none for it.
    """
    if not isinstance(raw, Mapping):
        raise ImproperlyConfigured(f"{SETTING}: each rule is a JSON object.")
    for key, value in raw.items():
        if key not in KEYS or not isinstance(value, KEYS[key]) or (isinstance(value, bool) and KEYS[key] is not bool):  # type: ignore[arg-type] # types, or pairs of them
            raise ImproperlyConfigured(f"{SETTING}: a rule has {key!r}: {value!r}; its keys are {', '.join(KEYS)}.")
    days = raw.get("cooldown_days", 0)
    if not 0 <= days <= MOST_DAYS:
        raise ImproperlyConfigured(f"{SETTING}: a rule's cooldown_days are {days}; write 0 to {MOST_DAYS}.")
    try:
        return PolicyRule(
            projects=lines(raw, "projects") if "projects" in raw else (selection("*"),),
            cooldown_days=float(days),
            exempt=lines(raw, "exempt"),
            allow=lines(raw, "allow") if "allow" in raw else None,
            deny=lines(raw, "deny"),
            wheels_only=raw.get("wheels_only", False),
            hide_yanked=raw.get("hide_yanked", False),
        )
    except BadPattern as error:
        raise ImproperlyConfigured(f"{SETTING}: {error}") from error


def lines(raw: Mapping[str, Any], key: str) -> tuple[Selection, ...]:
    """Return the lines of one key."""
    return tuple(selection(str(line)) for line in raw.get(key, []))
