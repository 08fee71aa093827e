"""AWS is asked again as long as there is time, and no longer."""

import time

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from packages_app import patience


class Answer:
    """An HTTP answer, as far as it is looked at."""

    def __init__(self, status: int) -> None:
        self.status_code = status


class Operation:
    name = "GetItem"


def stop(*, attempts: int = 1, status: int = 400, code: str = "", error: Exception | None = None) -> None:
    response = None if error else (Answer(status), {"Error": {"Code": code}})
    patience.stop_in_time(attempts=attempts, operation=Operation, response=response, caught_exception=error)


THROTTLES = [
    pytest.param(400, "ProvisionedThroughputExceededException", id="a throttled table"),
    pytest.param(503, "SlowDown", id="a throttled bucket"),
    pytest.param(500, "InternalError", id="a fault over there"),
    pytest.param(429, "Whatever", id="too many requests"),
]


def test_without_a_limit_there_is_all_the_time():
    assert patience.left() == float("inf")
    patience.begin_in_time()
    stop(attempts=9, status=503, code="SlowDown")


@pytest.mark.parametrize(("status", "code"), THROTTLES)
def test_with_time_left_botocore_goes_on(status, code):
    with patience.within(60):
        stop(status=status, code=code)


@pytest.mark.parametrize(("status", "code"), THROTTLES)
def test_a_pause_beyond_the_limit_is_not_made(status, code):
    with patience.within(3), pytest.raises(ClientError) as caught:
        stop(attempts=3, status=status, code=code)
    assert caught.value.response["Error"]["Code"] == code


def test_what_kept_a_request_from_arriving_is_raised_as_it_was():
    error = ReadTimeoutError(endpoint_url="http://127.0.0.1")
    with patience.within(0.5), pytest.raises(ReadTimeoutError):
        stop(error=error)


@pytest.mark.parametrize(("status", "code"), [(200, ""), (400, "ConditionalCheckFailedException"), (404, "NoSuchKey")])
def test_an_answer_is_an_answer_however_late(status, code):
    with patience.within(0.001):
        time.sleep(0.01)
        stop(status=status, code=code)


def test_nothing_new_is_begun_when_time_is_up():
    with patience.within(0.001):
        time.sleep(0.01)
        with pytest.raises(patience.OutOfTime):
            patience.begin_in_time()


def test_a_limit_ends_with_what_it_was_for():
    with patience.within(5):
        assert 4 < patience.left() <= 5
    assert patience.left() == float("inf")
