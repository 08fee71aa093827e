"""`manage.py import_elasticpypi`: from elasticpypi's bucket and table, another bucket, a folder."""

from contextlib import nullcontext

import boto3
import pytest
from moto import mock_aws

from packages_app.catalogue import read
from packages_app.file_store import bucket as buckets
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.commands import manage
from tests.functional.conftest import basic

pytestmark = pytest.mark.operator  # an import reads and writes outside the prefix, as a person does

NAME, WHEEL = make_wheel()
LOCAL = make_wheel(version="1.0+cu121")
HYPHENS = make_sdist("foo-bar", "1.0", stem="foo-bar-1.0")
BUCKET, TABLE = "old-packages", "elasticpypi"


@pytest.fixture
def elasticpypi(home, monkeypatch):
    """An elasticpypi bucket and its table, as that system leaves them."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with nullcontext() if home.startswith("dynamodb") else mock_aws():
        s3 = boto3.client("s3")
        bucket = BUCKET if home != "dynamodb and s3" else "packages"  # also from the very bucket that is now ours
        if bucket == BUCKET:
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        objects = dict(
            [(NAME, WHEEL), LOCAL, HYPHENS, ("index.html", b"x"), ("demo-3.0.tar.gz", b"cut off"), ("folder/", b"")]
        )
        for key, data in objects.items():
            s3.put_object(Bucket=bucket, Key=key, Body=data)
        keys = [("package_name", "HASH"), ("version", "RANGE")]
        dynamodb = boto3.client("dynamodb")
        dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
            ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        )
        for filename in (NAME, "withdrawn-1.0.tar.gz"):
            row = {"package_name": filename, "version": "1.0", "filename": filename, "normalized_name": "demo"}
            dynamodb.put_item(TableName=TABLE, Item={name: {"S": value} for name, value in row.items()})
        yield bucket
        kept = {found["Key"] for found in s3.list_objects_v2(Bucket=bucket)["Contents"]}
        assert set(objects) <= kept  # the source was never changed


def test_a_bucket_and_its_table_are_adopted(elasticpypi, client):
    given = ("import_elasticpypi", "--from-bucket", elasticpypi, "--table", TABLE)
    code, said = manage(*given)
    assert code == 1
    assert "3 would be published" in said
    assert "run it again with --apply" in said
    assert list(read.listed()) == []

    code, said = manage(*given, "--apply")
    assert code == 2
    lines = dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)
    assert lines[NAME] == lines[LOCAL[0]] == lines[HYPHENS[0]] == "published"
    assert lines["index.html"].startswith("no distribution")
    assert lines["demo-3.0.tar.gz"].startswith("refused: ")
    assert lines["withdrawn-1.0.tar.gz"].startswith("only in the table")
    assert "folder/" not in lines
    modified = boto3.client("s3").head_object(Bucket=elasticpypi, Key=NAME)["LastModified"]
    assert read.file("demo", NAME).upload_time == modified
    assert LOCAL[0] in client.get("/simple/demo/", headers=basic()).content.decode().replace("%2B", "+")

    code, said = manage(*given, "--apply")
    assert (code, "3 already published" in said, "1 refused" in said) == (2, True, True)
    assert manage("verify")[0] == 0


def test_only_what_lies_under_the_prefix_is_adopted(elasticpypi):
    assert manage("import_elasticpypi", "--from-bucket", elasticpypi, "--prefix", "foo", "--apply")[0] == 0
    assert [project.name for project in read.listed()] == ["foo-bar"]


def test_what_cannot_be_read_is_named(elasticpypi):
    code, said = manage("import_elasticpypi", "--from-bucket", "no-such-bucket")
    assert (code, "no-such-bucket" in said, "NoSuchBucket" in said) == (2, True, True)
    code, said = manage("import_elasticpypi", "--from-bucket", elasticpypi, "--table", "no-such-table")
    assert (code, "no-such-table" in said, "ResourceNotFound" in said) == (2, True, True)


@pytest.mark.parametrize("home", ["dynamodb and s3"], indirect=True)
def test_the_index_does_not_adopt_what_it_put_there_itself(elasticpypi):
    manage("import_elasticpypi", "--from-bucket", elasticpypi, "--apply")
    assert [found.key for found in buckets.own().walk("packages/")]
    said = manage("import_elasticpypi", "--from-bucket", elasticpypi, "--prefix", "team/")[1]
    assert "There is no file at all." in said


def test_a_table_of_many_pages_is_read_to_its_end(elasticpypi):
    dynamodb = boto3.client("dynamodb")
    for number in range(12):  # a page is at most 1 MB
        row = {"package_name": f"lost-{number}.tar.gz", "version": "1", "filename": "x" * 300_000}
        dynamodb.put_item(TableName=TABLE, Item={name: {"S": value} for name, value in row.items()})
    said = manage("import_elasticpypi", "--from-bucket", elasticpypi, "--table", TABLE)[1]
    assert said.count(": only in the table: ") == 13


def test_a_folder_is_adopted(home, tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / NAME).write_bytes(WHEEL)
    (folder / "odd\nname").write_bytes(b"x")
    assert manage("import_elasticpypi", "--from-folder", folder)[0] == 1
    code, said = manage("import_elasticpypi", "--from-folder", folder, "--apply")
    assert (code, f"{NAME}: published\n" in said, r"'odd\nname': no distribution" in said) == (0, True, True)
    assert read.file("demo", NAME).sha256 == sha256(WHEEL)
    code, said = manage("import_elasticpypi", "--from-folder", folder)
    assert (code, "1 already published" in said) == (0, True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "--from-bucket"),
        (("--from-bucket", "a", "--from-folder", "b"), "not allowed with"),
        (("--from-folder", ".", "--prefix", "x"), "--prefix"),
        (("--from-folder", ".", "--table", "x"), "--table"),
        (("--from-folder", "/nothing/here"), "No such file"),
    ],
    ids=["no source", "two sources", "a prefix of a folder", "a table of a folder", "no such folder"],
)
def test_arguments_that_make_no_sense_are_refused(given, says):
    code, said = manage("import_elasticpypi", *given)
    assert (code > 0, says in said) == (True, True), said
