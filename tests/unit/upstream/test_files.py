"""What an address of another index's file leads to, and that nobody is asked who must not be."""

import pytest

from packages_app.catalogue import write
from packages_app.catalogue.entries import Change
from packages_app.upstream import files, kept_files, pages, rules
from packages_app.upstream.entries import KeptFile, Owner, UpstreamFile, UpstreamPage, Wanted
from packages_app.upstream.errors import Withheld
from tests.factories import listed_file
from tests.fakes.sources import FakeSource

SHA, OTHER = "a" * 64, "b" * 64
WHEEL, SDIST = "demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz"
CHANGE = Change(actor="root", source="test")
FILES = (
    UpstreamFile(
        filename=WHEEL,
        url="https://files.example/w",
        hashes=(("sha256", SHA),),
        core_metadata="c" * 64,
        version="1.0",
        filetype="bdist_wheel",
    ),
    UpstreamFile(
        filename=SDIST, url="https://files.example/s", hashes=(("sha256", OTHER),), version="1.0", filetype="sdist"
    ),
)


@pytest.fixture
def source(sourced):
    made = FakeSource(UpstreamPage(name="demo", files=FILES))
    sourced(made)
    return made


def locate(filename: str = WHEEL, sha256: str = SHA, readable=lambda _: True):
    return files.locate(sha256, filename, readable)


@pytest.mark.parametrize(
    ("filename", "sha256", "found"),
    [
        pytest.param(WHEEL, SHA, WHEEL, id="a file"),
        pytest.param(WHEEL + ".metadata", SHA, WHEEL + ".metadata", id="what lies beside it"),
        pytest.param(SDIST + ".metadata", OTHER, None, id="what does not lie beside a file"),
        pytest.param(WHEEL, OTHER, None, id="another file's digest"),
        pytest.param("demo-2.0.tar.gz", SHA, None, id="another file's name"),
        pytest.param("other-1.0.tar.gz", SHA, None, id="another project"),
        pytest.param("demo-1.0.zip", SHA, None, id="a name of no distribution"),
    ],
)
def test_an_address_leads_to_what_the_page_lists(source, filename, sha256, found):
    wanted = locate(filename, sha256)
    assert (wanted.filename if wanted else None) == found
    if wanted is not None:
        assert (type(wanted), wanted.source) == (Wanted, source.name)


def test_of_a_project_that_the_caller_may_not_know_nobody_is_asked(source):
    assert locate(readable=lambda _: False) is None
    assert source.asked == []


@pytest.mark.parametrize("owner", [None, Owner.LOCAL], ids=["a published name", "a claimed name"])
def test_nothing_of_a_name_of_ours_comes_from_elsewhere(source, owner):
    pages.page("demo")
    kept_files.put_down(locate(), 7)
    assert isinstance(locate(), KeptFile)
    if owner is None:
        write.publish(listed_file(filename="demo-9.0.tar.gz"), display_name="demo", change=CHANGE, fence="")
    else:
        rules.override("demo", owner, "for a test", CHANGE)
    assert locate() is None


@pytest.mark.parametrize("kept", [False, True], ids=["not fetched yet", "kept by now"])
def test_a_file_that_a_policy_hides_is_withheld(source, configure, kept):
    if kept:
        kept_files.put_down(locate(), 7)
    configure(policy='[{"deny": ["demo<2"]}]')
    for filename in (WHEEL, WHEEL + ".metadata"):
        with pytest.raises(Withheld, match="denies it"):
            locate(filename)


def test_bytes_that_are_kept_need_no_page(source):
    wanted = locate(WHEEL + ".metadata")
    kept_files.put_down(wanted, 7)
    source.down = True
    found = locate(WHEEL + ".metadata")
    assert (found.digest, found.size, found.metadata) == ("c" * 64, 7, True)


def test_without_an_upstream_no_address_leads_anywhere(configure):
    configure(urls=())
    assert locate() is None
