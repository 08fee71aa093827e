"""The progress line."""

import io

import pytest

from packages_app.management import progress
from packages_app.management.progress import ERASED, Line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def show(stream: io.StringIO) -> str:
    line = Line(stream)
    line("files", 2, 4)
    line.clear()
    line.clear()
    return stream.getvalue()


def test_it_is_one_line_on_a_terminal():
    assert show(Terminal()) == f"{ERASED}[##########..........] files: 2 of 4{ERASED}"


def test_it_is_nothing_elsewhere():
    assert show(io.StringIO()) == ""


def test_it_is_not_written_more_often_than_can_be_read():
    stream = Terminal()
    line = Line(stream)
    for number in range(1000):
        line("files", number, 0)
    assert stream.getvalue().count(ERASED) < 100
    line("more", 1, 0)
    assert stream.getvalue().endswith("more: 1")


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [
        pytest.param(1234, 0, "x: 1,234", id="an unknown total has no bar"),
        pytest.param(0, 0, "x", id="a stage without a count"),
        pytest.param(5, 4, "[####################] x: 5 of 4", id="more than was expected"),
    ],
)
def test_its_text(done, total, shown):
    assert progress.text("x", done, total) == shown


def test_it_goes_with_what_it_is_about_however_that_ends():
    stream = Terminal()
    line = Line(stream)
    line("files", 1, 0)
    with pytest.raises(KeyError), line:
        raise KeyError
    assert stream.getvalue().endswith(f"files: 1{ERASED}")
