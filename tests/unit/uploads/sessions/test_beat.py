"""How far work is is told once in a while, not at every step."""

from packages_app.uploads.sessions import beat as beats
from packages_app.uploads.sessions.beat import Beat


def test_it_is_told_once_in_a_while(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(beats.time, "monotonic", lambda: now[0])
    told: list[int] = []
    beat = Beat(told.append)
    for step in range(100):
        now[0] += 1
        beat(step)
    assert told == list(range(9, 100, 10))
    now[0] += 60
    beat.at(3)(12345)
    assert told[-1] == 3
