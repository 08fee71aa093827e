"""Fits a rendered description, whose markup is safe already, into the page around it."""

import re
from html import escape
from html.parser import HTMLParser

SHIFT = 2
"""Levels that headings go down: the page has one of the first level, and names the section on the second."""
VOID = frozenset({"br", "hr", "img", "input", "col"})
HEADING = re.compile(r"h([1-6])\Z")
OURS = "user-content-"
"""What ids begin with, so that none is that of a part of the page."""
ABSOLUTE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);", re.IGNORECASE)
# Classes that renderers write; any other could make a description look like a part of the page.
TOKEN = re.compile(r"[a-z][a-z0-9]{0,2}\Z")
EMPTY_LINK = re.compile(r"""<a(?: [a-z]+="[^"]*")*></a>""")
"""What renderers put beside headings: a link without a text says nothing to who cannot see where it stands."""
NOTES = frozenset(
    f"{kind}{part}"
    for kind in ("admonition", "markdown-alert")
    for part in ("", "-title", "-note", "-tip", "-important", "-warning", "-caution")
)


class Fitting(HTMLParser):
    """Writes every tag that it reads again, changed where the page needs it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a tag that opens."""
        given = {name: value or "" for name, value in attrs}
        if tag == "img" and not PICTURE.match(given.get("src", "")):
            # Pictures of other hosts are not loaded: their owners would learn who reads what here.
            self.written.append(f'<span class="picture">{escape(given.get("alt") or "picture")}</span>')
        elif tag == "input":
            self.written.append("&#9745;" if "checked" in given else "&#9744;")
        else:
            if tag == "table":
                self.written.append('<div class="scroll" tabindex="0">')  # reached by the keyboard, to scroll it
            self.written.append(f"<{shifted(tag)}{attributes(tag, given)}>")

    def handle_endtag(self, tag: str) -> None:
        """Write a tag that closes."""
        if tag not in VOID:
            self.written.append(f"</{shifted(tag)}>" + ("</div>" if tag == "table" else ""))

    def handle_data(self, data: str) -> None:
        """Write text."""
        self.written.append(escape(data, quote=False))

    def handle_entityref(self, name: str) -> None:
        """Write a named character as it was."""
        self.written.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Write a numbered character as it was."""
        self.written.append(f"&#{name};")


def fitted(html: str) -> str:
    """Return clean HTML with its headings below the page's, its ids apart from the page's, and nothing to load."""
    parser = Fitting()
    parser.feed(html)
    parser.close()
    return EMPTY_LINK.sub("", "".join(parser.written))


def shifted(tag: str) -> str:
    """Return the tag, a heading further down."""
    heading = HEADING.match(tag)
    return f"h{min(int(heading[1]) + SHIFT, 6)}" if heading else tag


def attributes(tag: str, given: dict[str, str]) -> str:
    """Return the attributes that a tag keeps, as they are written."""
    kept = dict(given)
    if "id" in kept:
        kept["id"] = own(kept["id"])
    if "href" in kept:
        href = kept.pop("href")
        if href.startswith("#"):
            kept["href"] = "#" + own(href[1:])
        elif ABSOLUTE.match(href):
            kept["href"] = href  # a relative one means a place in the project's own repository
    if "class" in kept:
        classes = [name for name in kept.pop("class").split() if name in NOTES or (tag == "span" and TOKEN.match(name))]
        if classes:
            kept["class"] = " ".join(classes)
    if tag == "pre":
        kept.pop("lang", None)  # a programming language, where HTML means a language of people
        kept["tabindex"] = "0"
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def own(name: str) -> str:
    """Return an id that is no id of the page."""
    return name if name.startswith(OURS) else OURS + name
