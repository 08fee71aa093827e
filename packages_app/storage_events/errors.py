"""Why the catalogue and the store cannot be brought together."""

from packages_app.errors import PackagesError


class EmptyStore(PackagesError):
    """The catalogue lists files and the store has none at all: more likely a disk that is not mounted."""

    code = "empty-store"


class SourceUnreadable(PackagesError):
    """A bucket, table, folder or file that files are to be adopted from cannot be read."""

    code = "source-unreadable"


class WrongState(PackagesError):
    """The file in which a run's progress is kept is of another run, or none."""

    code = "wrong-state"


class NoVersions(PackagesError):
    """There is nothing that keeps what was deleted."""

    code = "no-versions"
