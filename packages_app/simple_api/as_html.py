"""Writes pages as HTML (PEP 503, with 592, 629, 658, 714 and 792), which PEP 833 froze at 1.4."""

from collections.abc import Iterable, Iterator
from html import escape

from packages_app.simple_api.pages import API_VERSION, PageFile, ProjectPage, RootPage, batched

# Plain strings, not templates: a page may hold 100,000 links. Whatever an uploader wrote is escaped right where it is
# put into the page, and nowhere else.


def project(page: ProjectPage) -> bytes:
    """Return a project's page."""
    heads = [f'<meta name="pypi:project-status" content="{escape(page.status)}">']  # PEP 792
    if page.status_reason:
        heads.append(f'<meta name="pypi:project-status-reason" content="{escape(page.status_reason)}">')
    return document(f"Links for {escape(page.name)}", heads, map(anchor, page.files))


def root(page: RootPage) -> Iterator[bytes]:
    """Yield the list of projects, some thousands at a time; the links are relative, as the files' are."""
    above = escape(f"{page.base}simple/") if page.base else ""
    yield beginning("Simple index", [])
    for some in batched(page.projects):
        names = (escape(entry.name) for entry in some)
        yield "".join(f'<a href="{above}{name}/">{name}</a><br>\n' for name in names).encode()
    yield END


def anchor(file: PageFile) -> str:
    """Return the link to a file."""
    attributes = f'href="{escape(file.url)}{fragment(file)}"'
    if file.requires_python:
        attributes += f' data-requires-python="{escape(file.requires_python)}"'
    if file.metadata:
        # PEP 714: the old name beside the new one, for clients that know only PEP 658.
        digest = '"true"' if file.metadata == "true" else f'"sha256={file.metadata}"'
        attributes += f" data-dist-info-metadata={digest} data-core-metadata={digest}"
    if file.yanked:
        attributes += f' data-yanked="{escape(file.yanked_reason)}"'  # PEP 592: the value is the reason, or empty
    if file.provenance:
        attributes += f' data-provenance="{escape(file.provenance)}"'  # PEP 740
    return f"<a {attributes}>{escape(file.filename)}</a><br>"


def fragment(file: PageFile) -> str:
    """Return the one digest that HTML has a place for, the sha256 where it is known (PEP 503)."""
    if "sha256" in file.hashes:
        return f"#sha256={file.hashes['sha256']}"
    return next((f"#{name}={digest}" for name, digest in sorted(file.hashes.items(), reverse=True)), "")


def document(title: str, heads: list[str], links: Iterable[str]) -> bytes:
    """Return an HTML document; ``title`` is escaped already."""
    return beginning(title, heads) + "".join(f"{link}\n" for link in links).encode() + END


def beginning(title: str, heads: list[str]) -> bytes:
    """Return an HTML document as far as its links begin."""
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',  # v1+html is sent without a charset
        f'<meta name="pypi:repository-version" content="{API_VERSION}">',  # PEP 629
        *heads,
        f"<title>{title}</title>",
        "</head>",
        "<body>",
        f"<h1>{title}</h1>",
        "",
    ]
    return "\n".join(lines).encode()


END = b"</body>\n</html>\n"
