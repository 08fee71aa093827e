"""What is read from S3's notifications, and what is not guessed."""

import pytest

from packages_app.storage_events.notices import Happening, Notice, Unreadable, notices
from tests.bucket_events import deleted, event, put, record


@pytest.mark.parametrize(
    ("quoted", "key"),
    [
        pytest.param("incoming/demo-1.0.tar.gz", "incoming/demo-1.0.tar.gz", id="a plain key"),
        pytest.param("demo-1.0%2Bcu121.tar.gz", "demo-1.0+cu121.tar.gz", id="the plus of a local version"),
        pytest.param("demo-1.0%252Bcu121.tar.gz", "demo-1.0%2Bcu121.tar.gz", id="a percent sign in the key itself"),
        pytest.param("my+files/demo-1.0.tar.gz", "my files/demo-1.0.tar.gz", id="a space"),
        pytest.param("%C3%BCber/d%C3%A9mo.whl", "über/démo.whl", id="letters beyond ASCII"),
        pytest.param("a%FFb", "a\ufffdb", id="bytes that are no UTF-8"),
    ],
)
@pytest.mark.parametrize("name", ["ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated"])
def test_keys_are_unquoted_whatever_happened_to_them(name, quoted, key):
    told = record(name, "x")
    told["s3"]["object"]["key"] = quoted
    (found,) = notices(event(told))
    assert (found.key, found.bucket, found.address) == (key, "packages-bucket", "192.0.2.7")


@pytest.mark.parametrize(
    ("name", "happening"),
    [
        ("ObjectCreated:Put", Happening.CREATED),
        ("ObjectCreated:CompleteMultipartUpload", Happening.CREATED),
        ("s3:ObjectCreated:Copy", Happening.CREATED),
        ("ObjectRemoved:Delete", Happening.REMOVED),
        ("ObjectRemoved:DeleteMarkerCreated", Happening.REMOVED),
        ("LifecycleExpiration:DeleteMarkerCreated", Happening.EXPIRED),
    ],
)
def test_names_of_events_are_understood_by_how_they_begin(name, happening):
    (found,) = notices(event(record(name, "a")))
    assert found.happening is happening


def test_every_record_is_read_in_its_order():
    told = event(*put("a")["Records"], {"what": "else"}, *deleted("b")["Records"])
    first, second, third = notices(told)
    assert isinstance(second, Unreadable)
    assert [(found.key, found.happening) for found in (first, third)] == [
        ("a", Happening.CREATED),
        ("b", Happening.REMOVED),
    ]


def test_the_test_of_a_new_configuration_has_nothing_to_tell():
    told = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "packages-bucket", "RequestId": "5582815E1AEA5"}
    assert list(notices(told)) == []


def nameless(**changes) -> dict:
    return event({**record("ObjectCreated:Put", "a"), **changes})


@pytest.mark.parametrize(
    "told",
    [
        None,
        "text",
        [],
        {},
        {"Records": []},
        {"Records": {"a": 1}},
        {"Records": [None]},
        {"Records": ["text"]},
        {"Records": [[]]},
        {"Records": [{"Sns": {"Message": "{}"}}]},
        nameless(s3=None),
        nameless(s3={"bucket": {"name": "b"}, "object": {}}),
        nameless(s3={"bucket": {"name": "b"}, "object": {"key": ""}}),
        nameless(s3={"bucket": {"name": "b"}, "object": {"key": 7}}),
        nameless(eventName=7),
        nameless(eventName="ObjectRestore:Completed"),
    ],
    ids=repr,
)
def test_other_shapes_are_told_apart(told):
    (found,) = notices(told)
    assert isinstance(found, Unreadable)


@pytest.mark.parametrize("parameters", [None, {}, {"sourceIPAddress": None}])
def test_what_s3_did_by_itself_has_no_address(parameters):
    (found,) = notices(nameless(requestParameters=parameters))
    assert isinstance(found, Notice)
    assert found.address == ""
