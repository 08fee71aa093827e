"""Which days are read: as many as are asked for, within what is kept, each of them once."""

from datetime import date

import pytest

from packages_app.downloads.models import DownloadsRow
from packages_app.downloads.read import MOST_DAYS, read

LAST = date(2030, 3, 1)


@pytest.fixture(autouse=True)
def _own_catalogue(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}


@pytest.mark.parametrize(
    ("days", "first", "count"),
    [
        pytest.param(1, date(2030, 3, 1), 1, id="one day is that day"),
        pytest.param(2, date(2030, 2, 28), 2, id="two days go over the end of a month"),
        pytest.param(0, date(2030, 3, 1), 1, id="no day is one day"),
        pytest.param(-5, date(2030, 3, 1), 1, id="fewer than no day are one day"),
        pytest.param(10**9, date(2028, 3, 1), MOST_DAYS, id="more days than are kept are those"),
    ],
)
def test_days_are_counted_back_from_the_last(days, first, count):
    found = read("demo", days, until=LAST)
    assert (found[0].day, found[-1].day, len(found)) == (first, LAST, count)


def test_days_with_downloads_stand_among_those_without():
    for day in ("2030-02-26", "2030-02-28", "2030-03-02"):
        DownloadsRow("K#main#demo", day, total=int(day[-1])).save()
    DownloadsRow("K#main#other", "2030-02-27", total=9).save()
    assert [day.count for day in read("demo", 4, until=LAST)] == [6, 0, 8, 0]
