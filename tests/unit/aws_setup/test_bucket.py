"""The bucket gets what it misses; what it has stays."""

import pytest

from packages_app.aws_setup.bucket import ABORTED, INCOMING, PAGES, PRIVATE, STAGING, WORK, Bucket
from packages_app.aws_setup.entries import State, Wanted


@pytest.fixture
def steps(s3, wanted):
    def found(state=None):
        return [step for step in Bucket(s3, wanted).steps() if state in (None, step.state)]

    return found


def apply(steps):
    for step in steps(State.MISSING):
        step.make()


def test_a_new_bucket_is_all_that_is_needed(s3, wanted, steps):
    assert [step.state for step in steps()] == [State.MISSING] * 5 + [State.NOTE]
    apply(steps)
    assert steps(State.MISSING) == []
    assert s3.get_bucket_location(Bucket=wanted.bucket)["LocationConstraint"] == wanted.region
    assert s3.get_public_access_block(Bucket=wanted.bucket)["PublicAccessBlockConfiguration"] == PRIVATE
    assert s3.get_bucket_versioning(Bucket=wanted.bucket)["Status"] == "Enabled"


def test_the_first_region_is_not_named_when_a_bucket_is_made_there(s3):
    bucket = Bucket(s3, Wanted(table="t", bucket="elsewhere", region="us-east-1"))
    asked = {}
    s3.meta.events.register("provide-client-params.s3.CreateBucket", lambda params, **_: asked.update(params))
    s3.meta.events.register("before-send.s3.CreateBucket", stop)
    with pytest.raises(Stopped):
        bucket.create()
    assert "CreateBucketConfiguration" not in asked
    assert asked["ObjectOwnership"] == "BucketOwnerEnforced"


class Stopped(Exception):
    pass


def stop(**_):
    raise Stopped


def test_a_kms_key_stays(s3, bucket, steps):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/ours"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert any("KMS" in step.sentence for step in steps(State.NOTE))
    apply(steps)
    (found,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert found["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == "alias/ours"


def test_lifecycle_rules_of_others_stay_and_changed_ones_of_ours_too(s3, bucket, wanted, steps):
    theirs = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 3}}
    changed = {"ID": INCOMING, "Status": "Enabled", "Filter": {"Prefix": "team/incoming/"}, "Expiration": {"Days": 90}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [theirs, changed]})
    apply(steps)
    rules = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]}
    assert set(rules) == {"theirs", ABORTED, INCOMING, PAGES, STAGING, WORK}
    assert rules["theirs"]["Expiration"]["Days"] == 3
    assert rules[INCOMING]["Expiration"]["Days"] == 90
    assert rules[ABORTED]["Filter"]["Prefix"] == "team/"


def test_no_rule_reaches_published_files(s3, bucket, steps):
    apply(steps)
    for rule in s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]:
        if "Expiration" in rule:
            assert rule["Filter"]["Prefix"] in ("team/incoming/", "team/pages/", "team/staging/", "team/work/")


def test_a_half_open_bucket_is_closed(s3, bucket, steps):
    s3.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration={**PRIVATE, "RestrictPublicBuckets": False}
    )
    apply(steps)
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == PRIVATE


def test_tags_and_files_stay(s3, bucket, steps):
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "owner", "Value": "ana"}]})
    s3.put_object(Bucket=bucket, Key="team/packages/kept", Body=b"kept")
    apply(steps)
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "owner", "Value": "ana"}]
    assert s3.get_object(Bucket=bucket, Key="team/packages/kept")["Body"].read() == b"kept"
