"""What became of a request: what is reported as unavailable, and what is left for the caller to judge."""

import sqlite3

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, NoCredentialsError
from pynamodb.exceptions import (
    CancellationReason,
    GetError,
    PutError,
    PynamoDBException,
    TableDoesNotExist,
    TransactWriteError,
    UpdateError,
    VerboseClientError,
)

from packages_app.tables import base, outcomes
from packages_app.tables.embedded.errors import Unanswered
from packages_app.tables.errors import TableUnavailable


def refused(code: str, *reasons: str | None) -> VerboseClientError:
    listed = [CancellationReason(code=reason) if reason else None for reason in reasons]
    return VerboseClientError({"Error": {"Code": code, "Message": "m"}}, "Op", cancellation_reasons=listed)


def cancelled(*reasons: str | None) -> TransactWriteError:
    return TransactWriteError("m", refused("TransactionCanceledException", *reasons))


CONDITION = "ConditionalCheckFailed"


@pytest.mark.parametrize(
    "error",
    [
        *(
            PutError("m", refused(code))
            for code in (
                "ProvisionedThroughputExceededException",
                "ThrottlingException",
                "RequestLimitExceeded",
                "InternalServerError",
                "ServiceUnavailable",
                "ResourceNotFoundException",
            )
        ),
        GetError("m", EndpointConnectionError(endpoint_url="http://table.example")),
        GetError("m", ConnectTimeoutError(endpoint_url="http://table.example")),
        GetError("m", NoCredentialsError()),
        EndpointConnectionError(endpoint_url="http://table.example"),
        refused("ThrottlingException"),
        cancelled(None, "ThrottlingError"),
        cancelled("ProvisionedThroughputExceeded"),
        TableDoesNotExist("packages"),
        Unanswered("database or disk is full"),
    ],
    ids=repr,
)
def test_a_table_that_cannot_answer_is_reported(error):
    with pytest.raises(TableUnavailable) as caught, outcomes.reported():
        raise error
    assert caught.value.__cause__ is error
    assert "example" not in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        UpdateError("m", refused("ConditionalCheckFailedException")),
        cancelled(CONDITION, None),
        cancelled(CONDITION, "ThrottlingError"),
        cancelled("TransactionConflict"),
        PutError("m", refused("ValidationException")),
        PynamoDBException("m"),
        KeyError("unrelated"),
    ],
    ids=repr,
)
def test_every_other_outcome_is_the_callers(error):
    with pytest.raises(type(error)) as caught, outcomes.reported():
        raise error
    assert caught.value is error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (cancelled(None, CONDITION, "ValidationError"), (False, True, False)),
        (TransactWriteError("m", refused("ValidationException")), ()),
        (PutError("m", refused("ConditionalCheckFailedException")), ()),
    ],
    ids=["one of three", "not cancelled", "no transaction"],
)
def test_failed_conditions(error, expected):
    assert outcomes.failed_conditions(error) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (cancelled(None, "TransactionConflict"), True),
        (cancelled(CONDITION, "TransactionConflict"), False),
        (TransactWriteError("m", refused("TransactionInProgressException")), True),
        (UpdateError("m", refused("TransactionConflictException")), True),
        (cancelled("ThrottlingError"), False),
        (cancelled(CONDITION), False),
        (PutError("m", refused("ValidationException")), False),
    ],
    ids=repr,
)
def test_a_conflict_is_worth_another_try(error, expected):
    assert outcomes.is_conflict(error) is expected


def fill_up() -> None:
    for number in range(100):
        with outcomes.reported():
            base.TableModel("p", f"{number:04}" + "x" * 1000).save()


def test_a_full_disk_is_reported_and_what_was_there_stays(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    base.TableModel("p", "s").save()
    with base.connection().store.connection() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(TableUnavailable):
        fill_up()
    with outcomes.reported():
        assert base.TableModel.get("p", "s").sk == "s"
        base.TableModel("p", "t").save()  # a new connection has the room again


def test_a_folder_that_cannot_be_is_reported(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / "file"}
    with pytest.raises(TableUnavailable), outcomes.reported():
        base.TableModel("p", "s").save()


def test_a_file_that_is_no_catalogue_is_reported(settings, tmp_path):
    (tmp_path / base.EMBEDDED_FILE).write_bytes(b"not a database at all" * 500)
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    with pytest.raises(TableUnavailable), outcomes.reported():
        base.TableModel("p", "s").save()


def test_a_file_that_another_process_keeps_locked_is_reported(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("packages_app.tables.embedded.store.PATIENCE", 0.05)
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    base.TableModel("p", "s").save()
    other = sqlite3.connect(tmp_path / base.EMBEDDED_FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    base.connection().close()
    with pytest.raises(TableUnavailable), outcomes.reported():
        base.TableModel("p", "t").save()
    assert base.TableModel.get("p", "s").sk == "s"  # readers do not wait for writers
    other.execute("ROLLBACK")
    other.close()
    base.TableModel("p", "t").save()
