"""Which format of a page the caller gets (PEP 691)."""

from enum import Enum
from functools import lru_cache

from packages_app.errors import NotAcceptable
from packages_app.preferences import ranked


class Format(Enum):
    """A format of a page, by its media type."""

    TEXT = "text/html"
    JSON = "application/vnd.pypi.simple.v1+json"
    HTML = "application/vnd.pypi.simple.v1+html"

    @property
    def content_type(self) -> str:
        """The Content-Type header; browsers want to know the charset."""
        return "text/html; charset=utf-8" if self is Format.TEXT else self.value

    @property
    def kind(self) -> str:
        """``html`` or ``json``: formats of one kind have the same bytes, as PEP 691 makes ``text/html`` an alias."""
        return "json" if self is Format.JSON else "html"


OFFERS = {
    # `*/*`, and no Accept at all, get what stands first, as on PyPI: old clients and people with curl send these.
    **{each.value: each for each in Format},
    # PEP 691: "latest" is a way to ask, never an answer; the Content-Type names the real version.
    "application/vnd.pypi.simple.latest+json": Format.JSON,
    "application/vnd.pypi.simple.latest+html": Format.HTML,
}


def negotiate(accept: str | None, wanted: str | None = None) -> Format:
    """Return the format for an Accept header, or for the ``format`` parameter of the URL, which goes first.

    Raises:
        NotAcceptable: the caller takes none of the formats.
    """
    # PEP 691 shows the parameter with a bare "+", which a query string reads as a space.
    named = None if wanted is None else wanted.replace(" ", "+").lower()
    chosen = preferred(accept or "*/*") if named is None else OFFERS.get(named)
    if chosen is None:
        raise NotAcceptable(f"This page comes as {', '.join(OFFERS)}: ask for one of them.")
    return chosen


@lru_cache(maxsize=256)
def preferred(accept: str) -> Format | None:
    """Return the format an Accept header prefers: by quality, then by how exactly it is named.

    RFC 9110: the most exact range that fits a media type decides, so ``text/html;q=0, */*`` refuses HTML. Parameters
    other than ``q`` are overlooked, as no format has any: ``text/html;charset=utf-8`` gets HTML.
    """
    qualities = dict(reversed(ranked(accept)))  # the first of two equal ranges counts
    best: tuple[float, int, bool] = (0.0, 0, False)
    chosen = None
    for media_type, candidate in OFFERS.items():
        family = media_type.partition("/")[0] + "/*"
        wildcards = ((1, family), (0, "*/*")) if media_type == candidate.value else ()
        for exactness, pattern in ((2, media_type), *wildcards):
            if pattern in qualities:
                # JSON for those who name it as good as HTML: HTML is frozen (PEP 833), and says less.
                rank = (qualities[pattern], exactness, exactness > 0 and candidate is Format.JSON)
                if rank[0] > 0 and rank > best:
                    best, chosen = rank, candidate
                break
    return chosen
