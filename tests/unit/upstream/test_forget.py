"""That everything kept of a project goes, and nothing that another one shares."""

from datetime import UTC, datetime

from packages_app.audit.read import events
from packages_app.catalogue.entries import Change
from packages_app.file_store import keys, write
from packages_app.file_store import read as stored
from packages_app.upstream import kept, kept_files, pages
from packages_app.upstream.entries import UpstreamFile, UpstreamPage, Wanted
from packages_app.upstream.forget import forget
from tests.fakes.sources import FakeSource

CHANGE = Change(actor="root", source="test")


def keep(project: str, filename: str, digest: str) -> None:
    file = UpstreamFile(filename=filename, url="https://files.example/f", hashes=(("sha256", digest * 64),))
    write.put_bytes(keys.upstream_file(digest * 64), b"x" * 7)
    kept_files.put_down(Wanted(project=project, file=file, source=""), 7)


def everything() -> set[str]:
    return {blob.key for blob in stored.walk("upstream")}


def test_what_no_other_name_shares_goes(sourced):
    sourced(FakeSource(UpstreamPage(name="demo"), UpstreamPage(name="other")))
    for project in ("demo", "other"):
        pages.page(project)
    keep("demo", "demo-1.0.tar.gz", "a")
    keep("demo", "demo-2.0.tar.gz", "b")
    keep("demo", "demo-2-0.tar.gz", "b")  # two names of one project
    keep("demo", "demo-3.0.tar.gz", "c")
    keep("other", "other-1.0.tar.gz", "c")
    done = forget("demo", CHANGE)
    assert (done.files, done.size) == (4, 14)
    page = kept.read("other").body
    assert everything() == {keys.upstream_file("c" * 64), keys.upstream_page("other", page)}
    known = kept.read("demo")
    assert (known.body, known.seen) == ("", True)
    assert forget("demo", CHANGE).files == 0


def test_a_lease_is_no_file():
    file = UpstreamFile(filename="demo-1.0.tar.gz", url="", hashes=(("sha256", "a" * 64),))
    wanted = Wanted(project="demo", file=file, source="")
    assert kept_files.lease(wanted)
    assert forget("demo", CHANGE).files == 0
    assert kept_files.lease(wanted) is None


def test_who_did_it_is_in_the_trail():
    forget("demo", CHANGE)
    (event,) = events(datetime.now(UTC).strftime("%Y-%m"))
    assert (event.action, event.actor, event.project) == ("upstream.forget", "root", "demo")
