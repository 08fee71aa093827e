"""Who owns a name: decided from what is known here, before anything is asked anywhere else.

Read `decide` from top to bottom; the tests hold its truth table.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import partial

from packages_app.catalogue import read as catalogue
from packages_app.catalogue.transact import Guard
from packages_app.conf import options
from packages_app.upstream import kept, rules
from packages_app.upstream.entries import Owner, Rule
from packages_app.upstream.errors import UpstreamName
from packages_app.upstream.patterns import exactness, matches


def owner(name: str, *, published: bool) -> Owner:
    """Return where the files of a normalised name come from; ``published`` says whether this index has the project."""
    if not options().upstream.urls:
        return Owner.LOCAL
    return settled(name, published=published, known=rules.known())


def may_leave(name: str) -> bool:
    """Return whether a name may be looked up elsewhere, as of this moment: asked right before a question goes out."""
    published = catalogue.project(name) is not None
    return settled(name, published=published, known=rules.known(now=True)) is not Owner.LOCAL


def settled(name: str, *, published: bool, known: Sequence[Rule]) -> Owner:
    """Return what `decide` does; a name whose project was deleted here counts as published.

    Else deleting a project would have everybody who still asks for it install what strangers publish under its name.
    """
    if not published and ruling_over(name, known) is None:
        published = catalogue.was_deleted(name)
    return decide(name, published=published, known=known)


def fingerprint() -> str:
    """Return a text that changes with the rules."""
    said = sorted((rule.pattern, rule.owner.value if rule.owner else "") for rule in rules.known())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def decide(name: str, *, published: bool, known: Iterable[Rule]) -> Owner:
    """Return where the files of a name come from under these rules.

    A project without files counts as published: else the last file's removal would send its name to strangers.
    """
    ruling = ruling_over(name, known)
    if ruling is not None:
        return ruling.owner or Owner.LOCAL
    return Owner.LOCAL if published else Owner.UPSTREAM


def ruling_over(name: str, known: Iterable[Rule]) -> Rule | None:
    """Return the rule that decides about a name: a reservation before all others, then the most exact pattern."""
    fitting = [rule for rule in known if matches(rule.pattern, name)]
    return max(fitting, key=lambda rule: (rule.owner is None, exactness(rule.pattern)), default=None)


def check_publish(name: str, *, published: bool) -> None:
    """Return if something may be published here under a name; the upstream is never asked for that.

    Asking would tell strangers the names of what is about to be published here. So a name counts as the upstream's
    when somebody installed, or tried to, before anything was published under it here.

    Raises:
        UpstreamName: an administrator must claim the name first.
    """
    if not options().upstream.urls:
        return
    ruling = ruling_over(name, rules.known())
    if ruling is not None and ruling.owner is Owner.UPSTREAM:
        raise UpstreamName(
            f"The name {name} is set to come from the upstream index; an administrator can change that with "
            f"`manage.py upstream claim {name}`."
        )
    if ruling is None and not published and kept.read(name).seen:
        raise seen_first(name)


def unseen(name: str) -> Guard | None:
    """Return what must still hold when the first file of a project is listed: nobody saw its name upstream meanwhile.

    None where that does not matter: there is no upstream, or a rule says whose the name is.
    """
    if not options().upstream.urls or ruling_over(name, rules.known()) is not None:
        return None
    return Guard(check=partial(kept.unseen_in, project=name), refusal=seen_first(name))


def seen_first(name: str) -> UpstreamName:
    """Return the refusal of a name that people here install from elsewhere."""
    return UpstreamName(
        f"The name {name} was first seen on the upstream index, where people here already install it from; "
        f"an administrator can make it this index's own with `manage.py upstream claim {name}`."
    )
