"""Reconcile takes up what lies in the incoming area and no event took up."""

from packages_app.catalogue import read
from packages_app.file_store.bucket import Bucket
from packages_app.file_store.errors import StoreUnavailable
from packages_app.storage_events import arrive as arriving
from packages_app.storage_events import incoming
from packages_app.storage_events.entries import Choices, silent
from tests.factories import make_wheel
from tests.unit.storage_events.conftest import audited, drop, lying_in, run, told

NAME, WHEEL = make_wheel()


def filled(bucket: Bucket) -> None:
    drop(bucket, f"incoming/{NAME}", WHEEL)
    drop(bucket, "incoming/demo-2.0-py3-none-any.whl", b"no zip")
    drop(bucket, "incoming/notes.txt", b"x")
    drop(bucket, "incoming/folder/", b"")
    drop(bucket, "dist/demo-3.0-py3-none-any.whl", b"")


def test_a_dry_run_tells_and_changes_nothing(bucket):
    filled(bucket)
    before = lying_in(bucket)
    assert told(run()) == [
        ("incoming", f"incoming/{NAME}", "found"),
        ("incoming", "incoming/demo-2.0-py3-none-any.whl", "found"),
        ("incoming", "incoming/notes.txt", "left alone"),
    ]
    assert lying_in(bucket) == before
    assert read.project("demo") is None


def test_what_waits_is_published_refused_or_left(bucket):
    filled(bucket)
    assert told(run(apply=True)) == [
        ("incoming", f"incoming/{NAME}", "mended"),
        ("incoming", "incoming/demo-2.0-py3-none-any.whl", "not mended"),
        ("incoming", "incoming/notes.txt", "left alone"),
    ]
    assert [file.filename for file in read.files("demo")] == [NAME]
    (refusal,) = audited("file.refuse")
    assert (refusal.actor, refusal.source) == ("reconcile", "reconcile")
    assert [key for key in lying_in(bucket) if not key.startswith("packages/")] == [
        "dist/demo-3.0-py3-none-any.whl",
        "incoming/folder/",
        "incoming/notes.txt",
        "refused/demo-2.0-py3-none-any.whl",
    ]
    assert told(run(apply=True)) == [("incoming", "incoming/notes.txt", "left alone")]


def test_one_object_that_cannot_be_read_does_not_keep_the_others_waiting(bucket, monkeypatch):
    drop(bucket, f"incoming/{NAME}", WHEEL)
    drop(bucket, "incoming/other-1.0-py3-none-any.whl", make_wheel("other")[1])
    real = arriving.taken

    def failing(where, found, *args, **given):
        if found.key.endswith(NAME):
            raise StoreUnavailable("later")
        return real(where, found, *args, **given)

    monkeypatch.setattr(arriving, "taken", failing)
    assert [outcome for _, _, outcome in told(run(apply=True))] == ["not mended", "mended"]


def test_a_bucket_of_any_size_is_gone_through_page_by_page(bucket, monkeypatch):
    for number in range(7):
        drop(bucket, f"incoming/{number}.txt", b"x")
    real, pages, seen = bucket.client.get_paginator, [], []

    def small(name: str):
        class Pages:
            def paginate(self, **given):
                for page in real(name).paginate(**given, PaginationConfig={"PageSize": 3}):
                    pages.append(page)
                    yield page

        return Pages()

    monkeypatch.setattr(bucket.client, "get_paginator", small)
    found = list(incoming.take_up(Choices(), lambda *said: seen.append(said)))
    assert [finding.target for finding in found] == [f"incoming/{number}.txt" for number in range(7)]
    assert len(pages) == 3
    assert seen[-1] == ("incoming files", 7, 0)


def test_a_folder_has_no_incoming_area(files):
    assert list(incoming.take_up(Choices(), silent)) == []
