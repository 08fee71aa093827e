"""The known defects of elasticpypi, one test for each: none of them is to come back.

D1  sdist names with hyphens        D5  listings cut off at 1 MB       D9   unknown projects answered 200
D2  names without a version         D6  overwriting by check-then-act  D10  the stage baked into links
D3  wheel names that do not match   D7  a policy that allows too much  D11  one record, no way to index anew
D4  removals with quoted keys       D8  an authoriser per request      D12  browsers keep refusals

Of D7, D8, D10 and D11 this holds what the app answers for. That a deployment has no authoriser before it, that links
hold behind a gateway's stage, a custom domain and a function URL, and that a failed event comes to a queue, is seen
where it is deployed: tests/aws names these rows too.
"""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin

import pytest
from django.test import Client

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, File
from packages_app.catalogue.read import moment
from packages_app.file_store import bucket as buckets
from packages_app.file_store import keys
from packages_app.storage_events.handlers import objects_changed
from packages_app.tables import base
from packages_app.uploads import publish as journey
from tests import bucket_events
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.commands import manage
from tests.functional.conftest import basic

IN_BUCKET = pytest.mark.parametrize("home", ["dynamodb and s3"], indirect=True)
EVERY_TABLE = pytest.mark.parametrize("home", ["embedded and folder", "dynamodb and folder"], indirect=True)
ANY_HOME = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
JSON = "application/vnd.pypi.simple.v1+json"
NAME, WHEEL = make_wheel()


def drop(filename: str, data: bytes) -> dict:
    """Put an object where elasticpypi's users put them, beside everything else, and return its event's record."""
    bucket = buckets.own()
    bucket.client.put_object(**bucket.where(filename), Body=data)
    return bucket_events.record("ObjectCreated:Put", bucket.prefix + filename, bucket=bucket.name)


def happened(*records: dict) -> dict[str, int]:
    return objects_changed(bucket_events.event(*records), None)


def links(client: Client, project: str, **extra) -> list[str]:
    answer = client.get(f"/simple/{project}/", headers={**basic(), "accept": JSON}, **extra)
    return [file["filename"] for file in json.loads(answer.content)["files"]]


@IN_BUCKET
@pytest.mark.parametrize(
    ("stem", "project", "version"),
    [
        pytest.param("foo-bar-1.0", "foo-bar", "1.0", id="D1: one hyphen in the name"),
        pytest.param("a-b-c-d-1.0rc1", "a-b-c-d", "1.0rc1", id="D1: three hyphens in the name"),
        pytest.param("foo-2-1.0", "foo-2", "1.0", id="D1: a number behind the hyphen"),
        pytest.param("Foo-Bar-1.0", "foo-bar", "1.0", id="D1: capitals"),
    ],
)
def test_d1_sdists_with_hyphens_in_their_names_are_listed(client, stem, project, version):
    filename, data = make_sdist(stem.rpartition("-")[0], version, stem=stem)
    assert happened(drop(filename, data)) == {"published": 1}
    assert links(client, project) == [filename]


@IN_BUCKET
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, id=f"D2: {name}")
        for name in ("demo-1.0.tar.bz2", "demo-1.0.tar.gz.asc", "index.html", "demo.tar.gz", "demo-x.tar.gz", "noext")
    ],
)
def test_d2_names_without_a_version_are_no_error_and_stop_nothing(client, name):
    assert happened(drop(name, b"x"), drop(NAME, WHEEL)) == {"no distribution": 1, "published": 1}
    assert links(client, "demo") == [NAME]


@IN_BUCKET
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, id=f"D3: {name}")
        for name in ("demo.whl", "demo-1.0.whl", "demo-1.0-py3.whl", "demo-x-py3-none-any.whl", "-1.0-py3-none-any.whl")
    ],
)
def test_d3_wheel_names_that_do_not_match_are_no_error_and_stop_nothing(client, name):
    assert happened(drop(name, b"x"), drop(NAME, WHEEL)) == {"no distribution": 1, "published": 1}
    assert links(client, "demo") == [NAME]


