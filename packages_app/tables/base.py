"""The base of every item class, and the one connection they share: DynamoDB's, or the embedded catalogue's."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.signals import setting_changed
from pynamodb.attributes import TTLAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import TableDoesNotExist, TableError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.pagination import ResultIterator

from packages_app.conf import options
from packages_app.tables.dynamodb import PatientConnection
from packages_app.tables.embedded.connection import EmbeddedConnection

EMBEDDED_TABLE = "elastic-pypi"
EMBEDDED_FILE = "catalogue.sqlite3"


class TableName:
    """PynamoDB's ``Meta``, with a table name that follows the options now in force."""

    billing_mode = "PAY_PER_REQUEST"

    @property
    def table_name(self) -> str:
        """Return the configured table, or the embedded one."""
        return options().table or EMBEDDED_TABLE


class LookupIndex(GlobalSecondaryIndex["TableModel"]):  # type: ignore[no-untyped-call] # PynamoDB's hook is untyped
    """The one secondary index; sparse, as items without ``lookup_pk`` and ``lookup_sk`` are not in it."""

    class Meta:
        """PynamoDB's settings of an index."""

        index_name = "lookup"
        projection = AllProjection()

    lookup_pk = UnicodeAttribute(hash_key=True)
    lookup_sk = UnicodeAttribute(range_key=True)


class TableModel(Model):
    """The base of every item class; all of them live in one table and keys tell them apart."""

    Meta = TableName()  # type: ignore[assignment] # PynamoDB only reads attributes, and fills in what is missing

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    lookup_pk = UnicodeAttribute(null=True)
    lookup_sk = UnicodeAttribute(null=True)
    expires = TTLAttribute(null=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        # PynamoDB's private seam. The original makes one connection per class and keeps it for ever; here all classes
        # share one, as transactions must, and it follows the options. Everything PynamoDB sends goes through it.
        return table_connection()


class WholeTable(TableModel):
    """Every key and index of the table; never stored."""

    lookup = LookupIndex()


known: dict[str | Path, TableConnection] = {}
opening = threading.Lock()


def table_connection() -> TableConnection:
    """Return the connection that the options now in force ask for, made on first use and shared by all threads."""
    chosen = options()
    home = chosen.table or chosen.data / EMBEDDED_FILE
    found = known.get(home)
    if found is None:
        with opening:
            found = known.get(home) or opened(home)
            known[home] = found
    return found


def opened(home: str | Path) -> TableConnection:
    """Return a new connection to the named table, or to the embedded catalogue in the file."""
    name = home if isinstance(home, str) else EMBEDDED_TABLE
    made = TableConnection(name, meta_table=meta_table(name))
    if isinstance(home, Path):
        made.connection = EmbeddedConnection(home)
        made.connection.add_meta_table(meta_table(name))
        create(made)
    else:
        # This makes the client now: PynamoDB would on first use, and not under a lock, and botocore's session is not
        # safe to share while a client is being made.
        made.connection = PatientConnection()
        made.connection.add_meta_table(meta_table(name))
    return made


def meta_table(name: str) -> MetaTable:
    """Return what PynamoDB must know of the table's keys."""
    schema = WholeTable._get_schema()  # noqa: SLF001 - the same seam as `_get_connection`, which builds it this way
    return MetaTable(
        {
            "TableName": name,
            "KeySchema": schema["key_schema"],
            "AttributeDefinitions": schema["attribute_definitions"],
            "GlobalSecondaryIndexes": [
                {"IndexName": index["index_name"], "KeySchema": index["key_schema"]}
                for index in schema["global_secondary_indexes"]
            ],
        }
    )


def connection() -> Connection:
    """Return the connection for ``TransactWrite`` and ``TransactGet``."""
    return table_connection().connection


def create_table() -> None:
    """Create the table with its index and its expiry, unless it exists, and wait until it can be used.

    The embedded table is created on first use by itself.
    """
    create(table_connection())


def create(made: TableConnection) -> None:
    """Create the table behind a connection; another process may do so at the same time."""
    try:
        described = made.describe_table()
    except TableDoesNotExist:
        made_here(made)
        described = made.describe_table()
    while described["TableStatus"] != "ACTIVE":
        time.sleep(1)
        described = made.describe_table()
    try:
        made.update_time_to_live(TableModel.expires.attr_name)
    except TableError as error:
        # Switched on before: asking again is refused, and is no reason to fail.
        if error.cause_response_code != "ValidationException":
            raise


def made_here(made: TableConnection) -> None:
    """Create the table, unless another process was faster."""
    schema = WholeTable._get_schema()  # noqa: SLF001 - see `meta_table`
    try:
        made.create_table(
            attribute_definitions=schema["attribute_definitions"],
            key_schema=schema["key_schema"],
            global_secondary_indexes=schema["global_secondary_indexes"],
            billing_mode=TableName.billing_mode,
        )
    except TableError as error:
        if error.cause_response_code != "ResourceInUseException":
            raise


def forget(*, setting: str, **_: object) -> None:
    """Let go of every connection after a test or a command changed the options."""
    if setting == "PACKAGES_APP":
        with opening:
            for made in known.values():
                if isinstance(made.connection, EmbeddedConnection):
                    made.connection.close()
            known.clear()


setting_changed.connect(forget)


def plain_query(pk: str, condition: Condition | None = None, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield the items of a partition that meet a condition on ``sk``, consistently read, to the end, as plain values.

    ``limit`` is how many items one request asks for, where the caller will not read to the end.

    PynamoDB's paging without its models: making a thousand of those takes ten times as long as reading their items.
    Texts and booleans come as they are, numbers as texts.
    """
    given: dict[str, Any] = {"range_key_condition": condition, "consistent_read": True}
    if limit is not None:
        given["limit"] = limit
    return ResultIterator(table_connection().query, (pk,), given, map_fn=plain)


def plain_lookup(
    lookup_pk: str, condition: Condition | None = None, *, limit: int | None = None, newest_first: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield the items under a key of the lookup index, to the end, as plain values; it follows a little later."""
    given: dict[str, Any] = {
        "range_key_condition": condition,
        "index_name": LookupIndex.Meta.index_name,
        "scan_index_forward": not newest_first,
    }
    if limit is not None:
        given["limit"] = limit
    return ResultIterator(table_connection().query, (lookup_pk,), given, map_fn=plain)


def plain_item(pk: str, sk: str) -> dict[str, Any] | None:
    """Return one item, consistently read, as plain values; None when there is none."""
    found = table_connection().get_item(pk, sk, consistent_read=True).get("Item")
    return plain(found) if found else None


def plain(item: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return an item's values without their types."""
    return {name: next(iter(typed.values())) for name, typed in item.items()}
