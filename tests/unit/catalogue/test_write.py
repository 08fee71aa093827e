"""What each change does to the catalogue, and what it refuses; the embedded catalogue stands for both."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from packages_app.audit.read import events
from packages_app.catalogue import collect, models, read, transact, write
from packages_app.catalogue.entries import Change, File, Listing, Status
from packages_app.catalogue.errors import Busy, DistributionExists, FileChanged, NoSuchEntry, ProjectClosed
from tests.factories import listed_file

CHANGE = Change(actor="ana", address="192.0.2.1", source="test")
FILE = listed_file(requires_python=">=3.8")
OTHER = replace(FILE, sha256="d" * 64)


def publish(file: File = FILE, replaces: File | None = None) -> int:
    return write.publish(file, display_name="Demo", change=CHANGE, fence=collect.fence(file), replaces=replaces)


def trail() -> list[tuple[str, str]]:
    return [(event.action, event.target) for event in events(time.strftime("%Y-%m", time.gmtime()))]


def test_a_published_file_is_read_back_as_it_was():
    serial = publish()
    assert read.files("demo") == (FILE,)
    assert read.file("demo", FILE.filename) == FILE
    project = read.project("demo")
    assert (project.name, project.display_name, project.serial, project.status) == (
        "demo",
        "Demo",
        serial,
        Status.ACTIVE,
    )
    assert [(entry.name, entry.serial) for entry in read.listed()] == [("demo", serial)]
    assert trail() == [("file.publish", FILE.filename)]


def test_what_is_not_there_is_nothing():
    assert read.project("demo") is None
    assert read.file("demo", "x") is None
    assert read.files("demo") == ()
    assert list(read.listed()) == []


def test_a_taken_name_is_refused_and_changes_nothing():
    serial = publish()
    version = read.root_version()
    with pytest.raises(FileChanged):
        publish(OTHER)
    assert read.files("demo") == (FILE,)
    assert (read.project("demo").serial, read.root_version()) == (serial, version)
    assert len(trail()) == 1


def test_a_replaced_file_is_retired_and_may_come_back():
    publish()
    publish(OTHER, replaces=FILE)
    assert read.files("demo") == (OTHER,)
    assert [retired.sha256 for retired in read.retired("demo")] == [FILE.sha256]
    publish(FILE, replaces=OTHER)
    assert [retired.sha256 for retired in read.retired("demo")] == [OTHER.sha256]


def test_replacing_what_is_not_listed_any_more_is_refused():
    publish(OTHER)
    with pytest.raises(FileChanged):
        publish(replace(FILE, sha256="e" * 64), replaces=FILE)
    assert read.files("demo") == (OTHER,)


def test_serials_rise_even_when_the_clock_falls_back(monkeypatch):
    first = publish()
    monkeypatch.setattr(transact.time, "time_ns", lambda: 1_000_000)
    second = publish(OTHER, replaces=FILE)
    third = write.withdraw(OTHER, CHANGE)
    assert first < second < third


def test_every_visible_change_changes_serial_and_root():
    steps = [
        publish,
        lambda: write.set_yanked("demo", FILE.filename, yanked=True, reason="broken", change=CHANGE),
        lambda: write.set_yanked("demo", FILE.filename, yanked=False, change=CHANGE),
        lambda: write.set_status("demo", Status.DEPRECATED, reason="old", change=CHANGE),
        lambda: publish(replace(FILE, filename="demo-2.0.tar.gz", version="2.0", filetype="sdist")),
        lambda: write.withdraw(FILE, CHANGE),
    ]
    seen = {(0, read.root_version())}
    for step in steps:
        step()
        seen.add((read.project("demo").serial, read.root_version()))
    assert len({serial for serial, _ in seen}) == len({root for _, root in seen}) == len(steps) + 1


def test_a_yank_and_its_reason_are_read_back():
    publish()
    write.set_yanked("demo", FILE.filename, yanked=True, reason="broken", change=CHANGE)
    (file,) = read.files("demo")
    assert (file.yanked, file.yanked_reason) == (True, "broken")


@pytest.mark.parametrize("status", [Status.ARCHIVED, Status.QUARANTINED])
def test_a_closed_project_takes_nothing_and_says_why(status):
    publish()
    write.set_status("demo", status, reason="see demo2", change=CHANGE)
    with pytest.raises(ProjectClosed, match="see demo2"):
        publish(replace(FILE, filename="demo-2.0.tar.gz"))
    assert read.files("demo") == (FILE,)


def test_a_project_can_be_opened_again():
    publish()
    write.set_status("demo", Status.ARCHIVED, change=CHANGE)
    write.set_status("demo", Status.ACTIVE, change=CHANGE)
    publish(replace(FILE, filename="demo-2.0.tar.gz"))
    assert len(read.files("demo")) == 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda: write.set_status("none", Status.ARCHIVED, change=CHANGE), id="a project's status"),
        pytest.param(lambda: write.set_yanked("none", "x", yanked=True, change=CHANGE), id="a file of no project"),
    ],
)
def test_what_does_not_exist_cannot_be_changed(change):
    with pytest.raises(NoSuchEntry):
        change()
    assert read.project("none") is None
    assert trail() == []


def test_yanking_a_file_that_does_not_exist_changes_nothing():
    serial = publish()
    with pytest.raises(NoSuchEntry):
        write.set_yanked("demo", "demo-9.tar.gz", yanked=True, change=CHANGE)
    assert read.project("demo").serial == serial


def test_of_two_spellings_of_one_distribution_one_is_listed():
    publish()
    spelled = replace(FILE, filename="Demo-1.0.0-py3-none-any.whl", sha256="e" * 64)
    with pytest.raises(DistributionExists, match=FILE.filename):
        publish(spelled)
    write.withdraw(FILE, CHANGE)
    publish(spelled)
    assert read.files("demo") == (spelled,)


def test_withdrawing_other_bytes_than_listed_is_refused():
    publish()
    with pytest.raises(FileChanged):
        write.withdraw(OTHER, CHANGE)
    assert read.files("demo") == (FILE,)


def test_a_download_is_offered_while_listed_or_retired_and_not_in_quarantine():
    assert read.download(FILE.sha256, FILE.filename) is None
    publish()
    assert read.download(FILE.sha256, FILE.filename).size == FILE.size
    assert read.download(OTHER.sha256, FILE.filename) is None
    publish(OTHER, replaces=FILE)
    assert read.download(FILE.sha256, FILE.filename).metadata_sha256 == FILE.metadata_sha256
    assert read.download(OTHER.sha256, FILE.filename).sha256 == OTHER.sha256
    write.set_status("demo", Status.QUARANTINED, change=CHANGE)
    assert read.download(OTHER.sha256, FILE.filename) is None


def test_bytes_being_collected_are_not_listed_until_they_are_gone():
    publish()
    publish(OTHER, replaces=FILE)
    (retired,) = read.retired("demo")
    claim = collect.claim_retired(retired)
    with pytest.raises(Busy):
        publish(FILE, replaces=OTHER)
    collect.finish(retired, claim)
    publish(FILE, replaces=OTHER)
    assert read.files("demo") == (FILE,)


def test_bytes_that_were_published_again_are_not_collected():
    publish()
    publish(OTHER, replaces=FILE)
    (retired,) = read.retired("demo")
    publish(FILE, replaces=OTHER)
    assert collect.claim_retired(retired) == ""


def test_bytes_collected_after_the_fence_was_read_are_not_listed():
    publish()
    publish(OTHER, replaces=FILE)
    (retired,) = read.retired("demo")
    before = collect.fence(FILE)
    collect.finish(retired, collect.claim_retired(retired))
    with pytest.raises(Busy):
        write.publish(FILE, display_name="Demo", change=CHANGE, fence=before, replaces=OTHER)
    assert read.files("demo") == (OTHER,)


def test_many_writers_of_one_project_lose_nothing():
    names = [f"demo-{number}.tar.gz" for number in range(40)]
    start = threading.Barrier(8)

    def send(batch: int) -> None:
        start.wait()
        for name in names[batch::8]:
            publish(replace(FILE, filename=name))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    assert {file.filename for file in read.files("demo")} == set(names)
    assert len(trail()) == 40


def test_a_project_with_many_large_rows_is_read_to_its_end():
    names = {f"demo-{number}-py3-none-any.whl" for number in range(300)}
    for name in names:
        publish(replace(FILE, filename=name, requires_python=">=3.8," + "!=3.9.1," * 600 + "<4"))
    assert {file.filename for file in read.files("demo")} == names


def guard(of: File) -> transact.Guard:
    """A guard that holds as long as there is no such file."""
    key, row = models.partition("main", of.project), models.FileRow
    return transact.Guard(
        check=lambda transaction: transaction.condition_check(
            row, key, models.file_key(of.filename), row.pk.does_not_exist()
        ),
        refusal=NoSuchEntry("The guard does not hold."),
    )


def test_what_a_guard_refuses_is_not_listed_and_a_guard_that_holds_hides_no_other_reason():
    publish()
    third, holds = listed_file(filename="demo-2.0-py3-none-any.whl", version="2.0"), guard(listed_file(filename="x"))
    fence, told = collect.fence(third), {"display_name": "Demo", "change": CHANGE}
    with pytest.raises(NoSuchEntry, match="guard"):
        write.publish(third, fence=fence, guard=guard(FILE), **told)
    with pytest.raises(NoSuchEntry, match="guard"):
        write.publish_release([Listing(file=third, fence=fence)], guard=guard(FILE), **told)
    assert read.files("demo") == (FILE,)
    with pytest.raises(FileChanged, match="published by somebody else"):
        write.publish(OTHER, fence=collect.fence(OTHER), guard=holds, **told)
    assert write.publish(third, fence=fence, guard=holds, **told)
