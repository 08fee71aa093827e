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
