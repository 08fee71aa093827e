"""Why a page or file was not answered."""

from packages_app.errors import PackagesError


class NoSuchFile(PackagesError):
    """No such file is offered: never published, withdrawn, or of a quarantined project."""

    code = "no-such-file"


class NoSuchRange(PackagesError):
    """The wanted part of a file lies beyond its end."""

    code = "no-such-range"
