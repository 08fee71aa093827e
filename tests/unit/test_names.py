"""File names: what installers read, and what is refused."""

import pytest
from packaging.version import Version

from packages_app import names


@pytest.mark.parametrize(
    ("name", "normalised"),
    [
        pytest.param("Foo.Bar_baz", "foo-bar-baz", id="case, dots and underscores do not count"),
        pytest.param("foo-_.bar", "foo-bar", id="runs of separators are one"),
        pytest.param("foo", "foo", id="a normal name stays"),
    ],
)
def test_names_are_compared_in_normalised_form(name, normalised):
    assert names.normalize(name) == normalised
    assert names.project_name(name) == normalised


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("-foo", id="separator first"),
        pytest.param("foo.", id="separator last"),
        pytest.param("foo bar", id="space"),
        pytest.param("foo\n", id="line end"),
        pytest.param("föö", id="letters beyond ASCII"),
        pytest.param("foo/bar", id="slash"),
        pytest.param("f" * 201, id="too long"),
    ],
)
def test_what_is_no_name_is_refused(name):
    assert not names.is_valid_name(name)
    with pytest.raises(names.BadName, match="is not a project name"):
        names.project_name(name)


def test_the_longest_name_is_a_name():
    assert names.is_valid_name("f" * 200)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("1.0", "1.0.0", True, id="zeros at the end do not count"),
        pytest.param("1.0-rc1", "1.0rc1", True, id="spellings do not count"),
        pytest.param("1.0+CU121", "1.0+cu121", True, id="case does not count"),
        pytest.param("1.0", "1.0+cu121", False, id="a local version is another version"),
        pytest.param("1.0", "1.1", False, id="other numbers"),
        pytest.param("latest", "latest", False, id="what is no version equals nothing"),
        pytest.param("9" * 5000, "9" * 5000, False, id="more digits than Python converts"),
    ],
)
def test_versions_are_compared_as_pep_440_says(one, other, same):
    assert names.same_version(one, other) is same


@pytest.mark.parametrize(
    ("filename", "project", "version", "python", "build", "tags"),
    [
        pytest.param("foo-1.0-py3-none-any.whl", "foo", "1.0", "py3", "", ["py3-none-any"], id="a plain wheel"),
        pytest.param("foo-1.0-2b-py3-none-any.whl", "foo", "1.0", "py3", "2b", ["py3-none-any"], id="a build tag"),
        pytest.param(
            "foo-1.0-py2.py3-none-any.whl",
            "foo",
            "1.0",
            "py2.py3",
            "",
            ["py2-none-any", "py3-none-any"],
            id="a compressed tag set",
        ),
        pytest.param(
            "torch-2.1.0+cu121-cp311-cp311-linux_x86_64.whl",
            "torch",
            "2.1.0+cu121",
            "cp311",
            "",
            ["cp311-cp311-linux_x86_64"],
            id="a local version",
        ),
        pytest.param(
            "foo-1.0-cp313-cp313-pyemscripten_2025_0_wasm32.whl",
            "foo",
            "1.0",
            "cp313",
            "",
            ["cp313-cp313-pyemscripten_2025_0_wasm32"],
            id="an Emscripten platform (PEP 783)",
        ),
        pytest.param(
            "foo-1.0-py3-none-toaster_9.whl", "foo", "1.0", "py3", "", ["py3-none-toaster_9"], id="an unknown platform"
        ),
        pytest.param("Foo.Bar-1.0-py3-none-any.whl", "foo-bar", "1.0", "py3", "", ["py3-none-any"], id="an old name"),
        pytest.param("foo-2!1.0-py3-none-any.whl", "foo", "2!1.0", "py3", "", ["py3-none-any"], id="an epoch"),
        pytest.param(
            "foo-1.0.RC1-py3-none-any.whl", "foo", "1.0rc1", "py3", "", ["py3-none-any"], id="a loose version"
        ),
    ],
)
def test_wheel_names_have_one_reading(filename, project, version, python, build, tags):  # noqa: PLR0917 - a table's columns
    assert names.readings(filename) == (
        names.Distribution(
            filename=filename,
            project=project,
            version=Version(version),
            filetype="bdist_wheel",
            python_version=python,
            build=build,
            tags=tuple(tags),
        ),
    )


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        pytest.param("foo-1.0.tar.gz", [("foo", "1.0")], id="a plain sdist"),
        pytest.param("foo_bar-1.0.tar.gz", [("foo-bar", "1.0")], id="an escaped name (PEP 625)"),
        pytest.param("foo-1.0+cu121.tar.gz", [("foo", "1.0+cu121")], id="a local version"),
        # The predecessor's pattern crashed on every hyphen before the version.
        pytest.param("foo-bar-1.0.tar.gz", [("foo-bar", "1.0")], id="defect D1: a hyphen in the name"),
        pytest.param("foo-bar-baz-1.0.dev3.tar.gz", [("foo-bar-baz", "1.0.dev3")], id="defect D1: two hyphens"),
        pytest.param("foo-1.0-1.tar.gz", [("foo-1-0", "1"), ("foo", "1.0.post1")], id="an old post release"),
        pytest.param("foo-1-2.tar.gz", [("foo-1", "2"), ("foo", "1.post2")], id="a name that ends in a number"),
        pytest.param("foo-1.0-rc-1.tar.gz", [("foo-1-0-rc", "1"), ("foo", "1.0rc1")], id="a hyphenated candidate"),
        pytest.param("foo-1.0-beta.tar.gz", [("foo", "1.0b0")], id="a candidate without a number"),
    ],
)
def test_sdist_names_have_every_reading_the_likeliest_first(filename, expected):
    found = names.readings(filename)

    assert [(reading.project, str(reading.version)) for reading in found] == expected
    assert names.parse(filename) == found[0]
    assert {(reading.filetype, reading.python_version, reading.build, reading.tags) for reading in found} == {
        ("sdist", "source", "", ())
    }


