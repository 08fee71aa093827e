"""The audit event's item, one partition a month, ordered by time; and what was counted of the events."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

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


class UploadsRow(TableModel):
    """``A#<index>#uploads`` / ``<yyyy-mm-dd>``: how many files were published on a day that is over."""

    files = NumberAttribute()
