import pytest

from packages_app.errors import NotAcceptable
from packages_app.simple_api.formats import Format, negotiate

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"

PIP = f"{JSON}, {HTML}; q=0.1, text/html; q=0.01"
UV = f"{JSON}, {HTML};q=0.2, text/html;q=0.01"
POETRY = f"{JSON}, */*;q=0.1"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(PIP, Format.JSON, id="pip gets JSON"),
        pytest.param(UV, Format.JSON, id="uv gets JSON"),
        pytest.param(POETRY, Format.JSON, id="poetry gets JSON"),
        pytest.param(BROWSER, Format.TEXT, id="a browser gets HTML"),
        pytest.param("*/*", Format.TEXT, id="curl gets HTML"),
        pytest.param(None, Format.TEXT, id="no header gets HTML"),
        pytest.param("", Format.TEXT, id="an empty header gets HTML"),
        pytest.param("text/html", Format.TEXT, id="an old pip gets HTML"),
        pytest.param("text/*", Format.TEXT, id="any text is HTML"),
        pytest.param(JSON, Format.JSON, id="JSON by its name"),
        pytest.param(HTML, Format.HTML, id="versioned HTML by its name"),
        pytest.param(JSON.upper(), Format.JSON, id="media types have no case"),
        pytest.param("application/*", Format.JSON, id="any application type is JSON"),
        pytest.param("application/vnd.pypi.simple.latest+json", Format.JSON, id="the latest JSON is version 1"),
        pytest.param("application/vnd.pypi.simple.latest+html", Format.HTML, id="the latest HTML is version 1"),
        pytest.param(f"{JSON};q=0.1, text/html;q=0.2", Format.TEXT, id="the higher quality wins"),
        pytest.param(f"text/html;q=0.5, {JSON};q=0.5", Format.JSON, id="JSON wins where both are named as good"),
        pytest.param(f"{HTML}, {JSON}", Format.JSON, id="JSON also wins over versioned HTML"),
        pytest.param("text/html;q=0, */*", Format.JSON, id="refused HTML is not sent for a wildcard"),
        pytest.param(f"{JSON};q=0, application/*;q=0.5", Format.HTML, id="the most exact range decides"),
        pytest.param(f"*/*, {JSON};q=0.5", Format.TEXT, id="a wildcard can be worth more than a name"),
        pytest.param("text/html;charset=utf-8", Format.TEXT, id="parameters are overlooked"),
        pytest.param(f"text/html;q=oops, {JSON};q=0.9", Format.TEXT, id="a malformed quality counts as one"),
        pytest.param(f"text/html;x*=nope''a;q=0.1, {JSON}", Format.JSON, id="a malformed parameter does no harm"),
        pytest.param(f"///,;;=,{JSON},\x80", Format.JSON, id="rubbish around it does no harm"),
    ],
)
def test_the_accept_header_chooses_the_format(accept, expected):
    assert negotiate(accept) is expected


@pytest.mark.parametrize(
    "accept",
    [
        pytest.param("application/x-none", id="an unknown type"),
        pytest.param("application/json", id="plain JSON is another type"),
        pytest.param("application/vnd.pypi.simple.v2+json", id="a version that does not exist"),
        pytest.param("*/*;q=0", id="everything refused"),
        pytest.param("garbage", id="no media type at all"),
        pytest.param(",", id="only a comma"),
    ],
)
def test_nothing_acceptable_is_said_so(accept):
    with pytest.raises(NotAcceptable, match="ask for one of them"):
        negotiate(accept)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(JSON, Format.JSON, id="JSON"),
        pytest.param(JSON.replace("+", " "), Format.JSON, id="JSON with its plus read as a space"),
        pytest.param(HTML, Format.HTML, id="versioned HTML"),
        pytest.param("text/html", Format.TEXT, id="HTML"),
        pytest.param("application/vnd.pypi.simple.latest+json", Format.JSON, id="the latest JSON"),
    ],
)
def test_the_url_parameter_goes_before_the_header(wanted, expected):
    assert negotiate("application/x-none", wanted) is expected


@pytest.mark.parametrize("wanted", ["", "json", "*/*", "application/vnd.pypi.simple.v9+json"])
def test_an_unknown_url_parameter_is_not_acceptable(wanted):
    with pytest.raises(NotAcceptable):
        negotiate("*/*", wanted)


def test_every_format_names_its_real_type():
    assert [one.content_type for one in Format] == ["text/html; charset=utf-8", JSON, HTML]
