import pytest

from packages_app.accounts.oidc.errors import ProviderFailed
from packages_app.accounts.oidc.transport import check_address


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://id.example/realm", True),
        ("http://127.0.0.1:8000/x", True),
        ("http://[::1]/x", True),
        ("http://localhost/x", True),
        ("http://id.example/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("http://localhost.evil.example/x", False),
        ("http://10.0.0.1/x", False),
        ("ftp://127.0.0.1/x", False),
        ("//id.example/x", False),
        ("https:///x", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_only_https_and_this_machine_are_asked(url, fine):
    if fine:
        check_address(url)
    else:
        with pytest.raises(ProviderFailed):
            check_address(url)
