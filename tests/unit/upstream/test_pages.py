"""How long a page counts, and what is shown while the upstream fails."""

import multiprocessing
import threading
import time

import pytest

from packages_app.file_store import read as stored
from packages_app.upstream import bodies, keeping, kept, pages
from packages_app.upstream.entries import UpstreamPage
from packages_app.upstream.errors import SourceFailed
from packages_app.upstream.sources import rest
from tests.fakes import upstream as fakes
from tests.fakes.sources import FakeSource


def later(monkeypatch, seconds: float) -> None:
    """Let this process's clock be so many seconds ahead."""
    monkeypatch.setattr(kept, "now", lambda: time.time_ns() // 1000 + int(seconds * 1_000_000))
    monkeypatch.setattr(keeping, "now", kept.now)


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch):
    """Ask the upstream again at once; how it is left alone is tested with the source."""
    monkeypatch.setattr(rest, "ENOUGH", 99)
    monkeypatch.setattr(keeping, "RETRY_SECONDS", 0.0)


@pytest.fixture
def demo(behind):
    behind.add("demo", "demo-1.0.tar.gz", b"one")
    return behind


def files(project: str = "demo") -> list[str]:
    shown = pages.page(project)
    return [] if shown is None else [file.filename for file in pages.contents(shown).files]


def test_a_page_is_asked_for_once_while_it_is_fresh(demo):
    for _ in range(3):
        assert files() == ["demo-1.0.tar.gz"]
    assert demo.pages_asked() == 1


def test_after_that_it_is_confirmed_and_keeps_its_serial(demo, monkeypatch):
    first = pages.page("demo").kept
    later(monkeypatch, 301)
    second = pages.page("demo").kept
    assert demo.pages_asked() == 2
    assert demo.headers[1]["If-None-Match"]
    assert (second.serial, second.body) == (first.serial, first.body)
    assert second.checked_at > first.checked_at


def test_a_page_that_changed_has_another_serial_and_the_old_body_goes(demo, monkeypatch):
    first = pages.page("demo").kept
    demo.add("demo", "demo-2.0.tar.gz", b"two")
    later(monkeypatch, 301)
    shown = pages.page("demo")
    assert [file.version for file in pages.contents(shown).files] == ["1.0", "2.0"]
    assert shown.kept.serial > first.serial
    assert len(list(stored.walk("upstream"))) == 1


def test_the_same_page_in_another_order_is_the_same_page(demo, monkeypatch):
    demo.add("demo", "demo-2.0.tar.gz", b"two")
    first = pages.page("demo").kept
    demo.projects["demo"].reverse()
    later(monkeypatch, 301)
    assert pages.page("demo").kept.serial == first.serial


def test_a_missing_project_is_remembered_for_a_short_time(demo, monkeypatch):
    assert pages.page("nowhere") is None
    assert pages.page("nowhere") is None
    assert demo.pages_asked() == 1
    later(monkeypatch, 61)
    assert pages.page("nowhere") is None
    assert demo.pages_asked() == 2


def test_a_project_that_appears_is_shown_once_the_memory_of_its_absence_ends(demo, monkeypatch):
    assert pages.page("late") is None
    demo.add("late", "late-1.0.tar.gz", b"bytes")
    later(monkeypatch, 61)
    assert files("late") == ["late-1.0.tar.gz"]


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(fakes.status(500), id="it answers 500"),
        pytest.param(fakes.status(401), id="it refuses our credentials"),
        pytest.param(fakes.status(429), id="it is busy"),
        pytest.param(fakes.says(b"<html><body>Sorry</body></html>", "text/html"), id="it sends an error page with 200"),
        pytest.param(fakes.hang_up, id="it hangs up"),
        pytest.param(fakes.says(b'{"meta":{"api-version":"1.0"},"name":"demo","files":7}'), id="it sends nonsense"),
    ],
)
def test_the_last_good_page_is_shown_and_marked_while_the_upstream_fails(demo, monkeypatch, behaviour):
    assert not pages.page("demo").stale
    demo.behave = behaviour
    later(monkeypatch, 301)
    shown = pages.page("demo")
    assert shown.stale
    assert [file.filename for file in pages.contents(shown).files] == ["demo-1.0.tar.gz"]
    demo.behave = None
    assert not pages.page("demo").stale


