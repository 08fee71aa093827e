"""The audit event's item: one partition a month, ordered by time."""

from pynamodb.attributes import UnicodeAttribute

from packages_app.tables.base import TableModel


class AuditRow(TableModel):
    """``A#<index>#<yyyy-mm>`` / ``<microseconds>-<random>``; never changed once written."""

    action = UnicodeAttribute()
    actor = UnicodeAttribute()
    address = UnicodeAttribute(default="")
    source = UnicodeAttribute(default="")
    token = UnicodeAttribute(null=True)
    project = UnicodeAttribute(default="")
    target = UnicodeAttribute(default="")
    before = UnicodeAttribute(default="{}")
    after = UnicodeAttribute(default="{}")
