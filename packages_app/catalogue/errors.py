"""Why a change of the catalogue was refused."""

from packages_app.errors import PackagesError, Unavailable


class FileChanged(PackagesError):
    """The file's row is not what the writer last read: somebody else published, replaced or withdrew it."""

    code = "file-changed"


class DistributionExists(PackagesError):
    """The same distribution is published under another spelling of its file name."""

    code = "distribution-exists"

    @classmethod
    def under(cls, filename: str) -> "DistributionExists":
        """Return the refusal that names the other file."""
        return cls(
            f"File already exists: {filename} is the same distribution under another spelling of its name; raise the "
            "version, or publish under that name."
        )


class FileDeleted(PackagesError):
    """The file name was deleted, and this may not take it."""

    code = "file-deleted"

    @classmethod
    def under(cls, filename: str) -> "FileDeleted":
        """Return the refusal that names the deleted file."""
        return cls(
            f"{filename} was deleted from this index and its name stays taken: only an upload of the same bytes brings "
            "it back. Raise the version, or let the operator turn overwriting on."
        )


class ProjectChanged(PackagesError):
    """The project is not what the caller last saw: somebody else changed it meanwhile."""

    code = "project-changed"

    @classmethod
    def named(cls, project: str) -> "ProjectChanged":
        """Return the refusal that names the project."""
        return cls(
            f"Somebody else changed {project} in the meantime, so nothing was done: look at it again, then repeat this."
        )


class ProjectClosed(PackagesError):
    """The project's status does not accept uploads (PEP 792)."""

    code = "project-closed"


class NoSuchProject(PackagesError):
    """There is no project of this name, or none that the caller may know of."""

    code = "no-such-project"

    @classmethod
    def named(cls, project: str) -> "NoSuchProject":
        """Return the refusal; it is the same sentence for a project that there is and one that there is not."""
        return cls(f"This index has no project named {project}.")


class NoSuchEntry(PackagesError):
    """There is no such project or file to change."""

    code = "no-such-entry"


class Busy(Unavailable):
    """Too many writers wanted the same project at once, or its old bytes are being collected."""

    code = "busy"
    retry_after = 2
