"""Signing in with somebody else's account: OpenID Connect, the authorization code flow with PKCE."""