@pytest.mark.parametrize(
    "filename",
    [
        pytest.param("foo-1.0-py3.11.egg", id="an egg (PEP 715)"),
        pytest.param("foo-1.0.win32.exe", id="a Windows installer"),
        pytest.param("foo-1.0.msi", id="an MSI"),
        pytest.param("foo-1.0.zip", id="a zip sdist (PEP 625)"),
        # The predecessor made version 0 of these, and crashed on it.
        pytest.param("foo-1.0.tar.bz2", id="defect D2: a bzip2 sdist"),
        pytest.param("foo-1.0.tar.gz.asc", id="defect D2: a signature"),
        pytest.param("index.html", id="defect D2: a page"),
        pytest.param("foo-1.0.tgz", id="a short suffix"),
        pytest.param("foo-1.0-py3-none-any.whl.metadata", id="a metadata file"),
        pytest.param("foo-1.0-py3-none-any.WHL", id="an upper-case suffix"),
        pytest.param("foo-1.0.deb", id="a system's package"),
    ],
)
def test_other_kinds_are_told_what_is_accepted(filename):
    with pytest.raises(names.BadFilename, match=r"takes wheels \(\.whl\) and source distributions \(\.tar\.gz\)"):
        names.parse(filename)


@pytest.mark.parametrize(
    "filename",
    [
        # The predecessor returned a pair of nothing for these, and crashed on it.
        pytest.param("foo.whl", id="defect D3: only a name"),
        pytest.param("foo-1.0.whl", id="defect D3: no tags"),
        pytest.param("foo-1.0-py3-none.whl", id="defect D3: two tags"),
        pytest.param("foo-1.0-x-y-py3-none-any.whl", id="too many parts"),
        pytest.param("foo-1.0-x1-py3-none-any.whl", id="a build tag without a digit in front"),
        pytest.param("foo-latest-py3-none-any.whl", id="no version"),
        pytest.param("-1.0-py3-none-any.whl", id="no name"),
        pytest.param("_foo-1.0-py3-none-any.whl", id="a name that starts with a separator"),
        pytest.param("foo__bar-1.0-py3-none-any.whl", id="a name escaped twice"),
        pytest.param("foo-1.0-py3.-none-any.whl", id="an empty tag"),
        pytest.param("foo-1.0-{0}-{0}-{0}.whl".format(".".join("a" * 20)), id="thousands of tags"),
        pytest.param("foo.tar.gz", id="an sdist without a version"),
        pytest.param("foo-bar.tar.gz", id="an sdist with a word for a version"),
        pytest.param("-1.0.tar.gz", id="an sdist without a name"),
        pytest.param("foo-1.0-.tar.gz", id="an sdist with a hyphen at its end"),
        pytest.param(".tar.gz", id="only a suffix"),
        pytest.param(".whl", id="only the other suffix"),
        pytest.param("", id="nothing"),
    ],
)
def test_names_that_cannot_be_read_are_refused(filename):
    with pytest.raises(names.BadFilename):
        names.parse(filename)


