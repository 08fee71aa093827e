"""Makes an administrator: Django's command, on users in the catalogue."""

from django.contrib.auth.management.commands import createsuperuser

from packages_app.accounts import faces  # noqa: F401 - the user model, which Django finds by its name
from packages_app.management.refusals import told


class Command(createsuperuser.Command):
    """Asks for the name, the address and the password."""

    help = "Make an administrator, who signs in with a browser; `create_user` makes other users."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        with told():
            super().handle(*args, **options)
