"""What S3 sends to a function, as it was seen: keys quoted as forms are, a sequencer, versions where there are any."""

from urllib.parse import quote_plus

BUCKET = "packages-bucket"


def record(name: str, key: str, *, bucket: str = BUCKET, version: str = "", sequencer: str = "0055AED6DCD90281E5"):
    """Return one record."""
    told = {"key": quote_plus(key, safe="/"), "sequencer": sequencer}
    if name.startswith("ObjectCreated"):
        told |= {"size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e"}
    if version:
        told["versionId"] = version
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-central-1",
        "eventTime": "2026-01-02T03:04:05.678Z",
        "eventName": name,
        "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.7"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "packages_app.storage_events.handlers.objects_changed",
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                "arn": f"arn:aws:s3:::{bucket}",
            },
            "object": told,
        },
    }


def event(*records) -> dict:
    """Return an event of these records."""
    return {"Records": list(records)}


def put(key: str, **kwargs) -> dict:
    """Return the event of one object that was put."""
    return event(record("ObjectCreated:Put", key, **kwargs))


def deleted(key: str, **kwargs) -> dict:
    """Return the event of one object that was deleted."""
    return event(record("ObjectRemoved:Delete", key, **kwargs))