@IN_BUCKET
@pytest.mark.parametrize(
    "made",
    [
        pytest.param(make_wheel(version="1.0+cu121"), id="D4: a wheel of a local version"),
        pytest.param(make_sdist(version="1!1.0+local.2"), id="D4: an sdist with an epoch and a local version"),
    ],
)
def test_d4_a_removed_file_with_a_plus_in_its_name_leaves_the_index(client, made):
    filename, data = made
    happened(drop(filename, data))
    assert links(client, "demo") == [filename]
    bucket, key = buckets.own(), keys.blob(sha256(data), filename)
    bucket.client.delete_object(**bucket.where(key))
    removed = bucket_events.record("ObjectRemoved:Delete", bucket.prefix + key, bucket=bucket.name)
    assert "%2B" in removed["s3"]["object"]["key"]
    assert happened(removed) == {"withdrawn": 1}
    assert links(client, "demo") == []


def row(number: int, *, project: str = "demo") -> File:
    """Return a file whose row is large."""
    version = f"1.{number}"
    return File(
        project=project,
        filename=f"{project}-{version}.tar.gz",
        version=version,
        filetype="sdist",
        size=1,
        sha256=f"{number:064x}",
        blake2_256="",
        upload_time=moment(1),
        uploader="ana",
        requires_python=">=3.8" + " " * 30_000,
    )


@EVERY_TABLE
@pytest.mark.parametrize("count", [pytest.param(60, id="D5: a project of 1.8 MB")])
def test_d5_a_page_lists_every_file_and_nothing_is_scanned(client, count, monkeypatch):
    change = Change(actor="ana", source="test")
    for number in range(count):
        write.publish(row(number), display_name="demo", change=change, fence="")
    asked = []
    connection = base.table_connection().connection
    real = connection._make_api_call

    def noted(operation, arguments, *given, **named):
        asked.append(operation)
        return real(operation, arguments, *given, **named)

    monkeypatch.setattr(connection, "_make_api_call", noted)
    assert len(links(client, "demo")) == count
    assert asked.count("Query") > 1  # it was more than one answer could hold
    client.get("/simple/", headers=basic())
    assert "Scan" not in asked


@pytest.mark.parametrize("racers", [pytest.param(4, id="D6: four uploads at once, each with other bytes")])
def test_d6_of_uploads_that_race_one_wins_and_the_others_are_refused(publish, monkeypatch, racers):
    """All of them look before any of them writes: only the write may decide."""
    real, start = journey.read.file, threading.Barrier(racers)
    looked = threading.local()

    def together(project, filename):
        found = real(project, filename)
        if not getattr(looked, "once", False):
            looked.once = True
            start.wait(20)
        return found

    monkeypatch.setattr(journey.read, "file", together)
    made = [make_wheel(content=bytes([number]))[1] for number in range(racers)]
    with ThreadPoolExecutor(racers) as pool:
        answers = list(pool.map(lambda data: publish(NAME, data), made))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (racers - 1)
    winner = next(data for data, answer in zip(made, answers, strict=True) if answer.status_code == 200)
    assert real("demo", NAME).sha256 == sha256(winner)


@IN_BUCKET
@pytest.mark.parametrize(
    "key", [pytest.param(f"incoming/{NAME}", id="D6: incoming"), pytest.param(NAME, id="D6: elsewhere")]
)
def test_d6_a_file_put_into_the_bucket_does_not_get_round_the_check(client, publish, key):
    assert publish(NAME, WHEEL).status_code == 200
    assert happened(drop(key, make_wheel(content=b"other")[1])) == {"refused": 1}
    assert read.file("demo", NAME).sha256 == sha256(WHEEL)


