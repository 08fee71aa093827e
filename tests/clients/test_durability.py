"""What was acknowledged lasts, and nothing half-written is ever listed: killed servers, stopped servers, races."""

import http.client
import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.clients.uploads import MIB, Upload, publish, upload
from tests.factories import make_wheel, sha256

both_servers = pytest.mark.parametrize("kind", ["runserver", "serve"])
UPLOADERS = 30


@both_servers
def test_every_acknowledged_file_outlives_a_kill_in_the_middle_of_thirty_parallel_uploads(kind, start):
    server = start(kind=kind)
    sent: dict[str, str] = {}
    acknowledged: dict[str, str] = {}
    enough = threading.Event()

    def keep_uploading(number: int) -> None:
        for version in range(1000):
            filename, data = make_wheel(f"worker{number}", f"{version}.0", content=os.urandom(300_000))
            sent[filename] = sha256(data)
            try:
                status, text = upload(server, filename, data)
            except (OSError, http.client.HTTPException):
                return  # the server is gone
            assert status == http.HTTPStatus.OK, text
            acknowledged[filename] = sha256(data)
            if len(acknowledged) > UPLOADERS:
                enough.set()

    with ThreadPoolExecutor(UPLOADERS) as pool:
        workers = [pool.submit(keep_uploading, number) for number in range(UPLOADERS)]
        assert enough.wait(60)
        server.kill()
    for worker in workers:
        worker.result()
    assert len(sent) > len(acknowledged), "nothing was under way when the server was killed"

    again = start(data=server.data, kind=kind)
    assert leftovers(server.data) == []
    listed = {}
    for project in again.projects():
        for entry in again.files(project):
            listed[entry["filename"]] = entry["hashes"]["sha256"]
            assert again.served_hash(entry) == entry["hashes"]["sha256"]
    assert {name: listed.get(name) for name in acknowledged} == acknowledged
    assert {name: sent[name] for name in listed} == listed
    verified = again.manage("verify")
    assert verified.returncode == 0, verified.stdout


@both_servers
def test_of_sixteen_uploads_of_one_name_with_different_bytes_one_wins_and_is_what_is_served(kind, start):
    server = start(kind=kind)
    candidates = [make_wheel("contested", "1.0", content=os.urandom(50_000)) for _ in range(16)]
    together = threading.Barrier(16)

    def compete(candidate: tuple[str, bytes]) -> int:
        filename, data = candidate
        started = Upload(server, filename, size=len(data), digest=sha256(data))
        started.send(data)
        together.wait(30)
        return started.end()[0]

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(compete, candidates))
    assert Counter(statuses) == {200: 1, 409: 15}
    winner = candidates[statuses.index(200)][1]
    [entry] = server.files("contested")
    assert entry["hashes"]["sha256"] == sha256(winner) == server.served_hash(entry)
    verified = server.manage("verify")
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("runserver", signal.SIGINT),
        ("runserver", signal.SIGTERM),
        ("autoreload", signal.SIGTERM),
        ("serve", signal.SIGINT),
    ],
    ids=["runserver, Ctrl-C", "runserver, SIGTERM", "runserver with autoreload, SIGTERM", "serve, Ctrl-C"],
)
def test_a_server_stopped_in_the_middle_of_an_upload_ends_soon_and_lists_nothing_of_it(kind, number, start):
    server = start(kind=kind)
    publish(server, make_wheel("kept", "1.0"))
    filename, data = make_wheel("half", "1.0", content=os.urandom(4 * MIB))
    started = half_sent(server, filename, data)
    server.stop(number, within=10)
    assert server.get("/healthz", tries=1)[0] == 0, "somebody still answers"
    started.close()

    again = start(data=server.data, kind=kind)
    assert again.projects() == ["kept"]
    assert again.listed("half") == {}
    assert leftovers(server.data) == []
    verified = again.manage("verify")
    assert verified.returncode == 0, verified.stdout
    assert upload(again, filename, data)[0] == http.HTTPStatus.OK


def test_serve_lets_a_running_upload_finish_before_it_stops(start):
    server = start(kind="serve")
    filename, data = make_wheel("finished", "1.0", content=os.urandom(4 * MIB))
    started = half_sent(server, filename, data)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert server.process.poll() is None, "it did not wait"
    started.send(data[len(data) // 2 :])
    status, text = started.end()
    assert status == http.HTTPStatus.OK, text
    assert server.process.wait(10) == 0

    again = start(data=server.data, kind="serve")
    assert again.listed("finished") == {filename: sha256(data)}


def leftovers(data: Path) -> list[Path]:
    """Return temporary files of uploads that nobody will finish."""
    return [path for path in (data / "incoming").rglob("*") if path.is_file()]


def half_sent(server, filename: str, data: bytes) -> Upload:
    """Start an upload, and return it when the server has taken the first half."""
    started = Upload(server, filename, size=len(data), digest=sha256(data))
    started.send(data[: len(data) // 2])
    time.sleep(0.5)
    return started
