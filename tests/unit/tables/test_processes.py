"""Several processes and threads on one embedded catalogue, and processes that die in the middle of a write."""

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from packages_app.tables.embedded.connection import EmbeddedConnection
from tests.unit.tables.conftest import Table, key

MAKER = """
import pathlib, sys
from packages_app.tables.embedded.store import Store
with Store(pathlib.Path(sys.argv[1])).changing() as db:
    db.execute("INSERT INTO tables VALUES (?, '{}')", (sys.argv[2],))
"""
ROOT = Path(__file__).parents[3]


def writer(table: Table, who: str, times: int) -> subprocess.Popen:
    path = str(table.connection.store.path)
    program = [sys.executable, str(Path(__file__).with_name("writer.py")), path, table.name, who, str(times)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment)


def counted(table: Table, who: str) -> int:
    request = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": who}}}
    return table.ask("Query", **request, Select="COUNT")["Count"]


def test_two_processes_that_write_at_once_lose_nothing(embedded):
    table = Table("embedded", embedded)
    writers = [writer(table, who, 60) for who in ("ana", "ben")]
    for number in range(60):
        table.put("here", f"{number}")
    assert [process.communicate(timeout=60)[0].count("\n") for process in writers] == [60, 60]
    assert [counted(table, who) for who in ("ana", "ben", "here")] == [60, 60, 60]
    assert table.get("shared", "count")["n"] == {"N": "120"}


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_writer_that_is_killed_loses_nothing_it_acknowledged_and_leaves_nothing_half_done(embedded, after):
    table = Table("embedded", embedded)
    process = writer(table, "ana", 100_000)
    acknowledged = -1
    for line in process.stdout:
        acknowledged = int(line)
        if acknowledged == after:
            process.kill()
    process.wait()
    process.stdout.close()
    written = counted(table, "ana")
    assert written >= acknowledged + 1
    assert table.get("shared", "count")["n"] == {"N": str(written)}


def test_threads_that_write_and_read_at_once_lose_nothing(embedded):
    table = Table("embedded", embedded)
    add = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}

    def work(_):
        table.ask("UpdateItem", Key=key("p", "count"), **add)
        return table.get("p", "count") is not None

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(120)))
    assert table.get("p", "count")["n"] == {"N": "120"}
    assert len(embedded.store.idle) <= 8


def read_in_child(table: Table, answers) -> None:
    table.put("p", "child")
    answers.put(table.get("p", "parent"))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_uses_connections_of_its_own(embedded):
    table = Table("embedded", embedded)
    stored = table.put("p", "parent")
    assert embedded.store.idle
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=read_in_child, args=(table, answers))
    child.start()
    assert answers.get(timeout=30) == stored
    child.join(timeout=30)
    assert child.exitcode == 0
    assert table.get("p", "child")
    table.put("p", "after")


def test_many_processes_may_make_a_new_catalogue_at_once(tmp_path):
    programs = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                MAKER,
                str(tmp_path / "deep" / "catalogue.sqlite3"),
                str(number),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for number in range(6)
    ]
    assert [program.wait(timeout=60) for program in programs] == [0] * 6
    connection = EmbeddedConnection(tmp_path / "deep" / "catalogue.sqlite3")
    with connection.store.reading() as db:
        assert db.execute("SELECT count(*) FROM tables").fetchone() == (6,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert (tmp_path / "deep" / "catalogue.sqlite3").stat().st_mode & 0o777 == 0o600
    connection.close()
