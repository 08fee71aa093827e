"""What a pipeline does, and what somebody does who trusts it."""

import json

import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.publishers import register

ROOT = Principal(name="ana")


RELEASE = {"repository": "acme/widget", "workflow": "release.yml"}


one_home = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)


def trust(pattern: str = "widget", **fields: str):
    return register.trust(ROOT, pattern, kind_="github", fields={**RELEASE, **fields}, source="test")


def audience(client) -> str:
    answer = client.get("/_/oidc/audience")
    assert answer.status_code == 200
    return answer.json()["audience"]


def exchange(client, shown: str, **more: object):
    return client.post("/_/oidc/mint-token", data=json.dumps({"token": shown, **more}), content_type="application/json")


def minted(client, service, **changes: object) -> str:
    answer = exchange(client, service.token(audience(client), **changes))
    assert answer.status_code == 200, answer.text
    return answer.json()["token"]


def refused(answer, code: str) -> str:
    """Return the sentence of a refusal in the form that upload clients read."""
    assert answer.status_code == 422, answer.text
    document = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["code"] for error in document["errors"]] == [code]
    assert document["errors"][0]["description"] == document["message"] == document["detail"]
    return document["message"]


def burn(client, token: str):
    return client.post("/_/oidc/burn-token", data=json.dumps({"token": token}), content_type="application/json")
