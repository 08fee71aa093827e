"""How much of other indexes is kept, and of which projects."""

from packages_app.file_store import keys, write
from packages_app.upstream import status
from packages_app.upstream.listing import KEY


def test_pages_and_files_are_counted_apart_and_projects_named_once():
    assert status.holdings("pages") == status.Holdings()
    for project in ("demo", "other", KEY):
        for digest in ("a", "b"):
            write.put_bytes(keys.upstream_page(project, digest * 64), b"12345")
    write.put_bytes(keys.upstream_file("c" * 64), b"1234567")
    pages, files = status.holdings("pages"), status.holdings("files")
    assert (pages.count, pages.size, files.count, files.size) == (6, 30, 1, 7)
    assert files.newest >= pages.newest
    assert list(status.projects()) == ["demo", "other"]
