"""Why nobody was signed in by the provider."""

from packages_app.errors import PackagesError, Unavailable


class SignInRefused(PackagesError):
    """What came back from the provider is not what it should be, or it signed nobody in."""

    code = "sign-in-refused"


class ProviderFailed(Unavailable):
    """The provider does not answer, or not as OpenID Connect says."""

    code = "provider-failed"
