"""Renders one description in a process of its own: ``python -m`` with a JSON document, HTML comes out.

Few kilobytes of Markdown can ask for gigabytes of HTML, or for hours. Here that ends this process, and nobody else's.
"""

import json
import resource
import sys
from contextlib import suppress

from packages_app.browser.readme.markup import fitted

SECONDS = 5
MEMORY = 1024**3
"""Bytes of address space; what the renderers themselves map is among it."""
LONGEST_HTML = 4_000_000
"""Characters."""
NOT_RENDERED = 3
"""Exit code for a text that is not valid in its language, or whose page would be too long."""


def main() -> int:
    """Read ``{"kind": …, "text": …}``, write HTML, and return the exit code."""
    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # macOS does not limit address space; the other limits hold there
            resource.setrlimit(limit, (value, value))
    asked = json.load(sys.stdin)
    html = rendered(asked["kind"], asked["text"])
    if html is None or len(html) > LONGEST_HTML:
        return NOT_RENDERED
    sys.stdout.buffer.write(fitted(html).encode("utf-8", "replace"))
    return 0


def rendered(kind: str, text: str) -> str | None:
    """Return clean HTML, or None for a text that is not valid in its language."""
    if kind == "rst":
        from readme_renderer import rst  # noqa: PLC0415 - only one of the two is needed

        return rst.render(text)
    from readme_renderer import markdown  # noqa: PLC0415 - only one of the two is needed

    return markdown.render(text, variant="CommonMark" if kind == "commonmark" else "GFM")


if __name__ == "__main__":
    sys.exit(main())
