"""What a provider says: about itself, and about who signed in."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A provider's own description (OpenID Connect Discovery 1.0)."""

    keys: str
    """The address of the keys it signs with."""
    authorization: str = ""
    token: str = ""
    """Addresses of the endpoints where people sign in, for who may send them there."""
    secret_in_body: bool = False
    """Whether it takes the client's secret only as a field (``client_secret_post``)."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who signed in, as a verified ID token says it."""

    issuer: str
    subject: str
    """The provider's own, lasting name of the person; only this and the issuer tell people apart."""
    name: str = ""
    """What the person wants to be called, as a proposal for a user name."""
    display_name: str = ""
    email: str = ""
    groups: tuple[str, ...] = ()
