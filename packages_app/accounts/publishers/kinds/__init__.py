"""The kinds of CI services that pipelines are trusted of; another one is a module here and a line below."""

from packages_app.accounts.publishers.errors import BadPublisher
from packages_app.accounts.publishers.kinds.base import Kind
from packages_app.accounts.publishers.kinds.github import GITHUB
from packages_app.accounts.publishers.kinds.gitlab import GITLAB
from packages_app.accounts.publishers.kinds.subject import SUBJECT

KINDS = {each.name: each for each in (GITHUB, GITLAB, SUBJECT)}


def kind(name: str) -> Kind:
    """Return a kind by its name.

    Raises:
        BadPublisher: there is none of this name.
    """
    found = KINDS.get(name)
    if found is None:
        raise BadPublisher(f"There is no kind {name[:80]!a} of publishers; choose one of {', '.join(KINDS)}.")
    return found
