from datetime import date, timedelta

from packages_app.browser.chart import HEIGHT, WIDTH, chart
from packages_app.downloads.entries import Day


def days(*counts: int) -> list[Day]:
    return [Day(day=date(2026, 11, 1) + timedelta(days=number), count=count) for number, count in enumerate(counts)]


def test_bars_stand_side_by_side_within_the_picture():
    found = chart(days(0, 5, 10))
    assert [(bar.x, bar.y, bar.height) for bar in found.bars] == [
        (0, HEIGHT, 0),
        (WIDTH / 3, HEIGHT / 2, HEIGHT / 2),
        (WIDTH * 2 / 3, 0, HEIGHT),
    ]
    assert found.bar_width < WIDTH / 3
    assert (found.total, found.highest) == (15, 10)


def test_one_download_beside_a_million_is_seen():
    assert chart(days(1, 1_000_000)).bars[0].height == 2


def test_days_without_downloads_have_no_bars():
    found = chart(days(0, 0))
    assert (found.total, [bar.height for bar in found.bars]) == (0, [0, 0])
    assert chart(()).bars == ()
