import pytest

from packages_app.browser.readme import shown as module
from packages_app.browser.readme.markup import fitted
from packages_app.browser.readme.render import rendered
from packages_app.browser.readme.shown import LONGEST_RENDERED, LONGEST_SHOWN, html, kind_of, shown


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("", "rst"),
        ("text/x-rst; charset=UTF-8", "rst"),
        ("text/markdown", "gfm"),
        ("Text/Markdown; charset=UTF-8; variant=GFM", "gfm"),
        ("text/markdown; variant=CommonMark", "commonmark"),
        ("text/plain", "plain"),
        ("text/html", "plain"),
        ("nonsense", "plain"),
    ],
)
def test_the_content_type_says_how_a_text_is_read(content_type, kind):
    assert kind_of(content_type) == kind


def test_markdown_and_restructuredtext_are_rendered():
    assert html("# Hello\n\n**world**", "text/markdown").startswith('<h3 id="user-content-hello">Hello')
    assert "<strong>world</strong>" in html("Hello\n=====\n\n**world**", "text/x-rst")


@pytest.mark.parametrize("kind", ["gfm", "commonmark", "rst", "plain"])
@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1)) `a <javascript:alert(1)>`__",
        "[a](data:text/html,<script>alert(1)</script>)",
        '<a href="JaVa\tScript:alert(1)">a</a>',
        "<iframe src=https://evil.example></iframe><form action=/legacy/><button>go</button></form>",
        '<p style="position:fixed" onclick=alert(1)>x</p>',
        "<style>body{display:none}</style><link rel=stylesheet href=//evil.example>",
        "<math><mtext><table><mglyph><style><!--</style><img title=--&gt;&lt;img src=1 onerror=alert(1)&gt;>",
        ".. raw:: html\n\n   <script>alert(1)</script>\n\n.. include:: /etc/passwd\n",
        "```<script>alert(1)</script>\nx\n```",
        "\u202etxet \U0001f980 \x00\x07",
    ],
)
def test_nothing_in_a_text_runs_or_loads(kind, attack):
    text = f"Text\n\n{attack}\n"
    found = (html(text, "text/plain") if kind == "plain" else in_this_process(kind, text)).lower()
    for tag in ("<script", "<svg", "<img", "<iframe", "<form", "<style", "<link", "<button", "<math"):
        assert tag not in found
    for tag in found.split("<")[1:]:
        attributes = tag.partition(">")[0]
        assert not any(
            word in attributes for word in ("javascript:", "data:", "onload", "onerror", "onclick", "style=")
        )
    assert "root:" not in found


def in_this_process(kind: str, text: str) -> str:
    """Return what the other process would write; starting one for each case would take long."""
    return fitted(rendered(kind, text) or "")


def test_half_a_character_harms_nothing():
    assert html("**half: \ud800**", "text/markdown") != ""


def test_a_broken_text_is_shown_as_it_is():
    assert html("Title\n==\n\n.. nonsense::\n", "text/x-rst").startswith('<pre class="plain" tabindex="0">Title')


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        pytest.param(
            "|a" * 300 + "\n" + "|-" * 300 + "\n" + "|b\n" * 80_000, "text/markdown", id="a table of gigabytes"
        ),
        pytest.param("".join(" " * depth + "a\n\n" for depth in range(400)), "text/x-rst", id="quotes without end"),
    ],
)
def test_a_text_that_asks_for_too_much_is_shown_as_it_is(text, content_type):
    assert html(text, content_type).startswith('<pre class="plain"')


def test_a_renderer_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    assert html("<div>" * 150_000, "text/markdown").startswith('<pre class="plain"')


def test_a_text_of_ten_megabytes_is_cut_and_not_rendered():
    found = html("# Title & more\n" * 700_000, "text/markdown")
    assert found.startswith('<pre class="plain" tabindex="0"># Title &amp; more')
    assert LONGEST_SHOWN <= len(found) < LONGEST_RENDERED
    assert "Only the beginning is shown" in found


def test_a_text_is_rendered_once():
    asked = []

    def text() -> tuple[str, str]:
        asked.append(1)
        return "Hello", "text/plain"

    assert shown("of this test", text) == shown("of this test", text) == '<pre class="plain" tabindex="0">Hello</pre>'
    assert asked == [1]


def test_no_text_is_no_description():
    assert html(" \n", "text/markdown") == ""
