"""What the tests of the one-file client share: a home without credentials, an index that is scripted."""

import json
from pathlib import Path

import pytest

from packages_app.uploads.client import upload
from packages_app.uploads.client.upload import Credentials

INDEX = "https://index.example/dev/"


@pytest.fixture(autouse=True)
def _a_home_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("NETRC", "ELASTIC_PYPI_TOKEN", "UV_PUBLISH_TOKEN", "TWINE_USERNAME", "TWINE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def quiet() -> upload.Progress:
    return upload.Progress()


def put(folder: Path, made: tuple[str, bytes]) -> Path:
    path = folder / made[0]
    path.write_bytes(made[1])
    return path


# --- Requests -----------------------------------------------------------------------------------------------------


@pytest.fixture
def web(monkeypatch):
    """A client of an index; ``web.pauses`` are the seconds that it waited."""
    options = upload.argparse.Namespace(retries=3, insecure_http=False, jobs=2)
    made = upload.Http(INDEX, Credentials("ana", "secret", "a test"), quiet(), upload.threading.Event(), options)
    made.pauses = []
    monkeypatch.setattr(made, "pause", made.pauses.append)
    return made


def answer(status: int, document: object = None, **headers: str) -> upload.Answer:
    body = b"" if document is None else json.dumps(document).encode()
    return upload.Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def replies(*those):
    """Return an attempt that is answered by one after the other."""
    left = list(those)

    def attempt(_: int) -> upload.Answer:
        reply = left.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    return attempt


# --- Work that goes on without the client -------------------------------------------------------------------------


@pytest.fixture
def scripted(web, monkeypatch):
    """Answer requests from a script of (what is asked, answer), in this order and nothing else."""

    def script(*lines: tuple[str, upload.Answer]) -> None:
        left = list(lines)

        def once(method, url, headers, body) -> upload.Answer:
            del headers, body
            asked, said = left.pop(0)
            assert f"{method} {url.removeprefix(INDEX)}" == asked
            return said

        monkeypatch.setattr(web, "once", once)
        web.left = left

    return script


FILE = {"links": {"complete": f"{INDEX}complete", "file-upload-session": f"{INDEX}file"}}


@pytest.fixture
def release(web) -> upload.Release:
    dist = upload.Dist(Path("demo.whl"), "demo.whl", "demo", "1.0", 1, "0" * 64, "")
    return upload.Release(web, [dist], upload.argparse.Namespace(wait=0, jobs=1))
