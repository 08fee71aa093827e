"""The base of every item class: one table, whichever home the options name."""

import threading
from datetime import UTC, datetime

import boto3
import pytest
from moto import mock_aws
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.transactions import TransactGet, TransactWrite

from packages_app.tables import base
from packages_app.tables.embedded.connection import EmbeddedConnection


class Shelf(base.TableModel):
    """One kind of item."""

    lookup = base.LookupIndex()

    label = UnicodeAttribute(null=True)
    count = NumberAttribute(default=0)


class Book(base.TableModel):
    """Another kind, in the same table."""

    title = UnicodeAttribute()


@pytest.fixture(params=["embedded", "dynamodb"])
def home(request, settings, tmp_path, monkeypatch) -> str:
    if request.param == "embedded":
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / "new", "table": None}
        yield request.param
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "table": "packages"}
        base.create_table()
        yield request.param


def test_items_of_several_classes_share_one_table(home):
    Shelf("s", "#", label="fiction").save()
    Book("s", "B#1", title="Emma").save()
    assert Shelf.get("s", "#").label == "fiction"
    assert [book.title for book in Book.query("s", Book.sk.startswith("B#"))] == ["Emma"]
    assert Shelf.get("s", "B#1").label is None  # what a class does not know is left alone


def test_a_conditional_save_is_refused(home):
    Book("s", "B#1", title="Emma").save(Book.pk.does_not_exist())
    with pytest.raises(PutError) as caught:
        Book("s", "B#1", title="Persuasion").save(Book.pk.does_not_exist())
    assert caught.value.cause_response_code == "ConditionalCheckFailedException"
    assert Book.get("s", "B#1").title == "Emma"


def test_the_lookup_index_finds_what_has_its_keys(home):
    Shelf("s", "1", lookup_pk="here", lookup_sk="b").save()
    Shelf("s", "2", lookup_pk="here", lookup_sk="a").save()
    Shelf("s", "3").save()
    assert [shelf.sk for shelf in Shelf.lookup.query("here")] == ["2", "1"]


def test_a_transaction_spans_the_classes(home):
    with TransactWrite(connection=base.connection()) as transaction:
        transaction.save(Book("s", "B#1", title="Emma"))
        transaction.update(Shelf("s", "#"), [Shelf.count.add(1)])
    with TransactGet(connection=base.connection()) as read:
        book, shelf = read.get(Book, "s", "B#1"), read.get(Shelf, "s", "#")
    assert (book.get().title, shelf.get().count) == ("Emma", 1)


def test_batches_reach_the_table_of_the_moment(home):
    with Book.batch_write() as batch:
        for number in range(60):
            batch.save(Book("s", f"B#{number:02}", title=f"{number}"))
    keys = [("s", f"B#{number:02}") for number in range(0, 60, 2)]
    assert sorted(book.title for book in Book.batch_get(keys)) == sorted(f"{n}" for n in range(0, 60, 2))
    assert len(list(Book.query("s", page_size=7))) == 60


def test_the_expiry_of_an_item_is_kept(home):
    ends = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    Book("s", "B#1", title="Emma", expires=ends).save()
    assert Book.get("s", "B#1").expires == ends


def test_creating_the_table_again_changes_nothing(home):
    Book("s", "B#1", title="Emma").save()
    base.create_table()
    assert Book.get("s", "B#1").title == "Emma"


def test_the_table_is_billed_on_demand_indexed_and_expires(monkeypatch, settings):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "table": "packages"}
        base.create_table()
        client = boto3.client("dynamodb")
        found = client.describe_table(TableName="packages")["Table"]
        expiry = client.describe_time_to_live(TableName="packages")["TimeToLiveDescription"]
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    [index] = found["GlobalSecondaryIndexes"]
    assert (index["IndexName"], index["Projection"]) == ("lookup", {"ProjectionType": "ALL"})
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}


def test_the_home_follows_the_options(settings, tmp_path):
    for folder in ("one", "two"):
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / folder}
        assert list(Book.query("s")) == []
        Book("s", "B#1", title=folder).save()
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / "one"}
    assert Book.get("s", "B#1").title == "one"


def test_threads_and_classes_share_one_connection(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    found = []
    threads = [threading.Thread(target=lambda: found.append(Book._get_connection())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(connection) for connection in (*found, Shelf._get_connection())}) == 1
    assert isinstance(base.connection(), EmbeddedConnection)
