"""The app's options as one frozen object, built from ``settings.PACKAGES_APP``; unknown names are refused."""

from dataclasses import dataclass, field, fields
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed


class FirstUpload(Enum):
    """Who may upload to a name that no project has yet."""

    ANY_UPLOADER = "any uploader"
    """Whoever may upload to the name by a pattern that covers it."""
    REGISTERED = "registered names only"
    """Only who was granted a role on that very name."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What an operator can choose; `docs/operate.md` and the README explain each with its environment variable."""

    data: Path
    """The folder of the embedded catalogue, the local files and the kept secrets."""
    index: str = "main"
    """The slug that keys carry; today there is one index."""
    table: str | None = None
    """The DynamoDB table; None means the embedded catalogue under ``data``."""
    bucket: str | None = None
    """The S3 bucket; None means files under ``data``."""
    users: dict[str, str] = field(default_factory=dict, repr=False)
    """User name to password."""
    overwrite: bool = False
    """Whether an upload may replace a published file by other bytes."""
    public_read: bool = False
    """Whether pages and files can be read without credentials."""
    first_upload: FirstUpload = FirstUpload.ANY_UPLOADER
    """Who may upload to a name that no project has yet."""
    max_upload_bytes: int = 2 * 1024**3
    """The largest distribution file that is taken, in bytes."""
    link_window: int = 900
    """A presigned link stays the same for this many seconds and works for at least as long again."""
    largest_answer: int = 0
    """Bytes that an answer can have; larger pages go through the bucket. 0 is no limit."""
    time_limit: float = 0
    """Seconds after which a request asks AWS nothing more and is answered 503; 0 is no limit."""


@cache
def options() -> Options:
    """Return the options now in force.

    Raises:
        ImproperlyConfigured: ``settings.PACKAGES_APP`` names an option that does not exist.
    """
    given: dict[str, Any] = settings.PACKAGES_APP
    known = {option.name for option in fields(Options)}
    if stray := sorted(set(given) - known):
        raise ImproperlyConfigured(f"PACKAGES_APP has no option named {', '.join(stray)}.")
    return Options(**given)


def forget(*, setting: str, **_: object) -> None:
    """Build the options anew after a test or a command changed the setting."""
    if setting == "PACKAGES_APP":
        options.cache_clear()


setting_changed.connect(forget)
