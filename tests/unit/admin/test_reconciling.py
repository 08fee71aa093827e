from packages_app.admin import reconciling
from packages_app.file_store import write


def foreign(count: int) -> None:
    for number in range(count):
        write.put_bytes(f"packages/{'ab' * 32}/nothing-{number}.txt", b"x")


def test_a_report_tells_what_differs_and_how_much_of_each_kind():
    foreign(2)
    made = reconciling.report()
    assert made.counts == {"foreign": 2}
    assert (made.stopped, made.refusal) == ("", "")


def test_a_store_and_a_catalogue_that_agree_have_an_empty_report():
    made = reconciling.report()
    assert (made.findings, made.stopped, made.refusal) == ([], "", "")


def test_more_than_a_page_can_show_is_said(monkeypatch):
    monkeypatch.setattr(reconciling, "MOST", 2)
    foreign(3)
    made = reconciling.report()
    assert len(made.findings) == 2
    assert made.stopped == "Only the first 2 differences are shown."


def test_a_report_that_takes_too_long_says_where_it_stopped(monkeypatch):
    monkeypatch.setattr(reconciling, "SECONDS", -1.0)
    foreign(1)
    made = reconciling.report()
    assert made.stopped.startswith("It was stopped after")
    assert "stored files" in made.stopped
