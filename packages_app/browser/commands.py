"""Lines to copy into a terminal, with the address of this index in them."""

import shlex
from dataclasses import dataclass

SOURCE = "private"
"""What tools that keep a list of indexes call this one."""


@dataclass(frozen=True)
class Command:
    """A line for one tool."""

    tool: str
    line: str


def install(index_url: str, project: str, version: str = "") -> tuple[Command, ...]:
    """Return how to install a project, or one version of it."""
    wanted = shlex.quote(f"{project}=={version}" if version else project)
    url = shlex.quote(index_url)
    return (
        Command("pip", f"pip install --index-url {url} {wanted}"),
        Command(
            "uv",
            f"export UV_INDEX_{SOURCE.upper()}_USERNAME=__token__ UV_INDEX_{SOURCE.upper()}_PASSWORD=TOKEN\n"
            f"uv add --index {SOURCE}={url} {wanted}",
        ),
        Command(
            "Poetry", f"poetry source add --priority=explicit {SOURCE} {url}\npoetry add --source {SOURCE} {wanted}"
        ),
    )


def publish(upload_url: str) -> tuple[Command, ...]:
    """Return how to send what was built."""
    url = shlex.quote(upload_url)
    return (
        Command("twine", f"twine upload --repository-url {url} dist/*"),
        Command("uv", f"uv publish --publish-url {url}"),
    )
