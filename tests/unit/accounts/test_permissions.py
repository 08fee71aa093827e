import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import NotSignedIn
from packages_app.accounts.permissions import Action, demand

ANONYMOUS, USER = Principal(name=""), Principal(name="ana")


@pytest.mark.parametrize(
    ("who", "action", "public_read", "allowed"),
    [
        pytest.param(ANONYMOUS, Action.READ, False, False, id="nobody reads a private index"),
        pytest.param(ANONYMOUS, Action.READ, True, True, id="anybody reads an open index"),
        pytest.param(ANONYMOUS, Action.UPLOAD, False, False, id="nobody uploads to a private index"),
        pytest.param(ANONYMOUS, Action.UPLOAD, True, False, id="nobody uploads to an open index either"),
        pytest.param(USER, Action.READ, False, True, id="a user reads"),
        pytest.param(USER, Action.UPLOAD, False, True, id="a user uploads"),
    ],
)
def test_who_may_do_what(settings, who, action, public_read, allowed):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "public_read": public_read}
    if allowed:
        demand(who, action, "demo")
    else:
        with pytest.raises(NotSignedIn):
            demand(who, action, "demo")
