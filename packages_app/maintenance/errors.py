"""Why something was not done to what is published."""

from packages_app.errors import PackagesError


class BadReason(PackagesError):
    """A reason that is missing where there must be one, or too long to be shown on a line."""

    code = "bad-reason"


class BadRule(PackagesError):
    """A retention rule that does not say what to keep, or says it in a way that means nothing."""

    code = "bad-rule"
