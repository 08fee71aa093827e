"""The admin's lists between a tablet and a desktop: no column is out of sight."""

import pytest


@pytest.mark.parametrize("width", [1024, 1200, 1280, 1440])
@pytest.mark.parametrize("list_", ["eventface", "fileface", "publisherface", "releaseface", "userface", "tokenface"])
def test_a_list_is_shown_whole(opened, width, list_):
    page = opened(f"/admin/{list_}/", viewport={"width": width, "height": 900})
    box = page.locator("#changelist .results")
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
