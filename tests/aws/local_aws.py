"""An AWS account on loopback, empty when it starts and gone when it ends, and what an operator does in it."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import boto3

from tests.aws.environments import ROOT, environment
from tests.clients.servers import DIRECT, PASSWORD, USER, free_port

REGION = "us-east-1"
NAMES = {
    "PYPI_TABLE": "packages",
    "PYPI_BUCKET": "packages-of-the-team",
    "ZAPPA_BUCKET": "packs-of-the-team",
    "ZAPPA_FAILURE_QUEUE": f"arn:aws:sqs:{REGION}:000000000000:failed-events",
    "ZAPPA_DOMAIN": "packages.example",
    "ZAPPA_ROUTE53": "0",
    "ZAPPA_FUNCTION_URL": "1",
    "PYPI_ALLOWED_HOSTS": "127.0.0.1,.on.aws,.amazonaws.com",
    "PYPI_LARGEST_ANSWER": "100000",  # so that a page of two wheels can be too large
    # The local gateway speaks plain HTTP, and Amazon's never does: clients must be told the address that they know.
    "PYPI_TRUSTED_PROXIES": "127.0.0.1",
}


class LocalAws:
    """One emulator process with an operator's shell; whatever it started ends with it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "aws.log"
        self.measured: dict[str, str] = {}
        temporary = folder / "tmp"
        temporary.mkdir()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [environment("local") / "bin" / "ministack"],
                cwd=folder,
                env={
                    "PATH": os.defpath,
                    "HOME": str(folder),
                    "TMPDIR": str(temporary),
                    "BIND_HOST": "127.0.0.1",
                    "GATEWAY_PORT": str(self.port),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its functions' processes end with it
            )
        try:
            self.wait()
        except BaseException:
            self.close()
            raise

    def wait(self) -> None:
        """Wait until it answers."""
        ends = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < ends, self.log.read_text()
            with suppress(OSError), DIRECT.open(f"{self.url}/_ministack/health", timeout=5):
                return
            time.sleep(0.1)

    def close(self) -> None:
        """End it and every process that it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)

    def say(self, what: str, value: str) -> None:
        """Keep a measurement for the end of the run."""
        self.measured[what] = value

    def client(self, service: str) -> Any:
        """Return a client of one service."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    # --- The operator's shell ---

    def shell(self, **variables: str) -> dict[str, str]:
        """Return the variables of a shell that docs/deploy.md tells to set."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYPI_", "AWS_", "DJANGO_", "ZAPPA_", "PYTEST_", "VIRTUAL_ENV"))
            and not name.lower().endswith("_proxy")
        }
        packed = environment("deploy")
        return {
            **kept,
            "VIRTUAL_ENV": str(packed),
            "PATH": f"{packed / 'bin'}{os.pathsep}{kept['PATH']}",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "PYPI_USERNAME": USER,
            "PYPI_PASSWORD": PASSWORD,
            **NAMES,
            **variables,
        }

    def zappa(self, command: str, *options: str, source: Path = ROOT, **variables: str) -> str:
        """Run Zappa on the dev stage, from this or from another checkout, and return what it says."""
        return self.run("zappa", command, "dev", *options, cwd=source, **variables)

    def certify(self) -> str:
        """Let Zappa make the custom domain, with a certificate of this account."""
        client = self.client("acm")
        arn = client.request_certificate(DomainName=NAMES["ZAPPA_DOMAIN"])["CertificateArn"]
        client.close()
        return self.zappa("certify", "--yes", ZAPPA_CERTIFICATE_ARN=arn)

    def manage(self, *arguments: str, **variables: str) -> str:
        """Run a command of manage.py."""
        return self.run(sys.executable, "manage.py", *arguments, PYPI_SECRET_KEY="of-the-shell", **variables)

    def run(self, *command: str, cwd: Path = ROOT, **variables: str) -> str:
        """Run a command that must succeed, and return what it says."""
        began = time.monotonic()
        shell = self.shell(**variables)
        done = subprocess.run(
            [environment("deploy") / "bin" / "zappa" if command[0] == "zappa" else command[0], *command[1:]],
            cwd=cwd,
            env=shell,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,  # a busy machine; half a minute is usual
        )
        self.say(" ".join([Path(command[0]).name, *command[1:]]), f"{time.monotonic() - began:.1f} s")
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout


@dataclass(frozen=True)
class Deployed:
    """The index behind the gateway, as clients know it."""

    aws: LocalAws
    api: str
    stage: str = "dev"
    function: str = "elastic-pypi-dev"
    user: str = USER
    password: str = PASSWORD

    @property
    def url(self) -> str:
        """The stage's address on loopback."""
        return f"{self.aws.url}/restapis/{self.api}/{self.stage}/_user_request_"

    @property
    def upload_url(self) -> str:
        """Where uploads go."""
        return f"{self.url}/legacy/"

    @property
    def index_url(self) -> str:
        """The simple API's address with credentials in it."""
        return f"{self.url}/simple/".replace("://", f"://{self.user}:{self.password}@")

    def get(self, path: str, *, through: str = "", **headers: str) -> tuple[int, Message, bytes]:
        """Return the status, headers and body of a GET; a redirect is not followed."""
        return self.ask(urllib.request.Request(self.url + path, headers=headers), through)

    def post(self, path: str, document: object, *, through: str = "") -> tuple[int, Message, bytes]:
        """Return the same of a signed-in POST of an upload session's JSON."""
        headers = {
            "Authorization": self.basic(),
            "Content-Type": "application/vnd.pypi.upload.v2+json",
            "Accept": "*/*",  # without one the local gateway hands out what it should have decoded
        }
        return self.ask(urllib.request.Request(self.url + path, json.dumps(document).encode(), headers), through)

    def ask(self, request: urllib.request.Request, through: str) -> tuple[int, Message, bytes]:
        """Send a request, through a proxy if one is named."""
        proxies = urllib.request.ProxyHandler({"http": through} if through else {})
        try:
            with urllib.request.build_opener(proxies, Stay()).open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def basic(self, password: str = "") -> str:
        """Return the Authorization header of the configured user."""
        return "Basic " + base64.b64encode(f"{self.user}:{password or self.password}".encode()).decode()

    def configuration(self) -> dict[str, Any]:
        """Return what Lambda says of the function."""
        client = self.aws.client("lambda")
        try:
            return client.get_function(FunctionName=self.function)
        finally:
            client.close()


