"""Zappa gets names and secrets from the shell, and a secret key that it makes only once."""

import json
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from deploy import from_shell


class NotFound(Exception):
    """Stands for botocore's."""


class Lambda:
    """Answers for a function with these variables, or for none."""

    exceptions = SimpleNamespace(ResourceNotFoundException=NotFound)

    def __init__(self, variables):
        self.variables = variables

    def get_function_configuration(self, *, FunctionName):  # noqa: N803 - boto3's word
        if self.variables is None:
            raise NotFound(FunctionName)
        return {"Environment": {"Variables": self.variables}}

    def list_function_url_configs(self, *, FunctionName):  # noqa: N803 - boto3's word
        return {"FunctionUrlConfigs": [], "for": FunctionName}


class Cli:
    """What the callbacks use of Zappa's command line."""

    api_stage = "dev"
    lambda_name = "elastic-pypi-dev"
    command = "update"
    s3_bucket_name = "zappa-random"
    tags = {"application": "elastic-pypi"}
    stage_config = {"log_retention_days": 90}

    def __init__(self, variables=None, logs=None):
        self.aws_environment_variables = {"KEPT": "as it is"}
        self.zappa = SimpleNamespace(lambda_client=Lambda(variables), logs_client=logs)
        self.overridden = {}

    def override_stage_config_setting(self, name, value):
        self.overridden[name] = value


@pytest.fixture(autouse=True)
def shell(monkeypatch):
    """The shell of an operator, with nothing in it."""
    for name in (
        "PYPI_SECRET_KEY",
        "PYPI_BUCKET_PREFIX",
        "ZAPPA_BUCKET",
        "ZAPPA_FAILURE_QUEUE",
        "PYPI_USERNAME",
        "PYPI_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYPI_TABLE", "packages")
    monkeypatch.setenv("PYPI_BUCKET", "ours")
    return monkeypatch


def test_the_shell_s_variables_reach_the_function(shell):
    shell.setenv("PYPI_PASSWORD", "right-horse")
    shell.setenv("PYPI_DATA", "/somewhere/here")
    shell.setenv("ZAPPA_BUCKET", "packs")
    cli = Cli()
    from_shell.apply(cli)
    given = cli.aws_environment_variables
    assert len(given.pop("PYPI_SECRET_KEY")) > 50
    assert given == {
        "KEPT": "as it is",
        "PYPI_TABLE": "packages",
        "PYPI_BUCKET": "ours",
        "PYPI_PASSWORD": "right-horse",
    }
    assert cli.s3_bucket_name == "packs"
    assert "table/packages" in cli.zappa.attach_policy


@pytest.mark.parametrize("missing", ["PYPI_TABLE", "PYPI_BUCKET"])
def test_without_names_nothing_is_deployed(shell, missing):
    shell.delenv(missing)
    with pytest.raises(SystemExit, match=missing):
        from_shell.apply(Cli())


def test_a_function_keeps_its_key():
    assert from_shell.secret_key(Cli({"PYPI_SECRET_KEY": "first"})) == {}


def test_a_function_without_a_key_gets_one():
    assert set(from_shell.secret_key(Cli({}))) == {"PYPI_SECRET_KEY"}


def test_a_key_of_the_shell_is_taken(shell):
    shell.setenv("PYPI_SECRET_KEY", "of-the-shell")
    cli = Cli()
    from_shell.apply(cli)
    assert cli.aws_environment_variables["PYPI_SECRET_KEY"] == "of-the-shell"


@pytest.mark.parametrize(
    ("given", "held", "objects"),
    [
        pytest.param(None, {}, "ours/*", id="there is none"),
        pytest.param("team/index", {}, "ours/team/index/*", id="the shell names it"),
        pytest.param(None, {"PYPI_BUCKET_PREFIX": "team/index"}, "ours/team/index/*", id="the function has it"),
        pytest.param("", {"PYPI_BUCKET_PREFIX": "team/index"}, "ours/*", id="the shell takes it away"),
    ],
)
def test_the_role_is_for_the_prefix_that_the_function_uses(shell, given, held, objects):
    if given is not None:
        shell.setenv("PYPI_BUCKET_PREFIX", given)
    cli = Cli(held)
    from_shell.apply(cli)
    [own] = [each for each in json.loads(cli.zappa.attach_policy)["Statement"] if each["Sid"] == "OwnObjects"]
    assert own["Resource"] == f"arn:aws:s3:::{objects}"


def test_events_that_failed_go_to_the_queue_that_the_shell_names(shell):
    queue = "arn:aws:sqs:eu-central-1:123456789012:failed"
    without = Cli()
    from_shell.apply(without)
    assert not hasattr(without, "dead_letter_config")
    assert "sqs" not in without.zappa.attach_policy
    shell.setenv("ZAPPA_FAILURE_QUEUE", queue)
    cli = Cli()
    from_shell.apply(cli)
    assert cli.dead_letter_config == {"TargetArn": queue}
    assert json.loads(cli.zappa.attach_policy)["Statement"][-1]["Resource"] == queue


def test_the_bucket_s_events_go_to_the_handler_where_there_is_one(tmp_path, shell):
    shell.setattr(from_shell, "HERE", tmp_path / "deploy")
    assert from_shell.events() == []
    handlers = tmp_path / "packages_app" / "storage_events" / "handlers.py"
    handlers.parent.mkdir(parents=True)
    handlers.touch()
    (found,) = from_shell.events()
    assert found["function"] == "packages_app.storage_events.handlers.objects_changed"
    assert found["event_source"]["arn"] == "arn:aws:s3:::ours"


def test_logs_are_forgotten_after_a_while_and_a_retention_that_is_set_stays(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        logs = boto3.client("logs", region_name="eu-central-1")
        group = "/aws/lambda/elastic-pypi-dev"
        from_shell.keep_logs(Cli(logs=logs))
        assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 90
        logs.put_retention_policy(logGroupName=group, retentionInDays=365)
        from_shell.keep_logs(Cli(logs=logs))
        assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 365
