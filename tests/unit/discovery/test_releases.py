from datetime import UTC, datetime, timedelta

import pytest

from packages_app.catalogue.entries import File
from packages_app.discovery.releases import releases

EARLY = datetime(2030, 1, 1, tzinfo=UTC)


def file(filename: str, version: str, *, yanked: bool = False, days: int = 0) -> File:
    return File(
        project="demo",
        filename=filename,
        version=version,
        filetype="sdist" if filename.endswith(".tar.gz") else "bdist_wheel",
        size=1,
        sha256="a" * 64,
        blake2_256="",
        upload_time=EARLY + timedelta(days=days),
        uploader="ana",
        yanked=yanked,
    )


def test_releases_are_in_the_order_of_versions_and_what_is_none_comes_last():
    versions = ["1.9", "1.10", "2.0rc1", "1!0.1", "1.0.dev1", "2004d-not-one", "2.0"]
    found = releases(file(f"demo-{version}.tar.gz", version) for version in versions)
    assert [release.version for release in found] == [
        "1!0.1", "2.0", "2.0rc1", "1.10", "1.9", "1.0.dev1", "2004d-not-one",
    ]  # fmt: skip


def test_the_sdist_comes_before_wheels_and_those_by_their_names():
    names = ["demo-1.0-py3-none-any.whl", "demo-1.0-cp312-cp312-linux_x86_64.whl", "demo-1.0.tar.gz"]
    [release] = releases(file(name, "1.0") for name in names)
    assert [each.filename for each in release.files] == [names[2], names[1], names[0]]


def test_one_version_is_one_release_however_it_is_spelled():
    spelled = {"demo-1.0.0-py3-none-any.whl": "1.0.0", "demo-1.tar.gz": "1", "demo-1.0-py2-none-any.whl": "1.0"}
    [release] = releases(file(name, version) for name, version in spelled.items())
    assert (release.version, len(release.files)) == ("1", 3)


@pytest.mark.parametrize(
    ("yanked", "whole"), [((True, True), True), ((True, False), False), ((False, False), False)], ids=str
)
def test_a_release_is_yanked_when_every_file_is(yanked, whole):
    names = ("demo-1.0.tar.gz", "demo-1.0-py3-none-any.whl")
    [release] = releases(file(name, "1.0", yanked=each) for name, each in zip(names, yanked, strict=True))
    assert release.yanked is whole


@pytest.mark.parametrize(
    ("version", "before"), [("1.0rc1", True), ("1.0.dev3", True), ("1.0", False), ("1.0.post1", False), ("x", False)]
)
def test_which_versions_are_pre_releases(version, before):
    [release] = releases([file(f"demo-{version}.tar.gz", version)])
    assert release.prerelease is before


def test_a_release_is_as_old_as_its_first_file():
    files = [file("demo-1.0.tar.gz", "1.0", days=5), file("demo-1.0-py3-none-any.whl", "1.0", days=2)]
    [release] = releases(files)
    assert release.uploaded == EARLY + timedelta(days=2)


def test_of_no_files_there_are_no_releases():
    assert releases([]) == ()
