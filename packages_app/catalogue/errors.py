"""Why a change of the catalogue was refused."""

from packages_app.errors import PackagesError, Unavailable


class FileChanged(PackagesError):
    """The file's row is not what the writer last read: somebody else published, replaced or withdrew it."""

    code = "file-changed"


class ProjectClosed(PackagesError):
    """The project's status does not accept uploads (PEP 792)."""

    code = "project-closed"


class NoSuchEntry(PackagesError):
    """There is no such project or file to change."""

    code = "no-such-entry"


class Busy(Unavailable):
    """Too many writers wanted the same project at once, or its old bytes are being collected."""

    code = "busy"
    retry_after = 2
