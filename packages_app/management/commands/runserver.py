"""Django's runserver, ready to take and serve packages: no step before it, and lines to paste when it starts."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import runserver

from packages_app.conf import options
from packages_app.file_store import spool
from packages_app.management import overwriting
from packages_app.management.client_lines import lines
from packages_app.management.development_server import Server


class Command(runserver.Command):
    """Serves the index from one folder."""

    help = "Serve the index on this machine, with uploads; everything lives in one folder."
    server_cls = Server
    addr: str
    port: str
    _raw_ipv6: bool

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        overwriting.add_argument(parser)

    def handle(self, *args: Any, **given: Any) -> str | None:
        # The welcome says what this server is for, in a line.
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        overwriting.apply(given["overwrite"])
        return super().handle(*args, **given)

    def run(self, **given: Any) -> None:
        # With autoreload this process watches and a child serves: welcome once, not at every reload.
        if os.environ.get("RUN_MAIN") != "true":
            spool.sweep()  # what killed processes left; files of living ones stay
            self.welcome()
        super().run(**given)

    def check_migrations(self) -> None:
        """Check nothing: there is no SQL database."""

    def welcome(self) -> None:
        """Say where things are, and how clients use them."""
        chosen = options()
        host = f"[{self.addr}]" if self._raw_ipv6 else self.addr
        home = "localhost" if host in {"0.0.0.0", "[::]"} else host  # noqa: S104 - compared, not bound
        user, password = next(iter(chosen.users.items()))
        say = self.stdout.write
        say(f"Elastic PyPI serves http://{home}:{self.port}/simple/")
        say(f"catalogue  {chosen.table or chosen.data / 'catalogue.sqlite3'}")
        say(f"files      {chosen.bucket or settings.LOCAL_FILES}")
        say(f"overwrite  {'on: uploads may replace published files' if chosen.overwrite else 'off'}")
        if chosen.public_read:
            say(self.style.WARNING("PYPI_PUBLIC_READ is on: anybody who reaches this port can read every file."))
        if settings.FIRST_START:
            say(f"\nA user and a password were made; the password is kept in {settings.PASSWORD_FILE}.\n")
            say(lines(host=home, port=self.port, user=user, password=password))
        else:
            say("`manage.py clients` prints lines for pip, uv, twine and others, with the password in them.")
        say("This server is for one machine; for a team use `manage.py serve`. Stop it with Ctrl-C.\n")
