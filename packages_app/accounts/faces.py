"""The user as Django's sign-in, admin and commands want one: a model that reads and stores nothing by itself."""

import hashlib
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac

from packages_app.accounts import entries, read
from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import BadAccount
from packages_app.accounts.permissions import is_administrator
from packages_app.accounts.write import check_name, create_user
from packages_app.catalogue.entries import Change
from packages_app.conf import options


def nameable(name: str) -> None:
    """Return if a user can be called this; Django's command asks again for a name that cannot be.

    Raises:
        ValidationError: it cannot.
    """
    try:
        check_name(name)
    except BadAccount as error:
        raise ValidationError(str(error)) from None


class Users(models.Manager["User"]):
    """Finds and makes users in the catalogue."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of this name.

        Raises:
            User.DoesNotExist: there is none.
        """
        found = read.user(username or "")
        if found is None:
            raise User.DoesNotExist
        return User.of(found)

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401 - as Django hands them over
        """Make an administrator; what `createsuperuser` calls."""
        wanted = entries.User(name=username, administrator=True, email=fields.get("email", ""))
        return User.of(create_user(wanted, password=password, change=Change(actor="createsuperuser", source="command")))


class User(AbstractBaseUser):
    """A user; ``record`` is what the catalogue knows of it."""

    username = models.CharField("user name", primary_key=True, max_length=64, validators=[nameable])
    email = models.EmailField("email address", blank=True)
    last_login = None  # a field would let Django write at every sign-in

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    objects = Users()
    record: entries.User

    class Meta:
        """Django's settings of a model."""

        managed = False
        app_label = "packages_app"

    @classmethod
    def of(cls, record: entries.User) -> Self:
        """Return the face of a user."""
        made = cls(username=record.name, email=record.email, password=record.password)
        made.record = record
        return made

    @property
    def is_active(self) -> bool:  # type: ignore[override] # Django has a class attribute
        """Whether the user may do anything."""
        return not self.record.disabled

    @property
    def is_staff(self) -> bool:
        """Whether the user may use the admin: it is for who administers the index, and knows no lesser rights."""
        return self.is_active and is_administrator(Principal(name=self.username))

    is_superuser = is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Answer as `is_staff`; what each journey allows is asked of `permissions` once more."""
        del perm, obj
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Answer as `is_staff`."""
        del app_label
        return self.is_staff

    def get_full_name(self) -> str:
        """Return the name as people write it."""
        return self.record.display_name or str(self.username)

    get_short_name = get_full_name

    def get_session_auth_hash(self) -> str:
        """Return what a session must hold to be the user's: another password or nonce ends all sessions."""
        configured = options().users.get(self.username, "") if self.record.configured else ""
        secret = hashlib.sha256(configured.encode("utf-8", "surrogatepass")).hexdigest() + str(self.password)
        return salted_hmac(
            "packages_app.accounts.faces", f"{self.username}\n{secret}\n{self.record.nonce}", algorithm="sha256"
        ).hexdigest()

    def get_session_auth_fallback_hash(self) -> tuple[str, ...]:
        """Return nothing: a secret key that was replaced is not honoured for another while."""
        return ()
