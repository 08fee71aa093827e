import pytest

from packages_app.browser.links import Link, is_web, people, web


@pytest.mark.parametrize(
    "url", ["https://a.example", "http://a.example:8000/x?y=1#z", "HTTPS://a.example/%20", "https://bücher.example/ü"]
)
def test_addresses_of_web_pages_are_followed(url):
    assert is_web(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/account/",
        "https://",
        "https:///path",
        "https://a.example/\nhttps://b.example",
        " https://a.example",
        'https://a.example/"onmouseover="x',
        "https://a.example/<b>",
        "https://[::1",
        "https://a.example/" + "x" * 2_000,
    ],
)
def test_nothing_else_is(url):
    assert not is_web(url)
    assert web("a label", url).href == ""


def test_a_link_says_where_it_leads():
    assert web("Bank", "https://evil.example/bank") == Link("Bank", "https://evil.example/bank", "evil.example")


@pytest.mark.parametrize(
    ("name", "addresses", "expected"),
    [
        pytest.param("Ana", "", [("Ana", "")], id="a name alone"),
        pytest.param("", "ana@a.example", [("ana@a.example", "mailto:ana@a.example")], id="an address alone"),
        pytest.param(
            "",
            "Ana <ana@a.example>, Ben <ben@a.example>",
            [("Ana", "mailto:ana@a.example"), ("Ben", "mailto:ben@a.example")],
            id="several people",
        ),
        pytest.param("Ana", "Ana <ana@a.example>", [("Ana", "mailto:ana@a.example")], id="one person in two fields"),
        pytest.param("", "x <javascript:alert(1)>", None, id="no address of mail"),
        pytest.param(
            "",
            "a?subject=x&body=y@a.example",
            [("a?subject=x&body=y@a.example", "mailto:a%3Fsubject%3Dx%26body%3Dy@a.example")],
            id="no fields for the mail",
        ),
    ],
)
def test_people_are_named_and_written_to(name, addresses, expected):
    found = people(name, addresses)
    if expected is None:
        assert not any(link.href for link in found)
    else:
        assert [(link.label, link.href) for link in found] == expected
