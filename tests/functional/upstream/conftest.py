"""Another index on loopback behind this one, asked through our own doors in each home."""

import json
import random
from datetime import timedelta

import pytest

from packages_app.file_store import read as stored
from packages_app.storage_events import unfinished
from packages_app.upstream import keeping, rules
from tests.factories import make_wheel, metadata
from tests.fakes.upstream import FakeUpstream

JSON = "application/vnd.pypi.simple.v1+json"


WHEEL, DATA = make_wheel("theirs", "1.0", content=random.Random(1).randbytes(300_000))


CORE = metadata("theirs", "1.0")


@pytest.fixture
def fake():
    """Another index on loopback, with one wheel."""
    started = FakeUpstream()
    started.add("theirs", WHEEL, DATA, core=CORE, requires_python=">=3.8")
    yield started
    started.stop()
    for thread in tuple(keeping.asking):
        thread.join(10)


@pytest.fixture
def behind(home, settings, fake, monkeypatch):
    """Configure it: ``behind(files="link")``."""
    rules.last.clear()
    monkeypatch.setattr(unfinished, "FRESH", timedelta(0))

    def configure(**options) -> FakeUpstream:
        given = {"urls": (fake.url,), "timeout": 5.0, "budget": 2.0, **options}
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": given}
        return fake

    return configure


@pytest.fixture
def page(client, auth):
    """Return a project's page as installers see it."""

    def get(name: str = "theirs") -> dict:
        answer = client.get(f"/simple/{name}/", headers={"accept": JSON, **auth})
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    return get


@pytest.fixture
def get(client, auth):
    """Return the answer to a GET with headers; the body is read."""

    def ask(path: str, *, method: str = "get", **headers):
        return getattr(client, method)(path, headers={**auth, **headers})

    return ask


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def path_of(entry: dict) -> str:
    return "/" + entry["url"].removeprefix("../../")


def fetched(answer) -> bytes:
    """Return the bytes of a file's answer, also where that is a link into the bucket."""
    if answer.status_code == 302:
        key = answer["Location"].split("/upstream/")[1].split("?")[0]
        return stored.read(f"upstream/{key}", 10**9)
    assert answer.status_code in {200, 206}, answer.content
    return body(answer)
