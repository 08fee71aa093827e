"""Member names: what unpacks safely, and only once."""

import pytest

from packages_app.metadata.errors import UnsoundArchive
from packages_app.metadata.members import Members, safe_path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        pytest.param("a/b.py", "a/b.py", id="a plain path"),
        pytest.param("./a//b/", "a/b", id="dots and empty parts"),
        pytest.param("a/..b/c..", "a/..b/c..", id="dots within names"),
        pytest.param("ab:c", "ab:c", id="a colon that names no drive"),
        pytest.param(".", "", id="the folder itself"),
    ],
)
def test_safe_paths_are_kept_in_one_spelling(name, path):
    assert safe_path(name) == path


@pytest.mark.parametrize(
    "name", ["/a", "//a", "c:a", "C:/a", "..", "a/..", "a/../b", "a\\b", "\\\\host\\a", "a\0", "a/" * 300, "a" * 5000]
)
def test_unsafe_paths_are_refused(name):
    with pytest.raises(UnsoundArchive):
        safe_path(name)


def test_a_folder_may_come_again_and_a_file_may_not():
    members = Members()
    members.add("a", folder=True)
    members.add("a/", folder=True)
    members.add("a/b")

    for name, folder in (("a/b", False), ("a/b/", True), ("./a", False)):
        with pytest.raises(UnsoundArchive, match="twice"):
            members.add(name, folder=folder)
