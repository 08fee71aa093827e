from html.parser import HTMLParser

import pytest

from packages_app.catalogue.entries import Listed, Status
from packages_app.simple_api import as_html
from packages_app.simple_api.pages import project_page, root_page

ATTACK = "\"><script>alert('1')</script>&amp;"


class Reader(HTMLParser):
    """Collects tags with their attributes, as a client sees them."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags = []
        self.feed(page.decode())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def all(self, name: str) -> list[dict]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def meta(self) -> dict:
        return {tag["name"]: tag["content"] for tag in self.all("meta") if "name" in tag}


def test_a_small_page_is_exactly_this(make_project, make_file):
    page = project_page(
        make_project(),
        [
            make_file("demo-1.0.tar.gz", sha256="a" * 64),
            make_file(sha256="b" * 64, metadata_sha256="c" * 64, requires_python=">=3.9", yanked=True),
        ],
    )
    both = f'data-dist-info-metadata="sha256={"c" * 64}" data-core-metadata="sha256={"c" * 64}"'
    wheel = f"../../packages/{'b' * 64}/demo-1.0-py3-none-any.whl#sha256={'b' * 64}"
    assert as_html.project(page).decode().splitlines() == [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="pypi:repository-version" content="1.4">',
        '<meta name="pypi:project-status" content="active">',
        "<title>Links for demo</title>",
        "</head>",
        "<body>",
        "<h1>Links for demo</h1>",
        f'<a href="../../packages/{"a" * 64}/demo-1.0.tar.gz#sha256={"a" * 64}">demo-1.0.tar.gz</a><br>',
        f'<a href="{wheel}" data-requires-python="&gt;=3.9" {both} data-yanked="">demo-1.0-py3-none-any.whl</a><br>',
        "</body>",
        "</html>",
    ]


def test_the_root_is_exactly_this():
    page = b"".join(as_html.root(root_page([Listed(name="demo", serial=2), Listed(name="a-b", serial=5)])))
    assert page.decode().splitlines() == [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="pypi:repository-version" content="1.4">',
        "<title>Simple index</title>",
        "</head>",
        "<body>",
        "<h1>Simple index</h1>",
        '<a href="a-b/">a-b</a><br>',
        '<a href="demo/">demo</a><br>',
        "</body>",
        "</html>",
    ]


@pytest.mark.parametrize("field", ["requires_python", "yanked_reason"])
def test_what_an_uploader_wrote_never_becomes_markup(make_project, make_file, field):
    page = as_html.project(project_page(make_project(), [make_file(yanked=True, **{field: ATTACK})]))
    assert b"<script" not in page
    attribute = "data-requires-python" if field == "requires_python" else "data-yanked"
    assert Reader(page).all("a")[0][attribute] == ATTACK


def test_the_reason_of_a_status_never_becomes_markup(make_project):
    page = as_html.project(project_page(make_project(status=Status.ARCHIVED, status_reason=ATTACK), []))
    assert b"<script" not in page
    assert Reader(page).meta() == {
        "pypi:repository-version": "1.4",
        "pypi:project-status": "archived",
        "pypi:project-status-reason": ATTACK,
    }


def test_a_file_that_is_not_yanked_has_no_such_attribute(make_project, make_file):
    page = as_html.project(project_page(make_project(), [make_file(yanked_reason="was broken")]))
    assert "data-yanked" not in Reader(page).all("a")[0]
