"""That a kept page is read back as it was, and which pages stay in memory."""

import pytest

from packages_app.file_store import read as stored
from packages_app.file_store.errors import BlobMissing
from packages_app.upstream import bodies
from packages_app.upstream.entries import Hidden, UpstreamFile, UpstreamPage, Why

FILE = UpstreamFile(
    filename="demo-1.0-py3-none-any.whl",
    url="https://files.example/f?x=1",
    hashes=(("md5", "b" * 32), ("sha256", "a" * 64)),
    size=0,
    upload_time="2026-01-02T03:04:05.000006Z",
    requires_python=">=3.8",
    core_metadata="true",
    yanked=True,
    yanked_reason="naïve ☃",
    provenance="https://files.example/p",
    version="1.0",
    filetype="bdist_wheel",
)
BARE = UpstreamFile(filename="demo.exe", url="https://files.example/e", hashes=())
PAGE = UpstreamPage(
    name="demo",
    status="deprecated",
    status_reason="use ours",
    versions=("1.0", "2.0"),
    files=(FILE, BARE),
    hidden=(Hidden(filename="demo-2.0.tar.gz", version="2.0", why=Why.BAD_URL),),
)


@pytest.mark.parametrize(
    "page", [pytest.param(PAGE, id="a full page"), pytest.param(UpstreamPage(name="demo"), id="none")]
)
def test_a_page_is_read_back_as_it_was(page):
    sha256 = bodies.keep(page)
    bodies.memory.__init__()
    assert bodies.load("demo", sha256) == page


def test_a_page_is_the_same_whatever_the_order_of_its_files():
    other = UpstreamPage(**{**{name: getattr(PAGE, name) for name in PAGE.__slots__}, "files": (BARE, FILE)})
    assert bodies.keep(other) == bodies.keep(PAGE)


def test_a_page_that_is_gone_from_store_and_memory_is_missing():
    with pytest.raises(BlobMissing):
        bodies.load("demo", "a" * 64)


def test_a_page_in_memory_is_not_read_again(monkeypatch):
    sha256 = bodies.keep(PAGE)
    monkeypatch.setattr(stored, "read", None)
    assert bodies.load("demo", sha256) is PAGE


def test_pages_that_nobody_asked_for_longest_leave_the_memory(monkeypatch):
    monkeypatch.setattr(bodies, "IN_MEMORY", 100)
    memory = bodies.Memory()
    for name in "abc":
        memory.keep(name, PAGE, 40)
        memory.keep(name, PAGE, 40)  # which counts once
        memory.get("a")
    assert (memory.get("a"), memory.get("b"), memory.get("c"), memory.size) == (PAGE, None, PAGE, 80)
    memory.keep("large", PAGE, 1000)  # which whoever keeps it is about to read
    assert (memory.get("large"), memory.get("c"), memory.size) == (PAGE, None, 1000)
