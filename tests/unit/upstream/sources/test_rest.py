"""When another index is left alone, and for how long."""

import contextlib

import pytest

from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.sources import rest
from packages_app.upstream.sources.rest import REST_SECONDS, Rest


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

        def monotonic(self) -> float:
            return self.now

    made = Clock()
    monkeypatch.setattr(rest, "time", made)
    return made


def ask(source: Rest, *faults: Fault | None, wait: float = 0) -> None:
    for fault in faults:
        with contextlib.suppress(SourceFailed), source.heeded():
            if fault is not None:
                raise SourceFailed(fault, "It failed.", wait=wait)


def rests(source: Rest) -> bool:
    try:
        with source.heeded():
            pass
    except SourceFailed:
        return True
    return False


@pytest.mark.parametrize(
    ("faults", "left_alone"),
    [
        pytest.param([Fault.UNREACHABLE], True, id="it cannot be reached"),
        pytest.param([Fault.TLS], True, id="nobody knows its certificate"),
        pytest.param([Fault.BUSY], True, id="it says that it is busy"),
        pytest.param([Fault.SLOW], False, id="it was slow once"),
        pytest.param([Fault.SLOW, Fault.SLOW], True, id="it was slow twice in a row"),
        pytest.param([Fault.SLOW, None, Fault.SLOW], False, id="it answered in between"),
        pytest.param([Fault.SLOW, Fault.UNREADABLE, Fault.SLOW], True, id="one page of it was damaged in between"),
        pytest.param([Fault.UNREADABLE] * 5, False, id="its pages are damaged"),
    ],
)
def test_an_index_is_left_alone_for_what_concerns_all_of_its_projects(clock, faults, left_alone):
    source = Rest()
    ask(source, *faults)
    assert rests(source) is left_alone


@pytest.mark.parametrize(
    ("wait", "after", "left_alone"),
    [
        pytest.param(0, REST_SECONDS - 1, True, id="it rests for its time"),
        pytest.param(0, REST_SECONDS + 1, False, id="and is asked again after that"),
        pytest.param(60, 59, True, id="it is heeded when it asks for more"),
        pytest.param(60, 61, False, id="and not for longer than it asks"),
        pytest.param(1, REST_SECONDS - 1, True, id="it is not asked sooner for asking for less"),
    ],
)
def test_it_is_left_alone_for_a_while(clock, wait, after, left_alone):
    source = Rest()
    ask(source, Fault.BUSY, wait=wait)
    clock.now += after
    assert rests(source) is left_alone
