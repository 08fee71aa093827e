"""Which files are fetched ahead of time: those that an installer would take later."""

import pytest

from packages_app.metadata.entries import CoreMetadata
from packages_app.upstream.mirror import Candidate, choose, required
from packages_app.upstream.shopping import item
from packages_app.upstream.targets import Target

NEW, OLD = Target((3, 12), ("manylinux*_x86_64",)), Target((3, 9), ("manylinux*_x86_64",))


def candidate(filename: str, *, requires_python: str = "", sha256: str = "", yanked: bool = False) -> Candidate:
    version = filename.removesuffix(".tar.gz").split("-")[1]
    filetype = "bdist_wheel" if filename.endswith(".whl") else "sdist"
    return Candidate(filename, version, filetype, requires_python, sha256, yanked, None)


def chosen(line: str, *found: Candidate, targets=(NEW,)) -> list[str]:
    return sorted(each.filename for each in choose(item(line), found, targets))


@pytest.mark.parametrize(
    ("line", "versions"),
    [
        pytest.param("demo", ["1.10"], id="the newest final one"),
        pytest.param("demo<1.10", ["1.9"], id="the newest that is asked for"),
        pytest.param("demo==1.9", ["1.9"], id="an exact one"),
        pytest.param("demo>=2.0a1", ["2.0a1"], id="a pre-release that is asked for"),
        pytest.param("demo>=3", [], id="none"),
    ],
)
def test_of_each_requirement_the_newest_release_comes_that_fits(line, versions):
    found = [candidate(f"demo-{version}.tar.gz") for version in ("1.9", "1.10", "2.0a1", "not_a_version")]
    assert chosen(line, *found) == [f"demo-{version}.tar.gz" for version in versions]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("demo", "demo-1.0.tar.gz", id="a yanked release is passed over"),
        pytest.param("demo>=1", "demo-1.0.tar.gz", id="also in a range"),
        pytest.param("demo==2.*", None, id="also among versions that begin so"),
        pytest.param("demo==2.0", "demo-2.0.tar.gz", id="but not where its exact version is asked for"),
        pytest.param("demo===2.0", "demo-2.0.tar.gz", id="in either way"),
        pytest.param(f"demo --hash=sha256:{'b' * 64}", "demo-2.0.tar.gz", id="nor where its bytes are"),
    ],
)
def test_what_is_yanked_comes_where_an_installer_takes_it(line, expected):
    found = [candidate("demo-1.0.tar.gz"), candidate("demo-2.0.tar.gz", yanked=True, sha256="b" * 64)]
    assert chosen(line, *found) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(["1.0-py3-none-any.whl", "1.0.tar.gz"], ["1.0-py3-none-any.whl"], id="wheels before the sdist"),
        pytest.param(["1.0-cp311-cp311-win32.whl", "1.0.tar.gz"], ["1.0.tar.gz"], id="the sdist where no wheel fits"),
        pytest.param(
            ["2.0-cp311-cp311-win32.whl", "1.0.tar.gz"], ["1.0.tar.gz"], id="an older release where none does"
        ),
    ],
)
def test_of_a_release_what_fits_comes(found, expected):
    assert chosen("demo", *(candidate(f"demo-{each}") for each in found)) == [f"demo-{each}" for each in expected]


def test_each_target_gets_the_newest_that_it_can_install():
    found = [candidate("demo-1.0.tar.gz"), candidate("demo-2.0.tar.gz", requires_python=">=3.10")]
    assert chosen("demo", *found, targets=(NEW, OLD)) == ["demo-1.0.tar.gz", "demo-2.0.tar.gz"]
    assert {each.version: targets for each, targets in choose(item("demo"), found, (NEW, OLD)).items()} == {
        "2.0": {NEW},
        "1.0": {OLD},
    }


def test_a_release_requires_what_its_lines_say_for_any_target():
    lines = ("a; python_version < '3.10'", "b>=2; extra == 'x'", "c; extra == 'y'", "not a requirement", "d")
    core = CoreMetadata(metadata_version="2.1", name="demo", version="1.0", requires_dist=lines)
    assert [str(each.requirement) for each in required(core, item("demo[X]"), (NEW,))] == ["b>=2", "d"]
    assert [str(each.requirement) for each in required(core, item("demo"), (NEW, OLD))] == ["a", "d"]
