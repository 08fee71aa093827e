"""Why the trail was not read."""

from packages_app.errors import PackagesError


class BadCursor(PackagesError):
    """The place to go on from is none that a page of the trail gave."""

    code = "bad-cursor"
