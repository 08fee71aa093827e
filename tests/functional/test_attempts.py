"""Uploads that are refused over and over, and wrong credentials, at the doors of machines."""

import pytest

from packages_app.accounts import throttle
from packages_app.accounts.throttle import CREDENTIALS_OF_ADDRESS, Limit
from tests.factories import make_wheel
from tests.functional.accounts import token, user
from tests.functional.conftest import basic


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    monkeypatch.setattr(throttle, "UPLOADS_OF_ACCOUNT", Limit("uu", 3, "Too many uploads were refused"))
    monkeypatch.setattr(throttle, "UPLOADS_OF_ADDRESS", Limit("ua", 5, "Too many uploads were refused"))
    monkeypatch.setattr(throttle, "clock", lambda: 1_000_000_010.0)


def test_refused_uploads_are_throttled_by_token_and_by_address_and_others_are_not(client, publish):
    user("eve", uploader="*")
    noisy, quiet = token("eve"), token("eve")
    broken = ("demo-1.0-py3-none-any.whl", b"no archive")
    assert [publish(*broken, headers=noisy).status_code for _ in range(3)] == [400] * 3
    held = publish(*make_wheel(), headers=noisy)
    assert (held.status_code, int(held["Retry-After"]) > 0) == (429, True)
    assert publish(*make_wheel(), headers=quiet).status_code == 200
    assert client.get("/simple/demo/", headers=noisy).status_code == 200  # it reads as before
    assert [publish(*broken, headers=quiet).status_code for _ in range(3)] == [409, 409, 429]


def test_uploads_that_succeed_never_count(publish):
    for number in range(8):
        assert publish(*make_wheel(version=f"{number}.0")).status_code == 200
        assert publish(*make_wheel(version=f"{number}.0")).status_code == 200


def test_a_session_s_refusals_count_too(client, uploader):
    session = uploader.create().json()
    assert [uploader.publish(session).status_code for _ in range(4)] == [422] * 3 + [429]


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_wrong_credentials_are_told_to_wait(client):
    for _ in range(CREDENTIALS_OF_ADDRESS.most):
        assert client.get("/simple/", headers=basic(password="guessed")).status_code == 401
    answer = client.get("/simple/", headers=basic(password="guessed"))
    assert (answer.status_code, int(answer["Retry-After"])) == (429, 300 - 1_000_000_010 % 300)
    assert "WWW-Authenticate" not in answer
    assert client.get("/simple/", headers=token("ana")).status_code == 200
    assert client.get("/simple/").status_code == 401
