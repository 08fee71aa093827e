"""What Django asks who somebody is who signs in with a browser."""

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from packages_app.accounts import read
from packages_app.accounts.faces import User
from packages_app.accounts.sign_in import with_password


class Accounts(BaseBackend):
    """Signs in configured users and those of the catalogue."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: object
    ) -> User | None:
        """Return the user with this name and password."""
        found = with_password(username, password, request.META.get("REMOTE_ADDR", "") if request is not None else "")
        return None if found is None else User.of(found)

    def get_user(self, user_id: str) -> User | None:
        """Return a signed-in user, by one read of the catalogue; nobody once the user is disabled."""
        found = read.user(user_id)
        return None if found is None or found.disabled else User.of(found)