@dataclass(frozen=True)
class Named(Deployed):
    """The index under a name that only the forward proxy of these tests leads to."""

    base: str = ""

    @property
    def url(self) -> str:
        """The address that people know."""
        return self.base


class Stay(urllib.request.HTTPRedirectHandler):
    """Hands a redirect to its caller."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def take_binary(aws: LocalAws, api: str) -> None:
    """Let the gateway pass bytes on, as Zappa asked it to.

    Zappa names ``*/*`` as JSON Pointer writes it (RFC 6901: ``*~1*``), which Amazon's gateway reads and the local one
    keeps as it is.
    """
    change = {"patchOperations": [{"op": "replace", "path": "/binaryMediaTypes", "value": ["*/*"]}]}
    request = urllib.request.Request(
        f"{aws.url}/restapis/{api}",
        method="PATCH",
        data=json.dumps(change).encode(),
        headers={"Content-Type": "application/json"},
    )
    with DIRECT.open(request, timeout=30):
        pass


def notification_functions(aws: LocalAws) -> list[str]:
    """Return which functions hear of the bucket's events."""
    found = aws.client("s3").get_bucket_notification_configuration(Bucket=NAMES["PYPI_BUCKET"])
    return [json.dumps(each) for each in found.get("LambdaFunctionConfigurations", [])]
