"""The journey of a sign-in: off to the provider, and back with a code that is worth an identity.

The browser's session keeps a random ``state`` and nothing else; nonce and PKCE verifier are made from it and the secret
key, so that neither stands in a cookie that can be read.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode, urlsplit

from django.utils.crypto import salted_hmac

from packages_app.accounts.oidc.entries import Identity, Provider
from packages_app.accounts.oidc.errors import SignInRefused
from packages_app.accounts.oidc.provider import provider
from packages_app.accounts.oidc.transport import ask
from packages_app.accounts.oidc.verify import REFUSED, verified
from packages_app.conf import OpenIdConnect

SCOPES = "openid profile email"
SECONDS = 600
"""How long a person may take at the provider."""


def begin(chosen: OpenIdConnect, redirect_uri: str) -> tuple[str, str]:
    """Return where to send a browser, and the state to keep in its session.

    Raises:
        ProviderFailed: the provider does not answer.
    """
    found, state = provider(chosen.issuer), secrets.token_urlsafe(32)
    challenge = hashlib.sha256(derived("verifier", state).encode()).digest()
    query = {
        "response_type": "code",
        "client_id": chosen.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "nonce": derived("nonce", state),
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(found.authorization).query else "?"
    return f"{found.authorization}{joint}{urlencode(query)}", state


def finish(chosen: OpenIdConnect, redirect_uri: str, *, code: str, state: str, kept: str) -> Identity:
    """Return who comes back from the provider with a code; ``kept`` is the state in the browser's session.

    Raises:
        SignInRefused: this browser began no such sign-in, or what the provider says is not right.
        ProviderFailed: the provider does not answer.
    """
    if not kept or not code or not hmac.compare_digest(state.encode(), kept.encode()):
        raise SignInRefused("This sign-in was not begun in this browser, or too long ago; begin it again.")
    found = provider(chosen.issuer)
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": chosen.client_id,
        "code_verifier": derived("verifier", state),
    }
    answer = ask(found.token, {**fields, **secret_field(found, chosen)}, credentials(found, chosen))
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise SignInRefused(REFUSED)
    return verified(token, provider=found, chosen=chosen, nonce=derived("nonce", state))


def derived(what: str, state: str) -> str:
    """Return a text that only this index can make of a state."""
    return salted_hmac(f"packages_app.accounts.oidc.{what}", state, algorithm="sha256").hexdigest()


def secret_field(found: Provider, chosen: OpenIdConnect) -> dict[str, str]:
    """Return the client's secret as a field, where the provider wants it so."""
    return {"client_secret": chosen.client_secret} if chosen.client_secret and found.secret_in_body else {}


def credentials(found: Provider, chosen: OpenIdConnect) -> dict[str, str]:
    """Return the client's credentials as a header (RFC 6749, 2.3.1: both parts are form-encoded first)."""
    if not chosen.client_secret or found.secret_in_body:
        return {}
    pair = f"{quote(chosen.client_id, safe='')}:{quote(chosen.client_secret, safe='')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
