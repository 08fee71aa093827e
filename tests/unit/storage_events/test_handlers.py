"""Events of the bucket: several, twice, in any order, of odd shapes, and with a store or catalogue that fails."""

import pytest

from packages_app.catalogue import read
from packages_app.file_store import keys
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import StoreUnavailable
from packages_app.storage_events import arrive as arriving
from packages_app.storage_events.handlers import objects_changed
from packages_app.tables.errors import TableUnavailable
from packages_app.uploads import publish as journey
from tests import bucket_events
from tests.factories import make_sdist, make_wheel, sha256
from tests.homes import upload
from tests.unit.storage_events.conftest import audited, delete, drop, handle, listed, lying_in, run, sound, told

NAME, WHEEL = make_wheel()
OTHER = make_wheel(content=b"other")[1]
BLOB = keys.blob(sha256(WHEEL), NAME)


def test_every_record_of_an_event_is_handled(bucket):
    made = [make_wheel(version=f"{number}.0") for number in range(1, 5)]
    dropped = [drop(bucket, f"incoming/{filename}", data) for filename, data in made]
    assert handle(*dropped) == {"published": 4}
    assert listed() == {filename: sha256(data) for filename, data in made}


def test_an_event_that_comes_twice_changes_nothing_more(bucket):
    told_of = drop(bucket, f"dist/{NAME}", WHEEL)
    assert handle(told_of, told_of) == {"published": 1, "already published": 1}
    serial = read.project("demo").serial
    assert handle(told_of) == {"already published": 1}
    assert read.project("demo").serial == serial
    assert len(audited("file.publish")) == 1


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1), (1, 0, 3, 2)], ids=str)
def test_the_order_in_which_events_come_does_not_matter(bucket, order):
    """Whatever the sequence: what is in the bucket now decides, so that no sequencer has to be kept."""
    events = [drop(bucket, f"incoming/{NAME}", b"no zip"), drop(bucket, f"incoming/{NAME}", WHEEL)]
    gone = upload(make_sdist())
    events.append(delete(bucket, keys.blob(gone.sha256, gone.filename)))
    back = upload(make_wheel(version="2.0"))
    events.append(delete(bucket, keys.blob(back.sha256, back.filename)))
    bucket.client.put_object(**bucket.where(keys.blob(back.sha256, back.filename)), Body=make_wheel(version="2.0")[1])
    for number in order:
        handle(events[number])
    assert listed() == {NAME: sha256(WHEEL), back.filename: back.sha256}
    assert sound()
    assert not [key for key in lying_in(bucket) if key.startswith("incoming")]


def test_the_test_of_a_new_configuration_is_taken_quietly(bucket):
    told_of = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "packages-bucket"}
    assert objects_changed(told_of, None) == {}
    assert audited("event.ignore") == []


@pytest.mark.parametrize("told_of", [None, {}, {"Records": [{"body": "{}"}]}], ids=repr)
def test_an_unknown_shape_is_logged_audited_and_no_error(bucket, told_of, caplog):
    assert objects_changed(told_of, None) == {"ignored": 1}
    assert len(audited("event.ignore")) == 1
    assert "ignored" in caplog.text


def test_in_one_folder_there_are_no_events(files):
    assert handle(bucket_events.put(f"incoming/{NAME}")) == {"ignored": 1}


@pytest.mark.parametrize("error", [StoreUnavailable("later"), TableUnavailable("later"), ZeroDivisionError()], ids=repr)
def test_a_record_that_fails_is_raised_after_all_others_were_handled(bucket, monkeypatch, error):
    """Lambda sends the event again then, and the second time does what the first could not."""
    made = [make_wheel(version=f"{number}.0") for number in range(1, 4)]
    dropped = [drop(bucket, f"incoming/{filename}", data) for filename, data in made]
    real = arriving.publish

    def failing(candidate):
        if candidate.filename == made[0][0]:
            raise error
        return real(candidate)

    with monkeypatch.context() as patched:
        patched.setattr(arriving, "publish", failing)
        with pytest.raises(type(error)):
            handle(*dropped)
    assert set(listed()) == {made[1][0], made[2][0]}
    assert f"incoming/{made[0][0]}" in lying_in(bucket)
    assert handle(*dropped) == {"published": 1, "gone": 2}
    assert set(listed()) == {filename for filename, _ in made}


def test_the_second_try_completes_what_the_first_could_not(bucket, monkeypatch):
    told_of = drop(bucket, f"incoming/{NAME}", WHEEL)
    real = bucket.client.delete_object

    def failing(**_):
        raise StoreUnavailable("later")

    monkeypatch.setattr(bucket.client, "delete_object", failing)
    with pytest.raises(StoreUnavailable):
        handle(told_of)
    assert listed() == {NAME: sha256(WHEEL)}
    monkeypatch.setattr(bucket.client, "delete_object", real)
    assert handle(told_of) == {"already published": 1}
    assert f"incoming/{NAME}" not in lying_in(bucket)


class Killed(BaseException):
    """The process ends here: nothing that catches errors may go on."""


@pytest.mark.parametrize("completed_by", ["the next event", "reconcile"])
@pytest.mark.parametrize(
    ("where", "what"),
    [(journey.catalogue, "publish"), (store_write, "put_file"), (arriving, "cleared")],
    ids=["between blob and row", "before the blob", "between row and clearing away"],
)
def test_a_killed_function_is_completed(bucket, monkeypatch, where, what, completed_by):
    told_of = drop(bucket, f"incoming/{NAME}", WHEEL)

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(where, what, killed)
        with pytest.raises(Killed):
            handle(told_of)
    assert listed() == ({NAME: sha256(WHEEL)} if what == "cleared" else {})
    assert sound()
    if completed_by == "reconcile":
        run(apply=True)
        assert told(run()) == []
    else:
        handle(told_of)
    assert listed() == {NAME: sha256(WHEEL)}
    assert sound()
    assert lying_in(bucket) == [BLOB, f"{BLOB}.metadata"]
    assert len(audited("file.publish")) == 1
