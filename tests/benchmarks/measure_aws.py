"""Measures what this index takes on AWS: calls, units, money, and the size and start of its package."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from tests.aws.environments import environment
from tests.benchmarks import cost
from tests.benchmarks.bench import Bench
from tests.benchmarks.environments import ROOT
from tests.benchmarks.ours import inside
from tests.benchmarks.processes import clean_environment
from tests.benchmarks.report import OURS
from tests.benchmarks.units import Used

UNITS = "calls to AWS and units of DynamoDB, for one request (counted on moto)"
COST = "a month on AWS, in US dollars (prices as in tests/benchmarks/cost.py)"
PACKAGE = "the package for Lambda"
STARTS = 5


def measure(bench: Bench, folder: Path) -> None:
    """Count the calls, reckon what they cost, and start the package."""
    found = {
        kind: Used(Counter(used["calls"]), used["read"], used["write"])
        for kind, used in inside(folder, "aws", many=bench.plan.many).items()
    }
    for kind, used in found.items():
        bench.report.say(UNITS, kind, used.text())
    for month in cost.months(install(found)):
        bench.report.say(
            COST,
            f"{month.installs:,} installs",
            f"{month.total:,.2f}: table {month.table:,.2f}, gateway {month.gateway:,.2f}, function "
            f"{month.function:,.2f}, bucket {month.bucket:,.2f}; traffic out {month.traffic:,.2f}; "
            f"{month.read_units_at_peak:,.2f} read units a second at the peak",
        )
    measure_package(bench)


def install(found: dict[str, Used]) -> cost.Install:
    """Return what an install takes, as it was counted: a page, the core metadata and the file."""
    parts = [found["project page, kept by the process"], found["file, .metadata"], found["file"]]
    upload = found["upload of a further file"]
    return cost.Install(
        requests=len(parts) + cost.UPLOADS_PER_INSTALL,
        read_units=sum(part.read for part in parts) + upload.read * cost.UPLOADS_PER_INSTALL,
        write_units=upload.write * cost.UPLOADS_PER_INSTALL,
    )


def measure_package(bench: Bench) -> None:
    """Pack as `zappa deploy` does, without an account, and start what was packed."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "package.zip"
        pack(package)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(Path(folder) / "task")
        bench.report.add(PACKAGE, "size of the zip", OURS, package.stat().st_size / 1e6, "MB")
        found = [started(Path(folder) / "task") for _ in range(STARTS + 1)][1:]
        for name, case in (("import", "import of the handler"), ("first", "first page"), ("warm", "a page, warm")):
            value = statistics.median(one[name] for one in found) * 1000
            bench.report.add(PACKAGE, case, OURS, value, "ms")


def pack(target: Path) -> None:
    """Make the package."""
    tools = environment("deploy")
    names = {"PYPI_TABLE": "packages", "PYPI_BUCKET": "packages", "PYPI_SECRET_KEY": "unused"}
    account = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-central-1"}
    done = subprocess.run(
        [tools / "bin" / "zappa", "package", "dev", "--output", str(target)],
        cwd=ROOT,
        env={
            **clean_environment(),
            **names,
            **account,
            "ZAPPA_FUNCTION_URL": "0",
            "VIRTUAL_ENV": str(tools),
            "PATH": f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}",
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise SystemExit(f"zappa package failed:\n{done.stdout}{done.stderr}")


def started(task: Path) -> dict[str, float]:
    """Start the handler in a process of its own, and return its times."""
    environ = {
        "AWS_LAMBDA_FUNCTION_NAME": "elastic-pypi-dev",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
        "PYPI_TABLE": "packages",
        "PYPI_BUCKET": "packages",
        "PYPI_SECRET_KEY": "of-the-benchmark",
        "PYPI_USERNAME": "ana",
        "PYPI_PASSWORD": "password",
    }
    done = subprocess.run(
        [sys.executable, "-S", "-B", Path(__file__).with_name("inside_handler.py")],
        cwd=task,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return dict(json.loads(done.stdout[done.stdout.rindex("{") :]))