@ANY_HOME
@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"REMOTE_USER": "ana"}, id="D7: a user that somebody in front names"),
        pytest.param({"HTTP_X_AMZN_PRINCIPAL_ID": "ana"}, id="D7: a principal of an authoriser"),
        pytest.param({"HTTP_X_API_KEY": "x"}, id="D7: a key of a gateway"),
    ],
)
def test_d7_every_door_asks_for_credentials_itself_whatever_stands_in_front(client, extra):
    """There is no authoriser whose policy could allow more than it means; the deployment must not add one."""
    for method, path in (("get", "/simple/"), ("get", "/simple/demo/"), ("post", "/simple/"), ("post", "/legacy/")):
        assert getattr(client, method)(path, **extra).status_code == 401, (method, path)


@EVERY_TABLE
@pytest.mark.parametrize("times", [pytest.param(3, id="D8: one read a page, and nothing for signing in")])
def test_d8_a_request_costs_no_second_one_to_be_authorised(client, publish, monkeypatch, times):
    publish(NAME, WHEEL)
    links(client, "demo")  # the page is kept now
    asked = []
    connection = base.table_connection().connection
    real = connection._make_api_call

    def noted(operation, arguments, *given, **named):
        asked.append(operation)
        return real(operation, arguments, *given, **named)

    monkeypatch.setattr(connection, "_make_api_call", noted)
    for _ in range(times):
        links(client, "demo")
    assert asked == ["GetItem"] * times


@pytest.mark.parametrize("path", [pytest.param("/simple/nothing/", id="D9: a project that there never was")])
def test_d9_an_unknown_project_is_not_found(client, path):
    assert client.get(path, headers=basic()).status_code == 404


@ANY_HOME
@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({}, id="D10: at the root"),
        pytest.param({"SCRIPT_NAME": "/dev"}, id="D10: under a stage"),
        pytest.param({"HTTP_HOST": "localhost:8443"}, id="D10: on another host"),
        pytest.param({"SCRIPT_NAME": "/a/b", "HTTP_HOST": "packages.localhost"}, id="D10: on another host and path"),
    ],
)
def test_d10_links_are_right_wherever_the_index_is(client, publish, extra):
    publish(NAME, WHEEL)
    path = f"{extra.get('SCRIPT_NAME', '')}/simple/demo/"
    headers = {**basic(), "accept": JSON}
    answer = client.get("/simple/demo/", headers=headers, **extra)
    (url,) = [file["url"] for file in json.loads(answer.content)["files"]]
    wanted = f"{extra.get('SCRIPT_NAME', '')}/packages/{sha256(WHEEL)}/{NAME}"
    assert urljoin(f"https://index.example{path}", url) == f"https://index.example{wanted}"
    assert b"/dev" not in answer.content
    assert b"localhost" not in answer.content


@IN_BUCKET
@pytest.mark.parametrize("count", [pytest.param(3, id="D11: three records in one event")])
def test_d11_every_record_of_an_event_is_handled(client, count):
    made = dict(make_wheel(version=f"{number}.0") for number in range(1, count + 1))
    assert happened(*(drop(filename, data) for filename, data in made.items())) == {"published": count}
    assert set(links(client, "demo")) == set(made)


@IN_BUCKET
@pytest.mark.parametrize(
    ("folder", "command"),
    [
        pytest.param("incoming/", ("reconcile", "--apply"), id="D11: reconcile takes up the incoming area"),
        pytest.param("", ("import_elasticpypi", "--from-bucket", "packages", "--apply"), id="D11: import takes up all"),
    ],
)
def test_d11_a_bucket_whose_events_were_lost_can_be_indexed(client, folder, command):
    filename, data = make_wheel(version="1.0+cu121")
    drop(folder + filename, data)  # and nobody hears of it
    assert read.project("demo") is None
    assert manage(*command)[0] == 0
    assert links(client, "demo") == [filename]


@ANY_HOME
@pytest.mark.parametrize("path", [pytest.param(path, id=f"D12: {path}") for path in ("/simple/", "/simple/demo/")])
def test_d12_no_cache_keeps_a_refusal_or_a_private_page(client, publish, path):
    publish(NAME, WHEEL)
    refusal = client.get(path)
    assert (refusal.status_code, refusal.headers["Cache-Control"]) == (401, "no-store")
    answer = client.get(path, headers=basic())
    assert "private" in answer.headers["Cache-Control"]
