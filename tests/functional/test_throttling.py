"""A table or bucket that is busy for a moment delays an answer; one that stays busy is a 503, never an empty page."""

import json
import time
from collections.abc import Callable

import pytest
from botocore.awsrequest import AWSResponse
from django.core.files.storage import storages

from packages_app import patience
from packages_app.tables import base
from tests.factories import make_wheel, sha256

NAME, WHEEL = make_wheel()
JSON = "application/vnd.pypi.simple.v1+json"
EVERY_TABLE = pytest.mark.parametrize("home", ["dynamodb and folder"], indirect=True)
IN_BUCKET = pytest.mark.parametrize("home", ["dynamodb and s3"], indirect=True)
THROTTLED = json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}).encode()
SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"

pytestmark = [pytest.mark.usefixtures("_no_long_pauses")]


class Body:
    """The raw body of an answer, as botocore reads it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def stream(self, **_: object):
        yield self.data


class Busy:
    """Stands in the wire and answers the first so many requests as a busy service does."""

    def __init__(self, client, status: int, body: bytes, wanted: Callable[[str], bool]) -> None:
        self.times, self.seen, self.status, self.body, self.wanted = 0, 0, status, body, wanted
        client.meta.events.register_first("before-send", self)

    def __call__(self, request, event_name: str, **_: object) -> AWSResponse | None:
        if not self.wanted(event_name.rpartition(".")[2]):
            return None
        self.seen += 1
        if self.seen > self.times:
            return None
        return AWSResponse(request.url, self.status, {"x-amzn-requestid": "busy"}, Body(self.body))

    def for_times(self, times: int) -> None:
        self.times, self.seen = times, 0


@pytest.fixture
def _no_long_pauses(monkeypatch):
    """Botocore's pauses are counted, not slept."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setattr("packages_app.tables.dynamodb.time.sleep", lambda _: None)


@pytest.fixture
def table(home) -> Busy:
    return Busy(base.connection().client, 400, THROTTLED, lambda _: True)


@pytest.fixture
def bucket(home) -> Busy:
    return Busy(storages["packages"].client, 503, SLOW_DOWN, lambda _: True)


ASK = {
    "a project's page": lambda client, auth: client.get("/simple/demo/", headers=auth),
    "a page as JSON": lambda client, auth: client.get("/simple/demo/", headers={**auth, "accept": JSON}),
    "the list of projects": lambda client, auth: client.get("/simple/", headers=auth),
    "a download": lambda client, auth: client.get(f"/packages/{sha256(WHEEL)}/{NAME}", headers=auth),
}
EVERY = pytest.mark.parametrize("ask", [pytest.param(ask, id=name) for name, ask in ASK.items()])


@EVERY_TABLE
@EVERY
def test_a_table_that_is_busy_for_a_moment_delays_an_answer(client, auth, publish, table, ask):
    assert publish(NAME, WHEEL).status_code == 200
    wanted = ask(client, auth)
    table.for_times(patience.ATTEMPTS - 1)
    answer = ask(client, auth)
    assert answer.status_code == wanted.status_code == 200
    assert table.seen >= patience.ATTEMPTS
    assert answer.getvalue() == wanted.getvalue()


@EVERY_TABLE
@EVERY
def test_a_table_that_stays_busy_is_answered_503_and_never_an_empty_page(client, auth, publish, table, ask):
    publish(NAME, WHEEL)
    table.for_times(10**6)
    answer = ask(client, auth)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"busy" in answer.content
    assert table.seen == patience.ATTEMPTS  # as often as it is worth, and no more


@EVERY_TABLE
@pytest.mark.parametrize("times", [pytest.param(2, id="for a moment"), pytest.param(10**6, id="for long")])
def test_an_upload_waits_for_a_busy_table_and_then_says_so(client, auth, publish, table, times):
    table.for_times(times)
    answer = publish(NAME, WHEEL)
    assert answer.status_code == (200 if times == 2 else 503)
    table.for_times(0)
    listed = client.get("/simple/demo/", headers=auth).status_code
    assert listed == (200 if times == 2 else 404)
    assert publish(NAME, WHEEL).status_code == 200  # nothing of the first attempt stands in the way


@EVERY_TABLE
@pytest.mark.parametrize("times", [pytest.param(2, id="for a moment"), pytest.param(10**6, id="for long")])
def test_what_a_busy_table_leaves_of_a_batch_is_asked_for_again(client, auth, publish, monkeypatch, times):
    publish(NAME, WHEEL)
    dynamodb = base.connection().client
    real, left = dynamodb._make_api_call, [times]

    def partly(operation, request):
        if operation != "BatchGetItem" or left[0] <= 0:
            return real(operation, request)
        left[0] -= 1
        return {"Responses": {name: [] for name in request["RequestItems"]}, "UnprocessedKeys": request["RequestItems"]}

    monkeypatch.setattr(dynamodb, "_make_api_call", partly)
    for path in ("/simple/", f"/packages/{sha256(WHEEL)}/{NAME}"):
        left[0] = times
        answer = client.get(path, headers=auth)
        assert answer.status_code == (200 if times == 2 else 503), path
        assert (b"demo" in answer.getvalue() or answer.getvalue() == WHEEL) is (times == 2)


@IN_BUCKET
@pytest.mark.parametrize("times", [pytest.param(2, id="for a moment"), pytest.param(10**6, id="for long")])
def test_an_upload_waits_for_a_busy_bucket_and_then_says_so(client, auth, publish, bucket, times):
    bucket.for_times(times)
    answer = publish(NAME, WHEEL)
    assert answer.status_code == (200 if times == 2 else 503)
    if times != 2:
        assert "Retry-After" in answer.headers
        assert client.get("/simple/demo/", headers=auth).status_code == 404  # nothing is listed without its bytes


@EVERY_TABLE
def test_on_lambda_an_answer_comes_before_the_gateway_gives_up(client, auth, publish, configure, table):
    publish(NAME, WHEEL)
    configure(time_limit=0.3)
    busy = Busy(base.connection().client, 400, THROTTLED, lambda _: True)
    busy.for_times(10**6)
    began = time.monotonic()
    answer = client.get("/simple/demo/", headers=auth)
    assert answer.status_code == 503
    assert time.monotonic() - began < 2
    assert busy.seen == 1  # the next pause could have been a second: there was no time for it
