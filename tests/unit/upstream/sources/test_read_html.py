import pytest

from packages_app.upstream.entries import Why
from packages_app.upstream.errors import SourceFailed
from packages_app.upstream.sources import read_html

URL = "https://index.example/simple/demo/"
DIGEST = "a" * 64
META = '<meta name="pypi:repository-version" content="1.1">'


def page(body: str, head: str = ""):
    text = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return read_html.page(text.encode(), "demo", URL)


def test_a_link_says_all_that_html_has_a_place_for():
    found = page(
        f'<a href="../../f/demo-1.0-py3-none-any.whl#sha256={DIGEST}" data-requires-python="&gt;=3.9" '
        f'data-yanked="broken &amp; old" data-core-metadata="sha256={"b" * 64}" data-provenance="https://x.example/p">'
        "demo-1.0-py3-none-any.whl</a>"
    )
    (file,) = found.files
    assert file.url == "https://index.example/f/demo-1.0-py3-none-any.whl"
    assert file.hashes == (("sha256", DIGEST),)
    assert (file.requires_python, file.yanked, file.yanked_reason) == (">=3.9", True, "broken & old")
    assert (file.core_metadata, file.provenance) == ("b" * 64, "https://x.example/p")
    assert (file.size, file.upload_time) == (None, "")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", ""),
        ('data-core-metadata="true"', "true"),
        ('data-core-metadata="false"', ""),
        (f'data-dist-info-metadata="sha256={DIGEST}"', DIGEST),
        ('data-core-metadata="md5=abc"', "true"),
    ],
)
def test_metadata_goes_by_the_newer_attribute(attributes, expected):
    (file,) = page(f'<a href="demo-1.0.tar.gz" {attributes}>demo-1.0.tar.gz</a>').files
    assert file.core_metadata == expected


def test_an_empty_yank_is_a_yank():
    (file,) = page('<a href="demo-1.0.tar.gz" data-yanked>demo-1.0.tar.gz</a>').files
    assert (file.yanked, file.yanked_reason) == (True, "")


def test_the_name_is_taken_from_the_address_where_the_text_is_another():
    (file,) = page('<a href="/f/demo-1.0%2Bcu1-py3-none-any.whl?x=1#md5=' + "c" * 32 + '">download</a>').files
    assert file.filename == "demo-1.0+cu1-py3-none-any.whl"
    assert file.hashes == (("md5", "c" * 32),)


def test_links_to_other_things_are_passed_over():
    found = page('<a href="../">up</a><a href="demo-1.0.tar.gz">demo-1.0.tar.gz</a><a>nowhere</a>')
    assert [file.filename for file in found.files] == ["demo-1.0.tar.gz"]
    assert found.hidden == ()


def test_relative_links_start_at_the_base_if_there_is_one():
    (file,) = page('<a href="demo-1.0.tar.gz">demo-1.0.tar.gz</a>', '<base href="https://files.example/x/">').files
    assert file.url == "https://files.example/x/demo-1.0.tar.gz"


def test_links_without_an_end_are_links():
    assert (
        len(page('<a href="demo-1.0.tar.gz">demo-1.0.tar.gz<br><a href="demo-2.0.tar.gz">demo-2.0.tar.gz').files) == 2
    )


def test_an_empty_project_is_told_from_an_error_page_by_the_version():
    assert page("", META).files == ()
    with pytest.raises(SourceFailed, match="links no distribution"):
        page('<h1>502 Bad Gateway</h1><a href="/">home</a>')


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<html><body><a href="demo-1.0.tar.gz">demo-1.0.tar.gz</a><a href="de', id="a page cut off"),
        pytest.param(f"<html><head>{META.replace('1.1', '2.0')}</head><body></body></html>", id="another version"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_page_is_refused_whole(text):
    with pytest.raises(SourceFailed, match="cannot be read"):
        read_html.page(text.encode(), "demo", URL)


def test_the_status_is_read_and_an_unknown_one_refused():
    head = (
        META
        + '<meta name="pypi:project-status" content="quarantined"><meta name="pypi:project-status-reason" content="x">'
    )
    found = page("", head)
    assert (found.status, found.status_reason) == ("quarantined", "x")
    with pytest.raises(SourceFailed, match="not known here"):
        page("", head.replace("quarantined", "exploded"))


def test_unsafe_links_are_hidden():
    found = page(
        '<a href="javascript:x/demo-1.0.tar.gz">demo-1.0.tar.gz</a><a href="demo-2.0.tar.gz">demo-2.0.tar.gz</a>'
    )
    assert [each.why for each in found.hidden] == [Why.BAD_URL]


def test_names_are_the_texts_of_the_links():
    text = f"<html><head>{META}</head><body><a href='x'>De_Mo</a><a href='..'>../</a></body></html>"
    assert list(read_html.names(text.encode())) == ["de-mo"]
    with pytest.raises(SourceFailed):
        list(read_html.names(b"<html><body>Sorry</body></html>"))
