"""Why a document was not answered."""

from packages_app.errors import PackagesError


class NoSuchVersion(PackagesError):
    """The project has no release of this version, or none at all."""

    code = "no-such-version"
