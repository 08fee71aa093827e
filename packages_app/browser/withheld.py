"""What a project's page says of the index behind this one: whose files installers get, which are hidden, and why."""

from dataclasses import dataclass
from itertools import islice

from packages_app.conf import options
from packages_app.upstream.entries import Owner

MOST = 200
"""Hidden files that a page tells one by one; the API tells all."""


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """What there is to say of the files of another index."""

    owner: str
    """``local``, ``upstream`` or ``merge``."""
    reason: str
    """Why somebody decided so; empty where nobody did."""
    count: int
    sentences: tuple[str, ...]
    """One for each hidden file, the first ``MOST``."""

    @property
    def more(self) -> int:
        """How many hidden files are not told one by one."""
        return self.count - len(self.sentences)


def withheld(project: str) -> Withheld | None:
    """Return what a project's page says of the index behind this one; None where there is nothing to say."""
    if not options().upstream.urls:
        return None
    from packages_app.upstream.explain import explain  # noqa: PLC0415 - an index without another behind it needs none

    found = explain(project)
    if found.owner is Owner.LOCAL:
        return None
    return Withheld(
        owner=found.owner.value,
        reason=found.rule.reason if found.rule is not None else "",
        count=len(found.hidden),
        sentences=tuple(islice(found.sentences, MOST)),
    )
