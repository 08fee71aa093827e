"""A project's page from the upstream, by way of what is kept of it."""

from dataclasses import dataclass

from packages_app.conf import options
from packages_app.file_store.errors import BlobMissing
from packages_app.upstream import bodies, kept, ownership, sources
from packages_app.upstream.entries import Absent, Fetched, Kept, Unchanged, UpstreamPage
from packages_app.upstream.keeping import Came, Shown, current


def page(project: str) -> Shown | None:
    """Return the upstream's page of a project, by its normalised name; None where the upstream says there is none.

    Raises:
        SourceFailed: the upstream does not answer as it should, and nothing is kept to show instead.
    """
    return current(ProjectPage(project))


def contents(shown: Shown) -> UpstreamPage:
    """Return what a page says, from the file store or from memory.

    Raises:
        StoreUnavailable: the disk or bucket refuses.
        BlobMissing: the page is gone from the store; the next caller fetches it anew.
    """
    known = shown.kept
    try:
        return bodies.load(known.project, known.body)
    except BlobMissing:
        # It was replaced between the reading of its item and now; then the item names the new one.
        newer = kept.read(known.project)
        if newer.body not in {"", known.body}:
            return bodies.load(newer.project, newer.body)
        kept.lost(known)
        raise


@dataclass(frozen=True)
class ProjectPage:
    """One project's page, from the first source that has it."""

    key: str

    @property
    def fresh(self) -> int:
        """Seconds for which the page counts without asking again."""
        return options().upstream.fresh

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the configured sources."""
        return tuple(source.name for source in sources.configured())

    def ask(self, known: Kept, ends: float) -> Came | Unchanged | Absent:
        """Return what the first source says that knows the project; one that fails is never passed over.

        Raises:
            SourceFailed: a source did, before one knew the project.
        """
        if not ownership.may_leave(self.key):
            # Reserved, claimed or published a moment ago, in another process.
            return Absent()
        last = known.validators if known.body else None
        for source in sources.configured():
            mine = last if last is not None and last.source == source.name else None
            answer = source.page(self.key, mine, ends)
            if isinstance(answer, Fetched):
                body = bodies.keep(answer.page)
                return Came(body=body, status=answer.page.status, validators=answer.validators)
            if isinstance(answer, Unchanged):
                return answer
        return Absent()
