"""Gives Zappa what its settings file must not hold: passwords, and the names of this account's table and bucket.

Zappa calls `apply` before each command, on the machine that deploys, never on Lambda.
"""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from string import Template
from typing import Any

from deploy import addresses

HERE = Path(__file__).resolve().parent
POLICY = HERE / "policy.json"
EVENTS = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
HANDLER = "packages_app.storage_events.handlers.objects_changed"
REQUIRED = ("PYPI_TABLE", "PYPI_BUCKET")
ONLY_HERE = frozenset({"PYPI_DATA"})
"""Variables that mean this machine, and nothing on Lambda."""


def apply(cli: Any) -> None:
    """Fill in the function's variables, its role's policy and the bucket's events from this shell's variables."""
    if missing := [name for name in REQUIRED if not os.environ.get(name)]:
        raise SystemExit(f"Set {' and '.join(missing)} in this shell: zappa needs the names of table and bucket.")
    variables = {name: value for name, value in os.environ.items() if name.startswith("PYPI_")}
    for name in ONLY_HERE:
        variables.pop(name, None)
    cli.aws_environment_variables = {**cli.aws_environment_variables, **variables, **secret_key(cli)}
    cli.s3_bucket_name = os.environ.get("ZAPPA_BUCKET") or cli.s3_bucket_name
    queue = os.environ.get("ZAPPA_FAILURE_QUEUE", "")
    if queue:
        cli.dead_letter_config = {"TargetArn": queue}
    cli.zappa.attach_policy = policy(function=cli.lambda_name, prefix=prefix(cli), queue=queue)
    cli.override_stage_config_setting("events", events())
    addresses.apply(cli)


def secret_key(cli: Any) -> dict[str, str]:
    """Return a new key where the function has none; one it has stays, as Zappa keeps variables that it is not given."""
    if os.environ.get("PYPI_SECRET_KEY"):
        return {}
    held = addresses.variables_of(cli)
    return {} if held.get("PYPI_SECRET_KEY") else {"PYPI_SECRET_KEY": secrets.token_urlsafe(50)}


def prefix(cli: Any) -> str:
    """Return the prefix in the bucket: the shell's, or else the one that the function has and is going to keep."""
    given = os.environ.get("PYPI_BUCKET_PREFIX")
    return addresses.variables_of(cli).get("PYPI_BUCKET_PREFIX", "") if given is None else given


def policy(*, function: str, prefix: str = "", queue: str = "") -> str:
    """Return what the function may do: on its own table, bucket, log group and failure queue, and nothing else."""
    prefix = prefix.strip("/")
    text = Template(POLICY.read_text(encoding="utf-8")).substitute(
        table=os.environ["PYPI_TABLE"],
        bucket=os.environ["PYPI_BUCKET"],
        prefix=f"{prefix}/" if prefix else "",
        function=function,
    )
    document = json.loads(text)
    if queue:
        statement = {"Sid": "OwnQueue", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue}
        document["Statement"].append(statement)
    return json.dumps(document)


def events() -> list[dict[str, Any]]:
    """Return the bucket's events that the function handles; none where the code has no handler."""
    module = HANDLER.rpartition(".")[0].replace(".", "/")
    if not (HERE.parent / f"{module}.py").exists():
        return []
    source = {"arn": f"arn:aws:s3:::{os.environ['PYPI_BUCKET']}", "events": EVENTS}
    return [{"function": HANDLER, "event_source": source}]


def keep_logs(cli: Any) -> None:
    """Make the function's log group, and let it forget after ``log_retention_days``; a retention that is set stays."""
    logs, group = cli.zappa.logs_client, f"/aws/lambda/{cli.lambda_name}"
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=group, tags=cli.tags)
    found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    if any(each["logGroupName"] == group and "retentionInDays" in each for each in found):
        return
    logs.put_retention_policy(logGroupName=group, retentionInDays=cli.stage_config["log_retention_days"])