@pytest.mark.parametrize("kept_before", [True, False], ids=["with a kept page", "without one"])
def test_a_page_over_the_limit_is_a_failure_and_no_short_page(demo, monkeypatch, configure, kept_before):
    configure(page_bytes=1024**2)
    if kept_before:
        pages.page("demo")
    demo.add("demo", "demo-2.0.tar.gz", b"two")
    demo.more["demo"] = {"_notes": "x" * 1024**2}
    later(monkeypatch, 301)
    if kept_before:
        shown = pages.page("demo")
        assert shown.stale
        assert "larger than 1 MB" in kept.read("demo").fault
        assert [file.filename for file in pages.contents(shown).files] == ["demo-1.0.tar.gz"]
    else:
        with pytest.raises(SourceFailed, match="larger than 1 MB"):
            pages.page("demo")
        assert kept.read("demo").body == ""
    configure(page_bytes=16 * 1024**2)
    assert files() == ["demo-1.0.tar.gz", "demo-2.0.tar.gz"]


def test_the_last_good_page_is_shown_while_nobody_listens(demo, monkeypatch):
    pages.page("demo")
    demo.stop()
    later(monkeypatch, 301)
    assert pages.page("demo").stale
    demo.again()


def test_it_is_shown_for_as_long_as_the_setting_says(demo, monkeypatch, configure):
    pages.page("demo")
    demo.behave = fakes.status(500)
    configure(stale=3600)
    later(monkeypatch, 3599)
    assert pages.page("demo").stale
    later(monkeypatch, 3601)
    with pytest.raises(SourceFailed, match="answers 500"):
        pages.page("demo")


def test_without_a_kept_page_a_failure_is_told(demo):
    demo.behave = fakes.status(500)
    with pytest.raises(SourceFailed, match="answers 500"):
        pages.page("demo")


def test_a_failure_is_told_where_the_project_was_missing_before(demo, monkeypatch):
    assert pages.page("nowhere") is None
    demo.behave = fakes.status(500)
    later(monkeypatch, 61)
    with pytest.raises(SourceFailed):
        pages.page("nowhere")


def test_after_a_failure_the_upstream_is_not_asked_at_once(demo, monkeypatch):
    monkeypatch.setattr(keeping, "RETRY_SECONDS", 30.0)
    pages.page("demo")
    demo.behave = fakes.status(500)
    later(monkeypatch, 301)
    for _ in range(3):
        assert pages.page("demo").stale
    assert demo.pages_asked() == 2
    demo.behave = None
    later(monkeypatch, 332)
    assert not pages.page("demo").stale


def test_a_project_that_the_upstream_withdrew_is_gone_but_stays_known(demo, monkeypatch):
    pages.page("demo")
    del demo.projects["demo"]
    later(monkeypatch, 301)
    assert pages.page("demo") is None
    assert kept.read("demo").seen
    assert list(stored.walk("upstream")) == []


def test_a_slow_upstream_costs_the_budget_and_its_page_comes_for_the_next(demo, monkeypatch, configure):
    pages.page("demo")
    demo.add("demo", "demo-2.0.tar.gz", b"two")
    demo.behave = fakes.waits(0.6)
    configure(budget=0.1)
    later(monkeypatch, 301)
    began = time.monotonic()
    shown = pages.page("demo")
    assert time.monotonic() - began < 0.5
    assert shown.stale
    assert [file.version for file in pages.contents(shown).files] == ["1.0"]
    for thread in tuple(keeping.asking):
        thread.join(5)
    assert files() == ["demo-1.0.tar.gz", "demo-2.0.tar.gz"]
    assert demo.pages_asked() == 2


def test_a_page_that_is_too_old_to_be_shown_is_waited_for_as_if_there_were_none(demo, monkeypatch, configure):
    pages.page("demo")
    demo.behave = fakes.waits(0.4)
    configure(budget=0.1, stale=3600)
    later(monkeypatch, 3601)
    assert not pages.page("demo").stale


def test_one_asks_and_the_others_get_the_kept_page_at_once(demo, monkeypatch, configure):
    pages.page("demo")
    configure(budget=3.0)
    demo.behave = fakes.waits(0.4)
    later(monkeypatch, 301)
    times = []

    def ask():
        began = time.monotonic()
        assert files() == ["demo-1.0.tar.gz"]
        times.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert demo.pages_asked() == 2
    assert sum(each > 0.35 for each in times) == 1


