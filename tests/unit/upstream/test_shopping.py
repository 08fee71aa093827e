"""What people want to have ahead of time, read from their own files: nothing of it may be passed over silently."""

import pytest

from packages_app.upstream.errors import BadPattern
from packages_app.upstream.shopping import item, items

SHA = "A" * 64
LOCK = """\
lock-version = "1.0"
created-by = "test"

[[packages]]
name = "demo"
version = "1.0"
[[packages.wheels]]
url = "https://files.example/demo-1.0-py3-none-any.whl"
hashes = {{sha256 = "{wheel}"}}
[packages.sdist]
url = "https://files.example/demo-1.0.tar.gz"
hashes = {{sha256 = "{sdist}"}}

[[packages]]
name = "ours"
[packages.directory]
path = "."
"""


def wanted(path) -> list[tuple[str, str, frozenset[str]]]:
    return [(each.project, str(each.requirement.specifier), each.hashes) for each in items(path)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("demo", [("demo", "")], id="a name"),
        pytest.param("De_mo >= 2  # as the docs say", [("de-mo", ">=2")], id="a range with a comment"),
        pytest.param("demo\\\n  ==1.0\n", [("demo", "==1.0")], id="a line that goes on in the next"),
        pytest.param("# demo\n\n  \nother", [("other", "")], id="comments and empty lines"),
        pytest.param("--index-url https://a.example/#demo\n-e .\ndemo", [("demo", "")], id="options"),
        pytest.param("\ufeffdemo", [("demo", "")], id="a mark of the byte order"),
    ],
)
def test_a_requirements_file_is_read_as_pip_reads_it(tmp_path, text, expected):
    path = tmp_path / "requirements.txt"
    path.write_text(text, encoding="utf-8")
    assert wanted(path) == [(name, versions, frozenset()) for name, versions in expected]


@pytest.mark.parametrize("option", ["-r more/dev.txt", "-rmore/dev.txt", "--requirement=more/dev.txt"])
def test_a_file_that_another_includes_is_read_where_it_lies(tmp_path, option):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "dev.txt").write_text("-r base.txt\nlint\n")
    (tmp_path / "more" / "base.txt").write_text("base\n")
    path = tmp_path / "requirements.txt"
    path.write_text(f"{option}\ndemo\n")
    assert [name for name, _, _ in wanted(path)] == ["base", "lint", "demo"]


def test_files_that_include_each_other_are_told(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("-r requirements.txt\n")
    with pytest.raises(BadPattern, match="includes itself"):
        wanted(path)


def test_hashes_say_which_files_are_meant():
    found = item(f"demo==1.0 --hash=sha256:{SHA} --hash sha256:{'b' * 64}")
    assert (str(found.requirement), found.hashes) == ("demo==1.0", frozenset({"a" * 64, "b" * 64}))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("demo==", id="no version"),
        pytest.param("./demo-1.0.whl", id="a path"),
        pytest.param("demo==1.0 --hash=sha512:00", id="a digest that is not kept"),
    ],
)
def test_a_line_that_cannot_be_had_is_refused(line):
    with pytest.raises(BadPattern, match="is no requirement"):
        item(line)


def test_a_lock_file_names_versions_and_the_digests_of_their_files(tmp_path):
    path = tmp_path / "pylock.dev.toml"
    path.write_text(LOCK.format(wheel="a" * 64, sdist="b" * 64))
    assert wanted(path) == [("demo", "==1.0", frozenset({"a" * 64, "b" * 64}))]


@pytest.mark.parametrize("text", [pytest.param("[", id="no TOML"), pytest.param("", id="no lock file")])
def test_what_is_no_lock_file_is_told(tmp_path, text):
    path = tmp_path / "pylock.toml"
    path.write_text(text)
    with pytest.raises(BadPattern, match="no lock file"):
        wanted(path)
