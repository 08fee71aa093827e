"""Why a page or file was not answered."""

from packages_app.catalogue.errors import NoSuchProject
from packages_app.errors import PackagesError

__all__ = ["NoSuchFile", "NoSuchProject", "NoSuchRange", "NotAcceptable"]


class NoSuchFile(PackagesError):
    """No such file is offered: never published, withdrawn, or of a quarantined project."""

    code = "no-such-file"


class NotAcceptable(PackagesError):
    """The caller takes none of the formats or encodings that there are."""

    code = "not-acceptable"


class NoSuchRange(PackagesError):
    """The wanted part of a file lies beyond its end."""

    code = "no-such-range"
