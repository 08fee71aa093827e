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
class Upstream:
    """What an operator can choose about other indexes behind this one; `docs/upstream.md` explains each."""

    urls: tuple[str, ...] = field(default=(), repr=False)
    """Addresses of simple indexes, the first one that knows a project counts; credentials may stand in them."""
    username: str = ""
    password: str = field(default="", repr=False)
    """Credentials of the one upstream, where they do not stand in its address."""
    ca_file: Path | None = None
    """Certificates to trust instead of the system's."""
    hosts: tuple[str, ...] = ()
    """Further host names that may have private addresses; an upstream's own may always."""
    reserved: tuple[str, ...] = ()
    """Patterns of names that are never looked up, beside those in the catalogue."""
    files: str = "keep"
    """``link``, ``redirect`` or ``keep``."""
    fetch_bytes: int | None = None
    """The largest file that is fetched while its client waits; None for any. Larger ones are fetched aside."""
    fresh: int = 300
    """Seconds for which a page is served without asking again."""
    stale: int = 30 * 24 * 3600
    """Seconds after its last confirmation for which a page is served while the upstream does not answer."""
    missing: int = 60
    """Seconds for which it is remembered that there is no such project."""
    budget: float = 4.0
    """Seconds that an upstream has to answer where a kept page could be served instead."""
    timeout: float = 20.0
    """Seconds that an upstream has to answer where there is nothing else to serve."""
    page_bytes: int = 32 * 1024**2
    """The largest page that is read, before and after decompression."""
    list_names: bool = False
    """Whether the root page also lists the upstream's projects."""
    policy: str = ""
    """Rules for upstream files: a JSON array, or the path of a file that holds one."""
    advisories: tuple[str, ...] = ()
    """Advisories in OSV's format: files, folders or addresses."""
    severities: tuple[str, ...] = ()
    """Severities whose advisories hide files too, beside malware."""


@dataclass(frozen=True, kw_only=True)
class OpenIdConnect:
    """The provider that people may sign in with; `docs/security.md` explains it."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    groups: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """The provider's groups, each with the roles that its members have here, and the pattern of each."""


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
    oidc: OpenIdConnect | None = None
    """The provider that people may sign in with, beside passwords."""
    trusted_issuers: tuple[tuple[str, str], ...] = ()
    """CI services whose pipelines may be trusted, each by its kind and the issuer of its tokens."""
    trusted_audience: str = ""
    """Whom tokens of those services must be for; empty for a name that is made from the secret key."""
    first_upload: FirstUpload = FirstUpload.ANY_UPLOADER
    """Who may upload to a name that no project has yet."""
    max_upload_bytes: int = 2 * 1024**3
    """The largest distribution file that is taken, in bytes."""
    background: bool = False
    """Whether long work of upload sessions is left to the bucket's events: on Lambda, whose callers wait 29 seconds."""
    link_window: int = 900
    """A presigned link stays the same for this many seconds and works for at least as long again."""
    upstream: Upstream = field(default_factory=Upstream)
    """Other indexes behind this one; without an address there are none."""
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
    given: dict[str, Any] = dict(settings.PACKAGES_APP)
    upstream: dict[str, Any] = given.pop("upstream", {})
    known = {option.name for option in fields(Options)}
    stray = sorted(set(given) - known) + sorted(set(upstream) - {option.name for option in fields(Upstream)})
    if stray:
        raise ImproperlyConfigured(f"PACKAGES_APP has no option named {', '.join(stray)}.")
    return Options(**given, upstream=Upstream(**upstream))


def forget(*, setting: str, **_: object) -> None:
    """Build the options anew after a test or a command changed the setting."""
    if setting == "PACKAGES_APP":
        options.cache_clear()


setting_changed.connect(forget)
