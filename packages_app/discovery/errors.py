"""Why a search was not answered."""

from packages_app.errors import PackagesError


class BadCursor(PackagesError):
    """The place to go on from is none that a search gave."""

    code = "bad-cursor"
