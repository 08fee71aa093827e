"""Gives a description as HTML that is safe to put into a page, rendered once for each text and process."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from html import escape
from threading import BoundedSemaphore

from packages_app.simple_api.cache import Built, PageCache, PageKey
from packages_app.simple_api.encodings import Encoding

log = logging.getLogger(__name__)

LONGEST_RENDERED = 1_000_000
"""Characters of a text that is rendered; a longer one is shown as it is."""
LONGEST_SHOWN = 200_000
"""Characters of a text that is shown as it is; the rest is left out."""
KEPT = 16 * 1024**2
"""Bytes of HTML that are kept in memory."""
PATIENCE = 8
"""Seconds of waiting for a renderer; it ends itself after fewer of computing."""
RENDERERS = BoundedSemaphore(2)
"""Renderers that run at once: each may take a gigabyte before it is stopped."""
# The standard library and the program itself, as this process sees them; no site hooks, which cost a third of the time.
COMMAND = (sys.executable, "-S", "-m", "packages_app.browser.readme.render")
REST = (
    '<p class="note">Only the beginning is shown here. The core metadata of the files below holds the whole text.</p>'
)

kept = PageCache(KEPT)


def shown(digest: str, text: Callable[[], tuple[str, str]]) -> str:
    """Return the HTML of a description; ``text`` returns it with its content type, if it was not rendered before.

    ``digest`` names what ``text`` returns. Whatever the text holds, the answer is HTML that runs nothing and loads
    nothing: rendered where it is Markdown or reStructuredText of a sensible size, escaped as it is otherwise.
    """

    def build() -> Built:
        description, content_type = text()
        return Built(html(description, content_type).encode(), serial=0)

    return kept.get(PageKey("readme", digest, "", "html"), Encoding.IDENTITY, build).body.decode()


def html(description: str, content_type: str) -> str:
    """Return the description as HTML."""
    if not description.strip():
        return ""
    kind = kind_of(content_type)
    if kind != "plain" and len(description) <= LONGEST_RENDERED:
        found = rendered(kind, description)
        if found is not None:
            return found
    whole = len(description) <= LONGEST_SHOWN
    return f'<pre class="plain" tabindex="0">{escape(description[:LONGEST_SHOWN])}</pre>' + ("" if whole else REST)


def kind_of(content_type: str) -> str:
    """Return what a Description-Content-Type asks for; without one it is reStructuredText, by the standard."""
    media_type, _, parameters = content_type.lower().partition(";")
    match media_type.strip():
        case "" | "text/x-rst":
            return "rst"
        case "text/markdown":
            return "commonmark" if "variant=commonmark" in parameters.replace(" ", "") else "gfm"
        case _:
            return "plain"


def rendered(kind: str, text: str) -> str | None:
    """Return the HTML that another process makes of the text; None where it cannot, or would take too much."""
    path = os.pathsep.join(part for part in sys.path if part)
    try:
        with RENDERERS:
            done = subprocess.run(
                COMMAND,
                input=json.dumps({"kind": kind, "text": text}).encode(),
                env={"PYTHONPATH": path, "LC_ALL": "C.UTF-8"},
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
    except (subprocess.TimeoutExpired, OSError) as error:
        log.warning("a description of %s characters was not rendered: %s", len(text), error)
        return None
    if done.returncode:
        log.info("a description of %s characters was not rendered: exit code %s", len(text), done.returncode)
        return None
    return done.stdout.decode()
