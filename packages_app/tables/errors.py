"""What goes wrong between the index and its table."""

from packages_app.errors import PackagesError, Unavailable


class TableUnavailable(Unavailable):
    """The table cannot answer now: it is throttled, unreachable, missing, or its disk is full."""

    code = "table-unavailable"


class BadBackup(PackagesError):
    """A file is no backup, or not a whole one."""

    code = "bad-backup"


class TableNotEmpty(PackagesError):
    """A backup is to go into a table that has items."""

    code = "table-not-empty"
