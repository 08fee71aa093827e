"""Which files a command, a script or a page means."""

import pytest

from packages_app.catalogue import write
from packages_app.catalogue.errors import NoSuchEntry
from packages_app.maintenance import targets
from packages_app.names import BadFilename
from tests.factories import listed_file
from tests.unit.maintenance.conftest import CHANGE, FILE, NEXT, SDIST

pytestmark = pytest.mark.usefixtures("demo")


def test_a_file_is_found_by_its_name():
    assert targets.file("demo", FILE.filename) == FILE
    with pytest.raises(NoSuchEntry):
        targets.file("other", FILE.filename)


@pytest.mark.parametrize(
    ("version", "files"),
    [
        pytest.param("1.0", [FILE, SDIST], id="a version"),
        pytest.param("v1.0.0", [FILE, SDIST], id="in another spelling"),
        pytest.param("2", [NEXT], id="without its noughts"),
    ],
)
def test_a_release_is_found_however_its_version_is_spelled(version, files):
    assert list(targets.release("demo", version)) == files


@pytest.mark.parametrize("version", ["1.1", "1.0.post1", "", "not a version"])
def test_there_is_no_such_release(version):
    with pytest.raises(NoSuchEntry, match="no release"):
        targets.release("demo", version)


def test_what_is_no_version_is_found_as_it_stands():
    old = listed_file(filename="demo-3.0-py3-none-any.whl", version="2004d")
    write.publish(old, display_name="demo", change=CHANGE, fence="")
    assert list(targets.release("demo", "2004d")) == [old]


def test_a_file_is_of_the_project_that_lists_it():
    """The name can be split in two ways, and the less likely one is listed."""
    file = listed_file(filename="foo-1-2.tar.gz", project="foo", version="1.post2", filetype="sdist")
    write.publish(file, display_name="foo", change=CHANGE, fence="")
    assert targets.project_of("foo-1-2.tar.gz") == "foo"


@pytest.mark.parametrize(("filename", "error"), [("gone-1.0.tar.gz", NoSuchEntry), ("demo-1.0.zip", BadFilename)])
def test_a_file_that_nobody_lists_has_no_project(filename, error):
    with pytest.raises(error):
        targets.project_of(filename)
