"""Which files of the upstream are shown, and why the others are not."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from packages_app.upstream.advisories import about
from packages_app.upstream.entries import Hidden, UpstreamFile, UpstreamPage, Why
from packages_app.upstream.osv import Advisory
from packages_app.upstream.rulebook import PolicyRule, rulebook

HOUR = timedelta(hours=1)

SENTENCES = {
    Why.UNSAFE_NAME: "its name is not safe as part of an address",
    Why.OTHER_PROJECT: "its name says that it belongs to another project",
    Why.BAD_URL: "the upstream gives an address for it that a client must not follow",
    Why.CONTRADICTION: "the upstream lists it twice, with different digests",
    Why.BAD_HASH: "the upstream lists it with a digest that is none",
    Why.COOLDOWN: "it was uploaded less than {} days ago",
    Why.NO_UPLOAD_TIME: "the upstream does not say when it was uploaded, and files younger than {} days are hidden",
    Why.NOT_ALLOWED: "this index's policy does not allow it",
    Why.DENIED: "this index's policy denies it",
    Why.NOT_A_WHEEL: "this index's policy shows wheels only",
    Why.YANKED: "it is yanked: {}",
    Why.QUARANTINED: "the upstream put the project into quarantine",
    Why.MALWARE: "it is known malware: {}",
    Why.VULNERABLE: "an advisory of a chosen severity is about it: {}",
}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A page, divided."""

    files: tuple[UpstreamFile, ...]
    hidden: tuple[Hidden, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many files are hidden for which reason."""
        return dict(Counter(each.why.value for each in self.hidden))


def sentence(hidden: Hidden) -> str:
    """Return why a file is hidden, as a sentence for people."""
    return f"{hidden.filename} is hidden: {SENTENCES[hidden.why].format(hidden.detail or 'no reason given')}."


def judged(page: UpstreamPage, at: datetime) -> Judged:
    """Return which files of a page are shown at a moment, and which are not.

    Raises:
        SourceFailed: a feed of advisories is configured, and was never read.
        ImproperlyConfigured: the policy cannot be read.
    """
    rules = rules_about(page.name)
    advisories = about(page.name)
    shown: list[UpstreamFile] = []
    hidden = list(page.hidden)
    for file in page.files:
        found = verdict(page.name, page.status, file, rules=rules, advisories=advisories, at=at)
        if found is None:
            shown.append(file)
        else:
            hidden.append(found)
    return Judged(files=tuple(shown), hidden=tuple(hidden))


def rules_about(project: str) -> tuple[PolicyRule, ...]:
    """Return the rules about a project."""
    return rulebook().about(project)


def verdict(
    project: str,
    status: str,
    file: UpstreamFile,
    *,
    rules: Iterable[PolicyRule],
    advisories: Iterable[Advisory],
    at: datetime,
) -> Hidden | None:
    """Return why a file is hidden; None if it is shown. What is dangerous is said before what is only unwanted."""

    def because(why: Why, detail: str = "") -> Hidden:
        return Hidden(filename=file.filename, version=file.version, why=why, detail=detail)

    for advisory in advisories:
        if advisory.affects(file.version):
            return because(Why.MALWARE if advisory.malware else Why.VULNERABLE, advisory.id)
    if status == "quarantined":  # PEP 792: its files must not be offered
        return because(Why.QUARANTINED)
    for rule in rules:
        if (found := ruled(rule, project, file, at)) is not None:
            return because(*found)
    return None


def ruled(rule: PolicyRule, project: str, file: UpstreamFile, at: datetime) -> tuple[Why, str] | None:
    """Return why one rule hides a file, with the detail; None if it lets the file pass."""
    if any(each.means(project, file.version) for each in rule.deny):
        return Why.DENIED, ""
    if rule.allow is not None and not any(each.means(project, file.version) for each in rule.allow):
        return Why.NOT_ALLOWED, ""
    if rule.wheels_only and file.filetype != "bdist_wheel":
        return Why.NOT_A_WHEEL, ""
    if rule.hide_yanked and file.yanked:
        return Why.YANKED, file.yanked_reason
    return unripe(rule, project, file, at)


def unripe(rule: PolicyRule, project: str, file: UpstreamFile, at: datetime) -> tuple[Why, str] | None:
    """Return why the cooldown of a rule hides a file, with the days; None if it does not."""
    if not rule.cooldown_days or any(each.means(project, file.version) for each in rule.exempt):
        return None
    days = f"{rule.cooldown_days:g}"
    if not file.upload_time:
        return Why.NO_UPLOAD_TIME, days
    return (Why.COOLDOWN, days) if datetime.fromisoformat(file.upload_time) > ripe(rule, at) else None


def ripe(rule: PolicyRule, at: datetime) -> datetime:
    """Return the youngest upload time that a cooldown lets pass; it moves by the hour, so that pages can be kept."""
    return floored(at) - timedelta(days=rule.cooldown_days)


def current() -> datetime:
    """Return the moment by which pages are judged."""
    return datetime.now(UTC)


def floored(at: datetime) -> datetime:
    """Return the beginning of the hour."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def fingerprint(project: str, at: datetime) -> str:
    """Return a text that changes whenever a page of the project could show other files, by no look at the page.

    Raises:
        SourceFailed: a feed of advisories is configured, and was never read.
        ImproperlyConfigured: the policy cannot be read.
    """
    book = rulebook()
    rules = book.about(project)
    hour = floored(at).isoformat() if any(rule.cooldown_days for rule in rules) else ""
    said = (book.fingerprint if rules else "", hour, [advisory.id_and_digest for advisory in about(project)])
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
