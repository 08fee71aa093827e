"""Times a fresh process from its first line to its first answer, as on a cold start; prints it after a mark."""

import time

BEGAN = time.perf_counter()  # before any other import, as all of them count

import base64  # noqa: E402 - its time counts
import io  # noqa: E402 - its time counts
import json  # noqa: E402 - its time counts
import os  # noqa: E402 - its time counts
import sys  # noqa: E402 - its time counts
from collections.abc import Callable  # noqa: E402 - its time counts

LATER = (
    *("boto3", "s3transfer", "storages", "gunicorn", "zstandard", "whitenoise", "jwt", "cryptography"),
    *("readme_renderer", "docutils", "nh3", "comrak", "pygments"),
)
"""What must not be imported before it is needed."""


def main() -> None:
    """Import the WSGI application, ask it for the root page, and say how long each took."""
    loaded = time.perf_counter()
    from pypi_site.wsgi import application  # noqa: PLC0415 - this import is what is timed

    imported = time.perf_counter()
    pair = f"{os.environ['PYPI_USERNAME']}:{os.environ['PYPI_PASSWORD']}".encode()
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/simple/",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_AUTHORIZATION": f"Basic {base64.b64encode(pair).decode()}",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    statuses: list[str] = []

    def start_response(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return io.BytesIO().write

    body = b"".join(application(environ, start_response))
    answered = time.perf_counter()
    if statuses != ["200 OK"] or b"one-megabyte" not in body:
        raise SystemExit(f"the first request was answered {statuses}: {body[:300]!r}")
    found = {
        "import": (imported - loaded) * 1000,
        "answer": (answered - imported) * 1000,
        "total": (answered - BEGAN) * 1000,
        "too_early": sorted(name for name in LATER if name in sys.modules),
        "modules": len(sys.modules),
    }
    sys.stdout.write("\n\0" + json.dumps(found))


if __name__ == "__main__":
    main()