def test_without_a_kept_page_the_others_wait_for_the_one_who_asks(demo):
    demo.behave = fakes.waits(0.3)
    found = []
    threads = [threading.Thread(target=lambda: found.append(files())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["demo-1.0.tar.gz"]] * 8
    assert demo.pages_asked() == 1


def in_another_process(settings_given: dict, storages: dict, queue) -> None:
    """Ask for the page, in a process of its own."""
    from django.test.utils import override_settings  # noqa: PLC0415 - in the other process

    with override_settings(PACKAGES_APP=settings_given, STORAGES=storages):
        queue.put(files())


def test_processes_share_one_question(demo, settings):
    demo.behave = fakes.waits(0.5)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    given = (settings.PACKAGES_APP, settings.STORAGES, queue)
    others = [context.Process(target=in_another_process, args=given) for _ in range(4)]
    for other in others:
        other.start()
    assert [queue.get(timeout=20) for _ in others] == [["demo-1.0.tar.gz"]] * 4
    for other in others:
        other.join(10)
    assert demo.pages_asked() == 1


@pytest.mark.parametrize("step", [-7200, 7200], ids=["back", "forward"])
def test_a_clock_that_steps_only_makes_us_ask_again(demo, monkeypatch, step):
    first = pages.page("demo").kept
    later(monkeypatch, step)
    shown = pages.page("demo")
    assert not shown.stale
    assert demo.pages_asked() == 2
    assert shown.kept.serial >= first.serial
    demo.add("demo", "demo-2.0.tar.gz", b"two")
    later(monkeypatch, step * 2)
    assert pages.page("demo").kept.serial > first.serial


@pytest.mark.parametrize("step", [-7200, 7200], ids=["back", "forward"])
def test_a_clock_that_steps_while_the_upstream_fails_shows_the_last_good_page(demo, monkeypatch, step):
    first = pages.page("demo").kept
    demo.behave = fakes.status(500)
    later(monkeypatch, step)
    shown = pages.page("demo")
    assert shown.stale
    assert shown.kept.body == first.body
    later(monkeypatch, 0)
    demo.behave = None
    assert not pages.page("demo").stale


def test_a_confirmation_of_a_clock_far_ahead_does_not_make_a_page_fresh_for_ever(demo, monkeypatch):
    later(monkeypatch, 10 * 365 * 86400)
    pages.page("demo")
    later(monkeypatch, 0)
    demo.add("demo", "demo-2.0.tar.gz", b"two")
    assert files() == ["demo-1.0.tar.gz", "demo-2.0.tar.gz"]
    assert abs(kept.read("demo").checked_at - kept.now()) < 10**7


def test_an_absence_noted_by_a_clock_far_ahead_is_asked_about_again(demo, monkeypatch):
    later(monkeypatch, 7200)
    assert pages.page("late") is None
    later(monkeypatch, 0)
    demo.add("late", "late-1.0.tar.gz", b"bytes")
    assert files("late") == ["late-1.0.tar.gz"]


def test_a_rest_of_a_clock_far_ahead_counts_for_nothing(demo, monkeypatch):
    monkeypatch.setattr(keeping, "RETRY_SECONDS", 30.0)
    pages.page("demo")
    demo.behave = fakes.status(500)
    later(monkeypatch, 7200)
    assert pages.page("demo").stale
    demo.behave = None
    later(monkeypatch, 400)
    assert not pages.page("demo").stale


def test_a_lease_of_a_clock_far_ahead_counts_for_nothing(demo, monkeypatch):
    pages.page("demo")
    later(monkeypatch, 7200)
    assert kept.lease("demo", 30) is not None
    monkeypatch.undo()
    later(monkeypatch, 400)
    assert not pages.page("demo").stale
    assert demo.pages_asked() == 2


def test_a_kept_page_whose_bytes_are_gone_is_fetched_anew(demo):
    shown = pages.page("demo")
    for blob in stored.walk("upstream"):
        from packages_app.file_store import write  # noqa: PLC0415 - only here

        write.remove(blob.key)
    bodies.memory.__init__()
    with pytest.raises(Exception, match="missing"):
        pages.contents(shown)
    assert files() == ["demo-1.0.tar.gz"]


def test_the_first_source_that_knows_a_project_counts(sourced):
    first, second = (
        FakeSource(UpstreamPage(name="a", status="deprecated")),
        FakeSource(UpstreamPage(name="a"), UpstreamPage(name="b"), name="https://second.example/simple/"),
    )
    sourced(first, second)
    assert pages.page("a").kept.status == "deprecated"
    assert pages.page("b").kept.validators.source == second.name
    assert pages.page("c") is None
    assert second.asked == ["b", "c"]


def test_a_source_that_fails_is_never_passed_over(sourced):
    first, second = FakeSource(), FakeSource(UpstreamPage(name="a"), name="https://second.example/simple/")
    sourced(first, second)
    first.down = True
    with pytest.raises(SourceFailed):
        pages.page("a")
    assert second.asked == []


def test_another_upstream_is_asked_though_the_page_of_the_last_one_is_fresh(sourced):
    old, new = (
        FakeSource(UpstreamPage(name="a")),
        FakeSource(UpstreamPage(name="a", status="deprecated"), name="https://new.example/simple/"),
    )
    sourced(old)
    pages.page("a")
    sourced(new)
    assert pages.page("a").kept.status == "deprecated"


def test_a_confirmation_of_a_clock_that_is_a_little_ahead_counts(demo, monkeypatch):
    pages.page("demo")
    later(monkeypatch, -2)
    pages.page("demo")
    assert demo.pages_asked() == 1
