"""The one-file uploader against the deployment: a file that no gateway would pass, with nothing but Python."""

import os
import subprocess
import sys
import time

from tests.aws.front import Behind
from tests.clients.machines import installed
from tests.factories import make_wheel

MEGABYTES = 50


def test_fifty_megabytes_are_uploaded_past_the_gateway_and_installed(aws, domain, front, machine):
    machine = Behind(machine.home, front.url)
    status, _, script = domain.get("/upload.py", through=front.url, Accept="*/*")
    assert status == 200
    assert f"INDEX_URL = '{domain.base}/'".encode() in script
    (machine.home / "upload.py").write_bytes(script)
    filename, data = make_wheel("large", "1.0", content=os.urandom(MEGABYTES * 1024**2))
    (machine.home / filename).write_bytes(data)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "upload.py", "--insecure-http", filename],
        cwd=machine.home,
        env=machine.environment() | {"TWINE_USERNAME": domain.user, "TWINE_PASSWORD": domain.password},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    aws.say(f"upload.py with {MEGABYTES} MB", f"{time.monotonic() - began:.1f} s")
    python = machine.virtual_environment("venv")
    machine.run("uv", "pip", "install", "--python", python, "--default-index", domain.index_url, "large")
    assert installed(python, "large") == "1.0"
