"""Reads a simple index's HTML pages (PEP 503, 592, 629, 658, 714, 740, 792), strictly.

An error page is HTML too, and often answered with 200. So a page counts only if it says its version, as PEP 629 asks,
or links at least one distribution: what has neither is no empty page, it is none.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin

from packages_app import names as rules
from packages_app.upstream.entries import UpstreamPage
from packages_app.upstream.sources.read_file import HEX, MOST_FILES, OLD_KINDS, SHA256_DIGITS, Said, collected
from packages_app.upstream.sources.read_json import STATUSES, unreadable

KINDS = (".whl", ".tar.gz", *OLD_KINDS)


class Anchors(HTMLParser):
    """Collects the links of a page, and what its head says."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[dict[str, str | None], str]] = []
        self.metas: dict[str, str] = {}
        self.base = ""
        self.inside: dict[str, str | None] | None = None
        self.text: list[str] = []
        self.ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a remark of the head, or what links are relative to."""
        said = dict(reversed(attrs))  # the first of two attributes of one name counts
        if tag == "a":
            self.close_link()
            self.inside = said
        elif tag == "meta" and (name := said.get("name")):
            self.metas.setdefault(name.lower(), said.get("content") or "")
        elif tag == "base" and not self.base:
            self.base = said.get("href") or ""

    def handle_data(self, data: str) -> None:
        """Note the text of a link."""
        if self.inside is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a link, and of the page."""
        if tag == "a":
            self.close_link()
        elif tag in {"body", "html"}:
            self.ended = True

    def close_link(self) -> None:
        """Keep the link that was being read."""
        if self.inside is not None:
            self.links.append((self.inside, "".join(self.text).strip()))
            self.inside = None
        self.text.clear()


def page(body: bytes, project: str, url: str) -> UpstreamPage:
    """Return the page of a project; ``url`` is where it came from in the end, and relative links start.

    Raises:
        SourceFailed: this is no such page.
    """
    anchors = parsed(body)
    links = [found for link, label in anchors.links if (found := said(link, label)) is not None]
    if not links and "pypi:repository-version" not in anchors.metas:
        raise unreadable("it links no distribution, and does not say that it is a page of a simple index")
    if len(links) > MOST_FILES:
        raise unreadable("it has too many links")
    marker = anchors.metas.get("pypi:project-status", "") or "active"
    if marker not in STATUSES:
        raise unreadable(f"it gives the project the status {marker[:40]!a}, which is not known here")
    files, hidden = collected(links, project, urljoin(url, anchors.base))
    return UpstreamPage(
        name=project,
        status=marker,
        status_reason=anchors.metas.get("pypi:project-status-reason", ""),
        files=files,
        hidden=hidden,
    )


def names(body: bytes) -> Iterator[str]:
    """Yield the normalised names of a list of projects; what is no name is left out.

    Raises:
        SourceFailed: this is no such list.
    """
    anchors = parsed(body)
    if not anchors.links and "pypi:repository-version" not in anchors.metas:
        raise unreadable("it does not say that it is a page of a simple index")
    for _, label in anchors.links:
        if rules.is_valid_name(label):
            yield rules.normalize(label)


def parsed(body: bytes) -> Anchors:
    """Return what a page holds.

    Raises:
        SourceFailed: it is of another version than 1.x, or ends too early.
    """
    anchors = Anchors()
    anchors.feed(body.decode("utf-8", "replace"))
    anchors.close()
    version = anchors.metas.get("pypi:repository-version")
    if version is not None and not version.startswith("1."):
        raise unreadable("it is not of version 1 of the simple API")
    if not anchors.ended:
        # Where the answer does not say how long it is, this is all that tells half a page from a whole one.
        raise unreadable("it ends too early")
    anchors.close_link()
    return anchors


def said(link: dict[str, str | None], label: str) -> Said | None:
    """Return what a link says of a file; None where it leads to something else."""
    href = (link.get("href") or "").strip()
    plain, fragment = urldefrag(href)
    # PEP 503: the text is the file's name, and so is the last part of the address; old pages differ in the text.
    last = unquote(plain.partition("?")[0].rsplit("/", 1)[-1])
    filename = label if label.endswith(KINDS) else last
    if not filename.endswith(KINDS):
        return None
    name, _, digest = fragment.partition("&")[0].partition("=")
    yanked = link.get("data-yanked", "") if "data-yanked" in link else None
    return Said(
        filename=filename,
        url=plain,
        hashes={name: digest} if digest else {},
        requires_python=link.get("data-requires-python") or "",
        core_metadata=metadata(link),
        yanked="data-yanked" in link,
        yanked_reason=yanked or "",
        provenance=link.get("data-provenance") or "",
    )


def metadata(link: dict[str, str | None]) -> str:
    """Return whether the file's metadata can be had, by the newer of the attributes that say so (PEP 714)."""
    for attribute in ("data-core-metadata", "data-dist-info-metadata"):
        if attribute in link:
            said = (link[attribute] or "").lower()
            if said == "false":
                return ""
            name, _, digest = said.partition("=")
            return digest if name == "sha256" and len(digest) == SHA256_DIGITS and HEX.match(digest) else "true"
    return ""
