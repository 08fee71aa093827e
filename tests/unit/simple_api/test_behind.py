"""What a page shows of another index: nothing that is withheld, and ours before theirs."""

import json

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Status
from packages_app.catalogue.errors import NoSuchProject
from packages_app.simple_api import behind
from packages_app.simple_api.pages import PageFile, ProjectPage
from packages_app.upstream import rules, sources
from packages_app.upstream.entries import Owner, UpstreamFile, UpstreamPage
from packages_app.upstream.sources.read_file import judged
from tests.factories import listed_file
from tests.fakes.sources import FakeSource
from tests.homes import in_folder

CHANGE = Change(actor="root", source="test")


def theirs(filename: str, **given) -> UpstreamFile:
    _, reading = judged(filename, "demo")
    url = f"https://files.example/{filename}"
    said = {"version": str(reading.version), "filetype": reading.filetype} if reading else {}
    return UpstreamFile(**{"filename": filename, "url": url, "hashes": (("sha256", "e" * 64),), **said, **given})


@pytest.fixture
def upstream(settings, tmp_path, monkeypatch):
    """Let this be what another index has: ``upstream(files, versions=(...), policy=[...])``."""

    def put(*files: UpstreamFile, policy=(), options=(), **page) -> None:
        source = FakeSource(UpstreamPage(name="demo", files=files, **page))
        chosen = {"urls": (source.name,), "policy": json.dumps(policy), **dict(options)}
        in_folder(settings, tmp_path, upstream=chosen)
        monkeypatch.setattr(sources, "configured", lambda: (source,))
        rules.last.clear()

    return put


def shown(base: str = "../../") -> ProjectPage:
    return behind.offer_of("demo", read.project("demo")).page(base)


@pytest.mark.parametrize(
    ("listed", "denied", "expected"),
    [
        pytest.param((), "demo==9", ("1.0", "2.0"), id="versions of files, where none are listed"),
        pytest.param(("1.0", "2.0", "3.0"), "demo==9", ("1.0", "2.0", "3.0"), id="listed versions without a file too"),
        pytest.param(("1.0.0", "2"), "demo==9", ("1.0.0", "2"), id="a version once, as it is listed"),
        pytest.param(("1.0", "2.0"), "demo<2", ("2.0",), id="not a version whose files are all hidden"),
        pytest.param(("1.0.0", "2.0"), "demo<2", ("2.0",), id="nor where it is spelled in another way"),
    ],
)
def test_a_page_lists_versions_that_can_be_had(upstream, listed, denied, expected):
    upstream(theirs("demo-1.0.tar.gz"), theirs("demo-2.0.tar.gz"), versions=listed, policy=[{"deny": [denied]}])
    assert shown().versions == expected


def test_a_version_of_which_one_file_is_hidden_is_listed(upstream):
    wheel = theirs("demo-1.0-py3-none-any.whl")
    upstream(theirs("demo-1.0.tar.gz"), wheel, versions=("1.0.0",), policy=[{"wheels_only": True}])
    page = shown()
    assert (page.versions, [file.filename for file in page.files]) == (("1.0.0",), [wheel.filename])


@pytest.mark.parametrize(
    ("mode", "given", "here"),
    [
        pytest.param("keep", {}, True, id="a file that is kept"),
        pytest.param("redirect", {}, True, id="a file that clients are sent to"),
        pytest.param("link", {}, False, id="a file that is only linked"),
        pytest.param("keep", {"hashes": (("md5", "e" * 32),)}, False, id="a file without a sha256"),
        pytest.param("keep", {"filetype": "", "version": ""}, False, id="a file whose name does not tell"),
    ],
)
def test_a_file_is_served_from_here_where_its_address_can_be_found_again(upstream, mode, given, here):
    upstream(theirs("demo-1.0.tar.gz", **given), options={"files": mode})
    (file,) = shown().files
    assert file.url == (
        f"../../packages/{'e' * 64}/demo-1.0.tar.gz" if here else "https://files.example/demo-1.0.tar.gz"
    )


@pytest.mark.parametrize(
    ("owner", "published", "expected"),
    [
        pytest.param(None, False, ["demo-3.0.tar.gz"], id="theirs, as nothing is published here"),
        pytest.param(None, True, ["demo-1.0-py3-none-any.whl"], id="ours alone, as something is"),
        pytest.param(Owner.UPSTREAM, True, ["demo-3.0.tar.gz"], id="theirs alone, by a rule"),
        pytest.param(Owner.MERGE, True, ["demo-1.0-py3-none-any.whl", "demo-3.0.tar.gz"], id="both, by a rule"),
        pytest.param(Owner.LOCAL, False, None, id="nothing, as the name is claimed"),
    ],
)
def test_whose_files_a_page_has(upstream, owner, published, expected):
    upstream(theirs("demo-3.0.tar.gz"))
    if published:
        write.publish(listed_file(), display_name="demo", change=CHANGE, fence="")
    if owner is not None:
        rules.override("demo", owner, "for a test", CHANGE)
    if expected is None:
        with pytest.raises(NoSuchProject):
            shown()
        return
    assert [file.filename for file in shown().files] == expected


def page(
    *filenames: str, status: Status = Status.ACTIVE, versions: tuple[str, ...] = (), mark: str = ""
) -> ProjectPage:
    files = tuple(
        PageFile(
            filename=filename,
            url=mark,
            hashes={},
            size=None,
            upload_time="",
            requires_python="",
            metadata="",
            yanked=False,
            yanked_reason="",
        )
        for filename in filenames
    )
    return ProjectPage(
        name="demo", serial=len(mark), status=status.value, status_reason="", versions=versions, files=files
    )


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.ARCHIVED, Status.DEPRECATED])
def test_ours_counts_where_both_have_a_file_and_a_version(status):
    ours = page("a", "b", status=status, versions=("1.0",), mark="ours")
    both = behind.merged(ours, page("b", "c", versions=("0.9", "1.0.0"), mark="of theirs"))
    assert [(file.filename, file.url) for file in both.files] == [("a", "ours"), ("b", "ours"), ("c", "of theirs")]
    assert (both.versions, both.status, both.serial) == (("0.9", "1.0"), status.value, len("of theirs"))


def test_a_quarantine_here_hides_theirs_too():
    ours = page(status=Status.QUARANTINED, mark="ours")
    both = behind.merged(ours, page("b", versions=("0.9",), mark="theirs"))
    assert (both.files, both.versions) == ((), ())
