"""Whatever the function's role allows is needed by something that the function does: nothing is left over in it."""

import json

import pytest
from django.conf import settings

from packages_app.file_store import bucket as buckets
from packages_app.storage_events.handlers import objects_changed
from tests import bucket_events
from tests.factories import make_wheel, sha256
from tests.functional.commands import manage
from tests.functional.uploader import PUT

IN_BUCKET = pytest.mark.parametrize("home", ["dynamodb and s3"], indirect=True)
ELSEWHERE = {
    "logs:CreateLogStream": "Lambda itself writes the log",
    "logs:PutLogEvents": "Lambda itself writes the log",
    "s3:AbortMultipartUpload": "an upload in parts that ends early, in the tests of upload sessions",
    "s3:ListMultipartUploadParts": "an upload in parts that goes on, in the tests of upload sessions",
}
"""Actions that the tour below does not call, and what does."""


def allowed() -> set[str]:
    policy = json.loads((settings.BASE_DIR / "deploy" / "policy.json").read_text())
    actions = [statement["Action"] for statement in policy["Statement"]]
    return {action for each in actions for action in ([each] if isinstance(each, str) else each)}


@IN_BUCKET
def test_every_allowed_action_is_used(client, auth, publish, uploader, called):
    filename, data = make_wheel("tour", "1.0")
    assert publish(filename, data).status_code == 200
    for path in ("/simple/", "/simple/tour/"):
        assert client.get(path, headers=auth).status_code == 200
    assert client.get(f"/packages/{sha256(data)}/{filename}", headers=auth).status_code == 302
    # a release through a session, and one that is given up
    session = uploader.create().json()
    uploader.add(session, make_wheel(), PUT)
    assert uploader.publish(session).status_code in (201, 202)
    other = uploader.create("given-up", "1.0").json()
    assert uploader.send(other["links"]["session"], method="delete").status_code == 204
    # a file that was put into the bucket, and one that was removed from it
    bucket = buckets.own()
    dropped, bytes_of_it = make_wheel("dropped", "1.0")
    bucket.client.put_object(**bucket.where(f"incoming/{dropped}"), Body=bytes_of_it)
    record = bucket_events.record("ObjectCreated:Put", f"{bucket.prefix}incoming/{dropped}", bucket=bucket.name)
    assert objects_changed(bucket_events.event(record), None) == {"published": 1}
    assert manage("reconcile", "--apply", "--grace", "0")[0] == 0
    assert called | ELSEWHERE.keys() == allowed()


def test_what_is_explained_is_allowed():
    assert ELSEWHERE.keys() <= allowed()
