"""What the table must have: keys, the lookup index, expiry, recovery to any point in time."""

from collections.abc import Iterator
from typing import Any

from packages_app.aws_setup.entries import Step, Subject, Wanted
from packages_app.tables.base import WholeTable

EXPIRY = WholeTable.expires.attr_name
PATIENCE = {"Delay": 2, "MaxAttempts": 150}


class Table:
    """One look at the table; every step is found from it."""

    def __init__(self, client: Any, wanted: Wanted) -> None:  # noqa: ANN401 - botocore makes clients' classes
        self.client, self.name = client, wanted.table
        self.subject = Subject(f"table {wanted.table}")
        self.found = self.described()

    def described(self) -> dict[str, Any] | None:
        """Return what DynamoDB says of the table, or None."""
        try:
            return dict(self.client.describe_table(TableName=self.name)["Table"])
        except self.client.exceptions.ResourceNotFoundException:
            return None

    def steps(self) -> Iterator[Step]:
        """Yield each thing that the table must have, in the order in which they can be made."""
        if self.found is None:
            yield self.subject.missing("the table itself: on demand, with its keys and index", self.create)
        else:
            yield self.keys(self.found)
            yield self.index(self.found)
            yield self.billing()
        yield self.expiry()
        yield self.recovery()

    def keys(self, found: dict[str, Any]) -> Step:
        """Compare the keys: they cannot be changed."""
        keys = {each["KeyType"]: each["AttributeName"] for each in found["KeySchema"]}
        if keys == {"HASH": WholeTable.pk.attr_name, "RANGE": WholeTable.sk.attr_name}:
            return self.subject.there("its keys are pk and sk")
        return self.subject.otherwise("its keys are not pk and sk, and keys cannot be changed: name another table")

    def index(self, found: dict[str, Any]) -> Step:
        """Compare the secondary index."""
        wanted = schema()["global_secondary_indexes"][0]
        for each in found.get("GlobalSecondaryIndexes", ()):
            if each["IndexName"] == wanted["index_name"]:
                if each["KeySchema"] == wanted["key_schema"] and each["Projection"]["ProjectionType"] == "ALL":
                    return self.subject.there(f"it has the index {wanted['index_name']}")
                return self.subject.otherwise(
                    f"its index {wanted['index_name']} has other keys or holds less: remove it first"
                )
        if self.billed_by_capacity():
            return self.subject.otherwise(
                f"it has no index {wanted['index_name']}; its capacity is provisioned, so make the index with yours"
            )
        return self.subject.missing(f"the index {wanted['index_name']}", self.add_index)

    def billing(self) -> Step:
        """Say how the table is paid for; that is its owner's choice."""
        if self.billed_by_capacity():
            return self.subject.note(
                "its capacity is provisioned, and stays so; on demand costs nothing while nobody asks"
            )
        return self.subject.there("it is paid for on demand")

    def billed_by_capacity(self) -> bool:
        """Return whether the table has provisioned capacity; DynamoDB names no mode where none was ever chosen."""
        mode = (self.found or {}).get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
        return self.found is not None and mode == "PROVISIONED"

    def expiry(self) -> Step:
        """Compare the attribute by which items expire."""
        status: dict[str, Any] = {}
        if self.found is not None:
            status = self.client.describe_time_to_live(TableName=self.name)["TimeToLiveDescription"]
        if status.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"):
            if status["AttributeName"] == EXPIRY:
                return self.subject.there(f"items expire by {EXPIRY}")
            return self.subject.otherwise(f"its items expire by another attribute than {EXPIRY}: switch that off first")
        return self.subject.missing(f"expiry of items by {EXPIRY}", self.switch_on_expiry)

    def recovery(self) -> Step:
        """Compare recovery to a point in time."""
        if self.found is not None:
            answer = self.client.describe_continuous_backups(TableName=self.name)["ContinuousBackupsDescription"]
            status = answer.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
            if status == "ENABLED":
                return self.subject.there("it can be recovered to any point in time")
        return self.subject.missing("recovery to any point in time", self.switch_on_recovery)

    # --- What is made ---

    def create(self) -> None:
        """Make the table, and wait until it can be used."""
        wanted = schema()
        self.client.create_table(
            TableName=self.name,
            AttributeDefinitions=wanted["attribute_definitions"],
            KeySchema=wanted["key_schema"],
            GlobalSecondaryIndexes=[index_of(wanted)],
            BillingMode="PAY_PER_REQUEST",
        )
        self.client.get_waiter("table_exists").wait(TableName=self.name, WaiterConfig=PATIENCE)

    def add_index(self) -> None:
        """Add the index; DynamoDB fills it in the background."""
        wanted = schema()
        self.client.update_table(
            TableName=self.name,
            AttributeDefinitions=wanted["attribute_definitions"],
            GlobalSecondaryIndexUpdates=[{"Create": index_of(wanted)}],
        )
        self.client.get_waiter("table_exists").wait(TableName=self.name, WaiterConfig=PATIENCE)

    def switch_on_expiry(self) -> None:
        """Let items expire."""
        self.client.update_time_to_live(
            TableName=self.name, TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRY}
        )

    def switch_on_recovery(self) -> None:
        """Keep what recovery needs; a table that was just made may not be ready for it."""
        self.client.update_continuous_backups(
            TableName=self.name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )


def schema() -> dict[str, Any]:
    """Return PynamoDB's description of the keys and the index."""
    return dict(WholeTable._get_schema())  # noqa: SLF001 - the same seam as in tables.base


def index_of(wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the index, as DynamoDB's API describes it."""
    index = wanted["global_secondary_indexes"][0]
    return {"IndexName": index["index_name"], "KeySchema": index["key_schema"], "Projection": index["projection"]}
