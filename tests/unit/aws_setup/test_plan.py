"""A plan changes nothing; applying it makes what is missing, once; the template makes the same things."""

import json

import pytest
from django.core.management import CommandError, call_command

from packages_app.aws_setup.bucket import PRIVATE, lifecycle_rules
from packages_app.aws_setup.entries import State
from packages_app.aws_setup.errors import AwsRefused, AwsUnreachable, reported
from packages_app.aws_setup.plan import apply, plan
from packages_app.aws_setup.table import index_of, schema


@pytest.fixture
def configured(settings, wanted):
    """Name the table and the bucket, as the environment does."""
    settings.BUCKET_PREFIX = wanted.prefix
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "table": wanted.table, "bucket": wanted.bucket}


def test_a_plan_changes_nothing(wanted, dynamodb, s3):
    assert {step.state for step in plan(wanted)} == {State.MISSING, State.NOTE}
    assert dynamodb.list_tables()["TableNames"] == []
    assert s3.list_buckets()["Buckets"] == []


def test_applying_it_twice_changes_nothing_the_second_time(wanted):
    first = list(apply(plan(wanted)))
    assert len(first) == 8
    assert list(apply(plan(wanted))) == []


def test_the_command_says_what_is_missing_then_makes_it(configured, capsys):
    with pytest.raises(CommandError, match="run it again with --apply") as refused:
        call_command("setup_aws")
    assert refused.value.returncode == 1
    assert "missing  table packages: the table itself" in capsys.readouterr().out
    call_command("setup_aws", "--apply")
    assert "made     bucket packages-of-the-team: the bucket itself" in capsys.readouterr().out
    call_command("setup_aws")
    said = capsys.readouterr().out
    assert "missing" not in said
    assert said.endswith("The account has all that the index needs.\n")


def test_the_command_says_what_must_be_changed_by_hand(configured, dynamodb, wanted):
    dynamodb.create_table(
        TableName=wanted.table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
    )
    with pytest.raises(CommandError, match="by hand") as refused:
        call_command("setup_aws", "--apply")
    assert refused.value.returncode == 1


def test_the_command_needs_both_names(settings, wanted):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "table": wanted.table}
    with pytest.raises(CommandError, match="PYPI_TABLE and PYPI_BUCKET"):
        call_command("setup_aws")


def test_a_refusal_names_the_call(s3, bucket):
    def refuse():
        error = {"Error": {"Code": "AccessDenied", "Message": "no"}}
        raise s3.exceptions.ClientError(error, "PutBucketVersioning")

    with pytest.raises(AwsRefused, match="may not call PutBucketVersioning"), reported(f"bucket {bucket}"):
        refuse()


def test_missing_credentials_are_told(wanted, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    with pytest.raises(AwsUnreachable, match="AWS_PROFILE"):
        plan(wanted)


def test_the_template_makes_the_same_table_and_bucket(settings, wanted):
    template = json.loads((settings.BASE_DIR / "deploy" / "cloudformation.json").read_text())
    table = template["Resources"]["Table"]["Properties"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["KeySchema"] == schema()["key_schema"]
    assert table["AttributeDefinitions"] == schema()["attribute_definitions"]
    assert table["GlobalSecondaryIndexes"] == [index_of(schema())]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    bucket = template["Resources"]["Bucket"]["Properties"]
    assert bucket["PublicAccessBlockConfiguration"] == PRIVATE
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    rules = {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    for rule in lifecycle_rules(wanted):
        made = rules[rule["ID"]]
        assert made["Status"] == "Enabled"
        if "Expiration" in rule:
            assert made["ExpirationInDays"] == rule["Expiration"]["Days"]
        else:
            assert made["AbortIncompleteMultipartUpload"] == rule["AbortIncompleteMultipartUpload"]
    for name in ("Table", "Bucket"):
        assert template["Resources"][name]["DeletionPolicy"] == "Retain"
        assert template["Resources"][name]["UpdateReplacePolicy"] == "Retain"
