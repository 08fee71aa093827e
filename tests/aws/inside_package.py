"""Starts the packed handler as Lambda does, from the unpacked package alone, and prints how long that took and why."""

import json
import re
import sys
import time

sys.path.insert(0, ".")  # with -S nothing else than the package and the standard library is there
BEGAN = time.perf_counter()
import handler  # noqa: E402 - this import is what is timed

IMPORTED = time.perf_counter()
started = handler.LambdaHandler()
READY = time.perf_counter()


def by_gateway(host: str) -> dict:
    """Return what a REST gateway hands over for a GET that leads nowhere; it has taken the stage from the path."""
    return {
        "httpMethod": "GET",
        "path": "/nowhere",
        "headers": {"Accept": "text/html", "Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"},
        "requestContext": {"stage": "dev", "identity": {"sourceIp": "192.0.2.1"}},
        "body": None,
        "isBase64Encoded": False,
    }


def by_function_url(host: str) -> dict:
    """Return what a function URL hands over for the same."""
    return {
        "version": "2.0",
        "rawPath": "/nowhere",
        "rawQueryString": "",
        "headers": {"accept": "text/html", "host": host, "x-forwarded-proto": "https", "x-forwarded-port": "443"},
        "requestContext": {"stage": "$default", "http": {"method": "GET", "path": "/nowhere", "sourceIp": "192.0.2.1"}},
        "isBase64Encoded": False,
    }


EVENTS = {
    "the gateway's own name": by_gateway("abc123.execute-api.eu-central-1.amazonaws.com"),
    "a custom domain": by_gateway("packages.example"),
    "a function URL": by_function_url("abc123.lambda-url.eu-central-1.on.aws"),
}


def prefix(event: dict) -> str:
    """Return what stands before the address of the style sheet on the page that answers."""
    return re.search(r'href="([^"]*/)static/', started.handler(event, None)["body"])[1]


prefixes = {name: prefix(event) for name, event in EVENTS.items()}
started.settings.BASE_PATH = "team"  # as ZAPPA_BASE_PATH has Zappa write it
prefixes["a base path of a custom domain"] = prefix({**by_gateway("packages.example"), "path": "/team/nowhere"})

json.dump(
    {
        "import": IMPORTED - BEGAN,
        "django": READY - IMPORTED,
        "prefixes": prefixes,
        "modules": sorted(sys.modules),
        "from": handler.__spec__.origin,
    },
    sys.stdout,
)
