"""Django's runserver, ready to take and serve packages: no step before it, and lines to paste when it starts."""

import os
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import runserver

from packages_app.file_store import spool
from packages_app.management import overwriting
from packages_app.management.development_server import Server
from packages_app.management.welcome import welcome


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
            host = f"[{self.addr}]" if self._raw_ipv6 else self.addr
            welcome(self.stdout.write, host=host, port=self.port, with_password=True)
            self.stdout.write("This server is for one machine; for a team use `manage.py serve`. Ctrl-C stops it.\n")
        super().run(**given)

    def check_migrations(self) -> None:
        """Check nothing: there is no SQL database."""
