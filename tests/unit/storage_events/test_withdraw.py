"""A file without its bytes is withdrawn; one whose bytes come back at that moment stays listed."""

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Status
from packages_app.catalogue.errors import FileChanged
from packages_app.file_store import keys
from packages_app.file_store import write as store
from packages_app.storage_events.withdraw import withdraw_lost
from tests.factories import make_wheel
from tests.homes import upload
from tests.unit.storage_events.conftest import run, told

MADE = make_wheel()
OPERATOR = Change(actor="ana", source="test")


def lose(file) -> None:
    store.remove(keys.blob(file.sha256, file.filename))


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something happen after the bytes were looked for, and before the file is withdrawn."""
    real = write.withdraw

    def prepare(happens) -> None:
        def late(*given):
            monkeypatch.setattr(write, "withdraw", real)
            happens()
            return real(*given)

        monkeypatch.setattr(write, "withdraw", late)

    return prepare


def test_a_file_without_its_bytes_is_withdrawn():
    file = upload(MADE)
    lose(file)
    assert withdraw_lost(file, OPERATOR) is True
    assert read.files("demo") == ()


def test_a_file_that_is_not_listed_any_more_is_said_so():
    file = upload(MADE)
    lose(file)
    withdraw_lost(file, OPERATOR)
    with pytest.raises(FileChanged):
        withdraw_lost(file, OPERATOR)


def test_bytes_that_come_back_keep_their_file_listed_as_it_was(meanwhile):
    file = upload(MADE)
    write.set_yanked("demo", file.filename, yanked=True, reason="broken", change=OPERATOR)
    (yanked,) = read.files("demo")
    lose(file)
    meanwhile(lambda: upload(MADE))
    assert withdraw_lost(yanked, OPERATOR) is False
    assert read.files("demo") == (yanked,)


def test_reconcile_leaves_a_file_whose_bytes_come_back(meanwhile):
    file = upload(MADE)
    lose(file)
    meanwhile(lambda: upload(MADE))
    assert told(run(apply=True, allow_empty_store=True)) == [("missing", file.filename, "left alone")]
    assert read.files("demo") == (file,)
    assert told(run()) == []


def test_a_project_that_was_closed_meanwhile_is_not_listed_into(meanwhile):
    file = upload(MADE)
    lose(file)

    def happens() -> None:
        upload(MADE)
        write.set_status("demo", Status.ARCHIVED, change=OPERATOR)

    meanwhile(happens)
    assert withdraw_lost(file, OPERATOR) is True
    assert read.files("demo") == ()
