"""Why a page for people was not shown."""

from packages_app.errors import PackagesError


class NoSuchPage(PackagesError):
    """There is nothing at this address."""

    code = "no-such-page"


class NoSuchRelease(PackagesError):
    """The project has no release of this version."""

    code = "no-such-release"
