"""Why an installer finds what it finds: whose a name is, how current its page is, and why files are hidden."""

from dataclasses import dataclass
from datetime import datetime

from packages_app.catalogue import read as catalogue
from packages_app.catalogue.read import moment
from packages_app.upstream import kept, ownership, pages, policy, rules
from packages_app.upstream.entries import Hidden, Owner, Rule, UpstreamPage
from packages_app.upstream.keeping import Shown, lasting


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What is known of a name's upstream, without a question to anybody."""

    project: str
    owner: Owner
    rule: Rule | None
    """What decided about the owner; None where only whether the name is published here did."""
    published: bool
    deleted: bool
    """Whether this index had a project of the name that was deleted."""
    seen: bool
    """Whether the upstream ever had the project."""
    absent: bool
    """Whether it said last that there is no such project."""
    checked_at: datetime | None
    """When it confirmed last what is kept."""
    fault: str
    """What went wrong with it since; empty if nothing did."""
    status: str = "active"
    """The project's status marker there (PEP 792)."""
    status_reason: str = ""
    shown: int = 0
    """Files of the kept page that are shown."""
    hidden: tuple[Hidden, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many files are hidden for which reason."""
        return policy.Judged(files=(), hidden=self.hidden).counts

    @property
    def sentences(self) -> tuple[str, ...]:
        """Why each hidden file is."""
        return tuple(policy.sentence(each) for each in self.hidden)


def explain(project: str) -> Explanation:
    """Return what is known of a normalised name; the upstream is not asked.

    Raises:
        SourceFailed: a feed of advisories is configured, and was never read.
        StoreUnavailable: the kept page cannot be read.
    """
    published = catalogue.project(project) is not None
    owner = ownership.owner(project, published=published)
    known = kept.read(project)
    page, judged = UpstreamPage(name=project), None
    if owner is not Owner.LOCAL and lasting(known):
        page = pages.contents(Shown(kept=known, stale=False))
        judged = policy.judged(page, policy.current())
    return Explanation(
        project=project,
        owner=owner,
        rule=ownership.ruling_over(project, rules.known()),
        published=published,
        deleted=catalogue.was_deleted(project),
        seen=known.seen,
        absent=known.absent,
        checked_at=moment(known.checked_at) if known.checked_at else None,
        fault=known.fault,
        status=page.status,
        status_reason=page.status_reason,
        shown=len(judged.files) if judged else 0,
        hidden=judged.hidden if judged else (),
    )
