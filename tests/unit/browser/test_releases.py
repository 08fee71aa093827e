from datetime import timedelta

import pytest

from packages_app.browser.releases import newest, of_version, releases


def test_releases_come_newest_first_and_their_sdist_before_their_wheels(make_file):
    files = [make_file("1.10"), make_file("1.9"), make_file("1.10", sdist=True), make_file("2.0a1")]
    found = releases(files)
    assert [release.version for release in found] == ["2.0a1", "1.10", "1.9"]
    assert [file.filetype for file in found[1].files] == ["sdist", "bdist_wheel"]


@pytest.mark.parametrize(
    ("versions", "yanked", "expected"),
    [
        pytest.param(["1.0", "2.0", "3.0a1"], [], "2.0", id="not the pre-release"),
        pytest.param(["1.0", "2.0"], ["2.0"], "1.0", id="not the yanked one"),
        pytest.param(["1.0a1", "1.0a2"], [], "1.0a2", id="a pre-release where there is nothing else"),
        pytest.param(["1.0", "2.0a1"], ["1.0"], "2.0a1", id="a pre-release before a yanked one"),
        pytest.param(["1.0", "2.0"], ["1.0", "2.0"], "2.0", id="a yanked one where there is nothing else"),
    ],
)
def test_the_newest_is_what_an_installer_would_take(make_file, versions, yanked, expected):
    found = releases(make_file(version, yanked=version in yanked) for version in versions)
    assert newest(found).version == expected


def test_there_is_no_newest_of_nothing():
    assert newest(()) is None


@pytest.mark.parametrize("spelling", ["1.0", "1", "1.0.0", "v1.0"])
def test_a_version_is_found_however_it_is_spelled(make_file, spelling):
    assert of_version(releases([make_file("1.0"), make_file("2.0")]), spelling).version == "1.0"


@pytest.mark.parametrize("spelling", ["3", "", "nonsense"])
def test_what_is_no_version_is_not_found(make_file, spelling):
    assert of_version(releases([make_file("1.0")]), spelling) is None


def test_a_release_is_yanked_when_all_of_its_files_are(make_file):
    wheel, sdist = make_file("1.0", yanked=True, yanked_reason="broken"), make_file("1.0", sdist=True)
    (half,) = releases([wheel, sdist])
    assert (half.yanked, half.yanked_reason) == (False, "broken")
    (whole,) = releases([wheel])
    assert whole.yanked


def test_a_release_is_as_old_as_its_first_file(make_file):
    wheel = make_file("1.0")
    late = make_file("1.0", sdist=True, upload_time=wheel.upload_time + timedelta(days=1))
    (release,) = releases([late, wheel])
    assert release.published == wheel.upload_time
