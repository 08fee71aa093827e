"""Which requests count as downloads, in each home, and that none of them writes."""

import pytest

from packages_app.downloads import count
from packages_app.downloads.read import read
from tests.factories import make_wheel, sha256

NAME, WHEEL = make_wheel()
URL = f"/packages/{sha256(WHEEL)}/{NAME}"


def counted() -> tuple[int, dict[str, int]]:
    count.counted.flush()
    day = read("demo", 1)[0]
    return day.count, dict(day.versions)


@pytest.fixture(autouse=True)
def _published(home, publish):
    publish(NAME, WHEEL)
    count.counted.taken()


@pytest.mark.parametrize(
    ("asked", "headers", "times"),
    [
        pytest.param(("get", URL), {}, 1, id="a whole download"),
        pytest.param(("get", URL), {"range": "bytes=0-"}, 1, id="all of it as a part"),
        pytest.param(("get", URL), {"range": "bytes=0-9"}, 1, id="its beginning"),
        pytest.param(("get", URL), {"range": "bytes=10-"}, 0, id="going on with it"),
        pytest.param(("get", URL), {"range": "bytes=-10"}, 0, id="a look at its end"),
        pytest.param(("head", URL), {}, 0, id="a look"),
        pytest.param(("get", URL), {"if-none-match": f'"{sha256(WHEEL)}"'}, 0, id="what the client has"),
        pytest.param(("get", f"{URL}.metadata"), {}, 0, id="its metadata"),
        pytest.param(("get", URL.replace("demo-1.0", "demo-2.0")), {}, 0, id="what is not there"),
    ],
)
def test_what_counts_as_a_download(client, auth, asked, headers, times):
    method, url = asked
    getattr(client, method)(url, headers={**auth, **headers}).close()
    assert counted() == (times, {"1.0": 1} if times else {})


def test_downloads_are_written_together_after_a_while_and_not_one_by_one(client, auth, monkeypatch):
    asked = []
    kind = type(count.connection())  # the embedded catalogue answers by a method of its own
    call = kind._make_api_call

    def watched(connection, operation, *rest):
        asked.append(operation)
        return call(connection, operation, *rest)

    now = [count.time.monotonic()]
    monkeypatch.setattr(count.time, "monotonic", lambda: now[0])
    count.counted.taken()
    monkeypatch.setattr(kind, "_make_api_call", watched)
    for number in range(12):
        now[0] += 60 if number == 9 else 1
        client.get(URL, headers=auth).close()
    assert [operation for operation in asked if "Write" in operation or "Update" in operation] == ["TransactWriteItems"]
    assert read("demo", 1)[0].count == 10
    assert counted()[0] == 12
