"""What goes wrong between the index and its table."""

from packages_app.errors import Unavailable


class TableUnavailable(Unavailable):
    """The table cannot answer now: it is throttled, unreachable, missing, or its disk is full."""

    code = "table-unavailable"
