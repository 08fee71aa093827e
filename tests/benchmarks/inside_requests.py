"""Counts the catalogue's operations for each kind of request, and times a page after a change; runs within Django."""

import base64
import io
import json
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import django

from tests.benchmarks.plan import MANY, SMALL
from tests.factories import make_wheel, sha256

JSON = "application/vnd.pypi.simple.v1+json"
FRESH = ("fresh-project", "1.0")


def main() -> None:
    """Print what was found, after a mark."""
    django.setup()
    options = json.loads(sys.argv[1])
    found: dict[str, object] = {"operations": operations(), "change": change(options["repeats"])}
    sys.stdout.write("\n\0" + json.dumps(found))


class Caller:
    """Django's test client, signed in; any answer but the expected one ends the measurement."""

    def __init__(self) -> None:
        from django.test import Client  # noqa: PLC0415 - Django must be set up first

        pair = f"{os.environ['PYPI_USERNAME']}:{os.environ['PYPI_PASSWORD']}".encode()
        self.client = Client(
            headers={"Host": "127.0.0.1", "Authorization": f"Basic {base64.b64encode(pair).decode()}"},
            raise_request_exception=True,
        )

    def get(self, path: str, *, expect: int = 200, method: str = "get", **headers: str) -> Any:
        """Return the answer, read to its end."""
        response = getattr(self.client, method)(path, headers=headers)
        body = response.getvalue()
        if response.status_code != expect:
            raise SystemExit(f"{method} {path} answered {response.status_code}: {body[:300]!r}")
        return response

    def upload(self, name: str, version: str) -> None:
        """Upload a new small wheel."""
        filename, data = make_wheel(name, version)
        content = io.BytesIO(data)
        content.name = filename
        fields = {":action": "file_upload", "name": name, "version": version, "sha256_digest": sha256(data)}
        response = self.client.post("/legacy/", fields | {"content": content})
        if response.status_code != 200:
            raise SystemExit(f"an upload was answered {response.status_code}: {response.content[:300]!r}")


def operations() -> dict[str, list[str]]:
    """Return the operations of each kind of request, in a process that has answered such requests before."""
    caller = Caller()
    page = f"/simple/{SMALL}/"
    first = caller.get(page, Accept=JSON)
    file = "/simple/x/" + json.loads(first.content)["files"][0]["url"]
    address = "/packages/" + file.partition("/packages/")[2]
    tag = first.headers["ETag"]
    root = caller.get("/simple/", Accept=JSON)
    caller.get(f"/simple/{MANY}/", Accept=JSON)
    kinds: dict[str, Callable[[], object]] = {
        "project page, cached": lambda: caller.get(page, Accept=JSON),
        "project page, cached, 1,000 files": lambda: caller.get(f"/simple/{MANY}/", Accept=JSON),
        "project page, in another format than before": lambda: caller.get(page, Accept="text/html"),
        "project page, 304": lambda: caller.get(page, expect=304, Accept=JSON, **{"If-None-Match": tag}),
        "project page, HEAD": lambda: caller.get(page, method="head", Accept=JSON),
        "project page, no such project": lambda: caller.get("/simple/no-such-project/", expect=404),
        "root page, cached": lambda: caller.get("/simple/", Accept=JSON),
        "root page, 304": lambda: caller.get(
            "/simple/", expect=304, Accept=JSON, **{"If-None-Match": root.headers["ETag"]}
        ),
        "file": lambda: caller.get(address),
        "file, HEAD": lambda: caller.get(address, method="head"),
        "file, 304": lambda: caller.get(address, expect=304, **{"If-None-Match": f'"{address.split("/")[2]}"'}),
        "file, .metadata": lambda: caller.get(f"{address}.metadata"),
        "upload of a new project": lambda: caller.upload(*FRESH),
        "upload, the same again": lambda: caller.upload(*FRESH),
        "upload to a project with 1,000 files": lambda: caller.upload(MANY, "3.0"),
        "project page after that, 1,000 files": lambda: caller.get(f"/simple/{MANY}/", Accept=JSON),
        "root page after that": lambda: caller.get("/simple/", Accept=JSON),
    }
    found = {}
    for kind, act in kinds.items():
        with counted() as calls:
            act()
        found[kind] = shown(calls)
    return found


@contextmanager
def counted() -> Iterator[list[tuple[str, int]]]:
    """Collect every request to the table, with the number of items it names."""
    from packages_app.tables.base import connection  # noqa: PLC0415 - Django must be set up first

    chosen = connection()
    original = chosen._make_api_call
    calls: list[tuple[str, int]] = []

    def counting(operation: str, given: dict[str, Any], *more: Any, **named: Any) -> Any:
        calls.append((operation, items(given)))
        return original(operation, given, *more, **named)

    vars(chosen)["_make_api_call"] = counting
    try:
        yield calls
    finally:
        del vars(chosen)["_make_api_call"]


def items(given: dict[str, Any]) -> int:
    """Return how many items a request names."""
    if "TransactItems" in given:
        return len(given["TransactItems"])
    if "RequestItems" in given:
        return sum(len(one["Keys"]) if "Keys" in one else len(one) for one in given["RequestItems"].values())
    return 1


def shown(calls: list[tuple[str, int]]) -> list[str]:
    """Return the calls as a person reads them."""
    return [
        f"{times} {operation}" + (f" of {count} items" if count > 1 else "")
        for (operation, count), times in Counter(calls).items()
    ]


def change(repeats: int) -> dict[str, float]:
    """Return the milliseconds of the first and of the next page after a change of a project with 1,000 files."""
    from packages_app.catalogue.entries import Change  # noqa: PLC0415 - Django must be set up first
    from packages_app.catalogue.read import files  # noqa: PLC0415 - Django must be set up first
    from packages_app.catalogue.write import set_yanked  # noqa: PLC0415 - Django must be set up first

    caller = Caller()
    filename = files(MANY)[0].filename
    who = Change(actor="benchmark", source="command")
    first: list[float] = []
    following: list[float] = []
    for number in range(repeats):
        set_yanked(MANY, filename, yanked=number % 2 == 0, reason=str(datetime.now(UTC)), change=who)
        for times in (first, following):
            began = time.perf_counter()
            caller.get(f"/simple/{MANY}/", Accept=JSON)
            times.append((time.perf_counter() - began) * 1000)
    return {"first": statistics.median(first), "next": statistics.median(following)}


if __name__ == "__main__":
    main()
