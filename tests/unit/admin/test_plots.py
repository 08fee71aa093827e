from datetime import date, timedelta
from itertools import pairwise

from packages_app.admin.plots import HEIGHT, WIDTH, per_day

FIRST = date(2026, 1, 30)


def days(*counts):
    return [(FIRST + timedelta(days=number), count) for number, count in enumerate(counts)]


def test_the_tallest_bar_fills_the_picture_and_the_others_are_in_proportion():
    plot = per_day("Uploads", days(5, 10, 0))
    assert [(bar.height, bar.top) for bar in plot.bars] == [(HEIGHT / 2, HEIGHT / 2), (HEIGHT, 0), (0, HEIGHT)]
    assert (plot.total, plot.most) == (15, 10)


def test_a_little_beside_a_lot_is_still_seen():
    plot = per_day("Uploads", days(1, 1_000_000))
    assert plot.bars[0].height > 1


def test_bars_lie_beside_each_other_within_the_picture():
    bars = per_day("Uploads", days(*[1] * 30)).bars
    assert all(one.left + one.width < other.left for one, other in pairwise(bars))
    assert bars[-1].left + bars[-1].width < WIDTH


def test_a_day_that_is_not_counted_is_told_from_one_without_any():
    plot = per_day("Uploads", days(None, 0))
    assert [bar.known for bar in plot.bars] == [False, True]
    assert plot.partial


def test_nothing_at_all_is_a_plot_without_bars():
    plot = per_day("Uploads", days(0, 0))
    assert [bar.height for bar in plot.bars] == [0, 0]
    assert not plot.partial