@pytest.mark.parametrize(
    "filename",
    [
        pytest.param("../foo-1.0.tar.gz", id="a folder above"),
        pytest.param("a/foo-1.0.tar.gz", id="a slash"),
        pytest.param("a\\foo-1.0.tar.gz", id="a backslash"),
        pytest.param("foo-1.0\0.tar.gz", id="NUL"),
        pytest.param("foo-1.0.tar.gz\n", id="a line end"),
        pytest.param("foo-1.0\x1b[2J.tar.gz", id="a control character"),
        pytest.param("foo-1.0\x7f.tar.gz", id="delete"),
        pytest.param("föö-1.0.tar.gz", id="letters beyond ASCII"),
        pytest.param("foo-1.0\uff0e.tar.gz", id="a full-width dot"),
        pytest.param("foo-1.0\udcff.tar.gz", id="a lone surrogate"),
        pytest.param("foo-\u0661.0.tar.gz", id="Arabic digits"),
        pytest.param(".foo-1.0.tar.gz", id="a leading dot"),
        pytest.param("foo bar-1.0.tar.gz", id="a space"),
        pytest.param("foo%2Fbar-1.0.tar.gz", id="a per cent sign"),
        pytest.param("foo-1.0.tar.gz?x", id="a question mark"),
        pytest.param("c:foo-1.0.tar.gz", id="a drive letter"),
        pytest.param("f" * 230 + "-1.0.tar.gz", id="too long for a file system"),
    ],
)
def test_unsafe_file_names_are_refused_in_printable_words(filename):
    with pytest.raises(names.BadFilename) as refusal:
        names.parse(filename)

    assert str(refusal.value).isascii()
    assert str(refusal.value).isprintable()
    assert refusal.value.code == "bad-filename"


def test_the_longest_file_name_leaves_room_for_its_metadata():
    filename = "f-" + "1" * (names.LONGEST_FILENAME - len("f-.tar.gz")) + ".tar.gz"

    assert len(filename + ".metadata") <= 255
    assert names.parse(filename).project == "f"


@pytest.mark.parametrize(
    ("filename", "project", "version"),
    [
        pytest.param("foo-1.0-1.tar.gz", "foo", "1.0-1", id="the post release of foo"),
        pytest.param("foo-1.0-1.tar.gz", "foo-1-0", "1", id="version 1 of foo-1-0"),
        pytest.param("foo-bar-1.0.tar.gz", "foo-bar", "1.0.0", id="a version with more zeros"),
        pytest.param("Foo.Bar-1.0-py3-none-any.whl", "foo-bar", "1.0", id="a wheel of an old name"),
    ],
)
def test_metadata_decides_between_readings(filename, project, version):
    reading = names.reading_for(filename, project, version)

    assert (reading.project, reading.version) == (project, Version(version))


@pytest.mark.parametrize(
    ("filename", "project", "version"),
    [
        pytest.param("foo-1.0.tar.gz", "bar", "1.0", id="another project"),
        pytest.param("foo-1.0.tar.gz", "foo", "1.1", id="another version"),
        pytest.param("foo-1.0.tar.gz", "foo", "1.0+local", id="another local version"),
        pytest.param("foo-1-2.tar.gz", "foo", "2", id="a mix of two readings"),
        pytest.param("foo-1.0-py3-none-any.whl", "foo-1", "0", id="a wheel has no second reading"),
        pytest.param("foo-1.0.tar.gz", "foo", "latest", id="no version at all"),
    ],
)
def test_metadata_that_no_reading_agrees_with_is_refused(filename, project, version):
    with pytest.raises(names.BadFilename, match="metadata inside says"):
        names.reading_for(filename, project, version)
