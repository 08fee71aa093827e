"""The history of a project and the chart of its downloads, as a browser asks for them."""

import re

import pytest

from packages_app.audit.entries import Event
from packages_app.browser import history
from packages_app.catalogue import write
from packages_app.catalogue.entries import Change, Status
from packages_app.downloads import count
from tests.factories import make_wheel, sha256
from tests.functional.accounts import token, user

pytestmark = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)


@pytest.fixture
def demo(publish):
    """A project with a wheel."""
    filename, data = make_wheel()
    assert publish(filename, data).status_code == 200
    return f"/packages/{sha256(data)}/{filename}"


def test_a_maintainer_reads_what_happened(client, auth, demo):
    change = Change(actor="ben", address="192.0.2.7", source="api")
    write.set_status("demo", Status.DEPRECATED, reason="Use <b>other</b>.", change=change)
    assert 'href="/project/demo/history/"' in client.get("/project/demo/", headers=auth).text
    page = client.get("/project/demo/history/", headers=auth).text
    assert re.search(r"demo</bdi>\s+status changed.*demo-1.0-py3-none-any.whl</bdi>\s+published", page, re.DOTALL)
    assert "reason: Use &lt;b&gt;other&lt;/b&gt;." in page
    assert "192.0.2.7" in page


def test_a_project_that_shows_no_files_still_leads_its_maintainers_to_its_history(client, auth, demo):
    write.set_status("demo", Status.QUARANTINED, reason="A report.", change=Change(actor="ana"))
    user("eve", reader="demo")
    assert 'href="/project/demo/history/"' in client.get("/project/demo/", headers=auth).text
    assert "history" not in client.get("/project/demo/", headers=token("eve")).text


def test_a_long_history_comes_page_by_page(client, auth, demo):
    for number in range(60):
        write.set_status("demo", Status.ACTIVE, reason=f"Number {number}.", change=Change(actor="ana"))
    page, seen = client.get("/project/demo/history/", headers=auth).text, set()
    seen |= set(re.findall(r"Number (\d+)", page))
    (more,) = re.findall(r'href="(\?after=[^"]+)"', page)
    seen |= set(re.findall(r"Number (\d+)", client.get(f"/project/demo/history/{more}", headers=auth).text))
    assert len(seen) == 60


def test_a_release_published_at_once_names_its_files(home):
    event = Event(action="release.publish", actor="ana", target="1.0", after={"b.whl": "1", "a.tar.gz": "2"})
    assert history.told(event).details == ("file: a.tar.gz", "file: b.whl")


def test_others_are_not_shown_it(client, demo):
    user("eve", reader="demo")
    user("nobody")
    assert "history" not in client.get("/project/demo/", headers=token("eve")).text
    statuses = [client.get("/project/demo/history/", headers=token(who)).status_code for who in ("eve", "nobody")]
    assert statuses == [403, 404]


def test_downloads_are_drawn(client, auth, demo):
    assert "No downloads in the last 30 days." in client.get("/project/demo/", headers=auth).text
    for _ in range(3):
        client.get(demo, headers=auth).close()
    count.counted.flush()
    page = client.get("/project/demo/", headers=auth).text
    assert "3 downloads in the last 30 days" in page
    assert page.count("<rect ") == 1
    assert "style=" not in page


def test_downloads_of_the_whole_index_are_shown_to_who_sees_all_of_it(client, auth, demo):
    client.get(demo, headers=auth).close()
    count.counted.flush()
    assert "1 download in the last 30 days" in client.get("/", headers=auth).text
    user("eve", reader="demo")
    assert "in the last 30 days" not in client.get("/", headers=token("eve")).text
