"""``manage.py mirror``: what it takes, and that it then installs without the other index."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from packages_app.file_store import read as stored
from packages_app.upstream import keeping, rules
from tests.factories import make_sdist, make_wheel, metadata, sha256
from tests.fakes import upstream as fakes
from tests.fakes.upstream import FakeUpstream
from tests.functional.conftest import basic
from tests.homes import in_folder

JSON = "application/vnd.pypi.simple.v1+json"


class Shop(FakeUpstream):
    """Another index that is filled by short words."""

    def wheel(
        self, name: str, version: str, *requires: str, tag: str = "py3-none-any", beside: bool = True, **keys
    ) -> str:
        """List a wheel; without ``beside`` its metadata is only inside."""
        core = metadata(name, version, extra="\n".join(f"Requires-Dist: {each}" for each in requires))
        filename, data = make_wheel(name, version, tag=tag, core=core)
        self.add(name, filename, data, core=core if beside else b"", **keys)
        return sha256(data)


@pytest.fixture
def shop(settings, tmp_path):
    """Another index, behind an index in one folder."""
    made = Shop()
    behind = {"urls": (made.url,), "timeout": 5.0, "budget": 2.0}
    in_folder(settings, tmp_path, users={"ana": "pa:ss wörd"}, upstream=behind)
    rules.last.clear()
    yield made
    made.stop()
    for thread in tuple(keeping.asking):
        thread.join(10)


def mirror(*words: object) -> str:
    """Return what the command says when everything is kept."""
    out = io.StringIO()
    call_command("mirror", "--python", "3.12", *map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue().strip()


def failing(*words: object) -> str:
    """Return what the command says of failures."""
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("mirror", "--python", "3.12", *map(str, words), stdout=io.StringIO(), stderr=err)
    assert ended.value.code == 1
    return err.getvalue()


def files_of(shop: Shop) -> list[str]:
    """Return the names of the distribution files that were asked for."""
    return sorted(
        path.rsplit("/", 1)[1] for path in shop.asked if path.startswith("/files/") and "metadata" not in path
    )


def test_a_project_comes_with_what_it_requires(shop):
    shop.wheel("trunk", "1.0", "branch>=2", "never; python_version < '3'")
    shop.wheel("branch", "1.0")
    shop.wheel("branch", "2.0", "leaf[big]")
    shop.wheel("leaf", "1.0", "extra-thing; extra == 'big'", "other-thing; extra == 'small'")
    shop.wheel("extra-thing", "1.0", beside=False)
    assert mirror("trunk") == "4 files fetched, 0 kept already, 0 failures"
    assert files_of(shop) == [
        "branch-2.0-py3-none-any.whl",
        "extra_thing-1.0-py3-none-any.whl",
        "leaf-1.0-py3-none-any.whl",
        "trunk-1.0-py3-none-any.whl",
    ]


def test_what_was_mirrored_is_served_while_the_upstream_is_off(shop, client):
    digest = shop.wheel("trunk", "1.0")
    mirror("trunk")
    shop.stop()
    page = client.get("/simple/trunk/", headers={"accept": JSON, **basic()})
    (entry,) = json.loads(page.content)["files"]
    answer = client.get("/" + entry["url"].removeprefix("../../"), headers=basic())
    assert sha256(b"".join(answer.streaming_content)) == digest
    beside = client.get("/" + entry["url"].removeprefix("../../") + ".metadata", headers=basic())
    assert b"Name: trunk" in b"".join(beside.streaming_content)
    shop.again()


@pytest.fixture
def home(shop):
    """The client's home is the shop's."""
    return "embedded and folder"


def test_it_goes_on_where_it_was_broken_off(shop):
    shop.wheel("trunk", "1.0", "branch", "leaf")
    shop.wheel("branch", "1.0")
    digest = shop.wheel("leaf", "1.0")
    path = f"/files/{digest}/leaf-1.0-py3-none-any.whl"
    shop.behaviours[path] = fakes.status(500)
    assert "leaf-1.0-py3-none-any.whl: The upstream" in failing("trunk")
    del shop.behaviours[path]
    asked = len(files_of(shop))
    assert mirror("trunk") == "1 files fetched, 2 kept already, 0 failures"
    assert len(files_of(shop)) == asked + 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["lib"], {"cp312-manylinux_2_28_x86_64", "cp312-win_amd64", "cp39-abi3-any"}, id="every platform"),
        pytest.param(
            ["lib", "--platform", "manylinux*_x86_64"], {"cp312-manylinux_2_28_x86_64", "cp39-abi3-any"}, id="linux"
        ),
        pytest.param(["lib", "--python", "3.11"], None, id="two versions of Python"),
    ],
)
def test_wheels_are_those_that_the_targets_take(shop, words, expected):
    names = {
        "cp312-manylinux_2_28_x86_64": "cp312-cp312-manylinux_2_28_x86_64",
        "cp312-win_amd64": "cp312-cp312-win_amd64",
        "cp311-win_amd64": "cp311-cp311-win_amd64",
        "cp39-abi3-any": "cp39-abi3-any",
        "cp313": "cp313-cp313-win_amd64",
    }
    for tag in names.values():
        shop.wheel("lib", "1.0", tag=tag)
    mirror(*words)
    chosen = {"cp312-manylinux_2_28_x86_64", "cp312-win_amd64", "cp39-abi3-any", "cp311-win_amd64"}
    wanted = chosen if expected is None else expected
    assert files_of(shop) == sorted(f"lib-1.0-{names[each]}.whl" for each in wanted)


def test_an_sdist_is_taken_where_no_wheel_fits(shop):
    shop.wheel("lib", "1.0", tag="cp27-cp27m-win32")
    shop.add("lib", *make_sdist("lib", "1.0"))
    assert mirror("lib") == "1 files fetched, 0 kept already, 0 failures"
    assert files_of(shop) == ["lib-1.0.tar.gz"]


def test_a_release_for_other_pythons_and_a_prerelease_are_passed_over(shop):
    shop.wheel("lib", "1.0")
    shop.wheel("lib", "2.0", requires_python=">=3.13")
    shop.wheel("lib", "3.0rc1")
    mirror("lib")
    assert files_of(shop) == ["lib-1.0-py3-none-any.whl"]


def test_dependencies_may_be_left_out(shop):
    shop.wheel("trunk", "1.0", "branch")
    assert mirror("trunk", "--no-deps") == "1 files fetched, 0 kept already, 0 failures"


def test_what_is_published_here_is_followed_and_not_asked_for(shop, publish, client):
    filename, data = make_wheel("ours", "1.0", extra="Requires-Dist: trunk")
    assert publish(filename, data, name="ours").status_code == 200
    shop.wheel("trunk", "1.0")
    shop.wheel("ours", "9.9")
    assert mirror("ours") == "1 files fetched, 0 kept already, 0 failures"
    assert shop.pages_asked("ours") == 0


def test_a_requirements_file_with_hashes_takes_exactly_those_files(shop, tmp_path):
    digest = shop.wheel("trunk", "1.0", "branch")
    shop.add("trunk", *make_sdist("trunk", "1.0"))
    other = shop.wheel("branch", "1.0")
    shop.wheel("branch", "2.0")
    (tmp_path / "more.txt").write_text(f"branch==1.0 --hash=sha256:{other}  # locked\n")
    path = tmp_path / "requirements.txt"
    path.write_text(
        f"--index-url https://index.example/simple\ntrunk==1.0 \\\n    --hash=sha256:{digest}\n-r more.txt\n"
    )
    assert mirror("--file", path, "--no-deps") == "2 files fetched, 0 kept already, 0 failures"
    assert files_of(shop) == ["branch-1.0-py3-none-any.whl", "trunk-1.0-py3-none-any.whl"]


def test_a_lock_file_takes_exactly_its_files(shop, tmp_path):
    digest = shop.wheel("trunk", "1.0")
    shop.wheel("trunk", "2.0")
    path = tmp_path / "pylock.toml"
    path.write_text(
        'lock-version = "1.0"\ncreated-by = "a test"\n[[packages]]\nname = "trunk"\nversion = "1.0"\n'
        f'[[packages.wheels]]\nname = "trunk-1.0-py3-none-any.whl"\nurl = "https://x.example/t.whl"\n'
        f'hashes = {{sha256 = "{digest}"}}\n'
    )
    assert mirror("--file", path) == "1 files fetched, 0 kept already, 0 failures"
    assert files_of(shop) == ["trunk-1.0-py3-none-any.whl"]


def test_what_cannot_be_had_is_told_and_the_rest_comes(shop):
    shop.wheel("trunk", "1.0", "missing", "branch>5")
    shop.wheel("branch", "1.0")
    told = failing("trunk")
    assert "missing: the upstream has nothing that fits." in told
    assert "branch>5: the upstream has nothing that fits." in told
    assert files_of(shop) == ["trunk-1.0-py3-none-any.whl"]


def test_other_bytes_than_announced_are_not_kept(shop):
    shop.wheel("trunk", "1.0", hashes={"sha256": "0" * 64})
    assert "not the ones that its page announces" in failing("trunk")
    assert not list(stored.walk("upstream/files"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name projects"),
        (["no=such"], "no requirement"),
        (["demo", "--python", "2.7"], "no version of Python 3"),
        (["--file", "/no/such/file"], "cannot be read"),
        (["--file", "/no/such/pylock.toml"], "cannot be read"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence(shop, words, said):
    with pytest.raises(CommandError, match=said):
        mirror(*words)


def test_without_an_upstream_there_is_nothing_to_mirror(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": {}}
    with pytest.raises(CommandError, match="PYPI_UPSTREAM_URL"):
        call_command("mirror", "demo")


def test_the_default_python_is_the_running_one(shop):
    this = f"cp{sys.version_info.major}{sys.version_info.minor}"
    shop.wheel("lib", "1.0", tag=f"{this}-{this}-any")
    call_command("mirror", "lib", stdout=io.StringIO())
    assert files_of(shop) == [f"lib-1.0-{this}-{this}-any.whl"]
