"""Serves the index to a team: gunicorn with several processes."""

import argparse
import os
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.file_store import spool
from packages_app.management import overwriting
from packages_app.management.welcome import welcome


def positive(text: str) -> int:
    """Return a whole number from 1 up."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("it must be a whole number from 1 up")
    return int(text)


LAST_PORT = 65535


def address(text: str) -> str:
    """Return where to listen."""
    port = text.rpartition(":")[2]
    if text.startswith("unix:") or (port.isdecimal() and int(port) <= LAST_PORT):
        return text
    raise argparse.ArgumentTypeError(f"write ADDRESS:PORT with a port up to {LAST_PORT}, or unix:PATH")


class Command(BaseCommand):
    """Runs gunicorn until it is told to stop; SIGTERM lets running requests finish."""

    help = "Serve the index with a production server: several processes, uploads finish before it stops."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--bind", type=address, default="127.0.0.1:8000", help="address:port, or unix:PATH (default: %(default)s)"
        )
        parser.add_argument(
            "--workers", type=positive, default=os.cpu_count() or 1, help="processes (default: %(default)s)"
        )
        parser.add_argument(
            "--threads", type=positive, default=8, help="threads in each process (default: %(default)s)"
        )
        parser.add_argument(
            "--grace",
            type=int,
            default=60,
            help="seconds that running requests get when it stops (default: %(default)s)",
        )
        parser.add_argument("--access-log", action="store_true", help="write a line for each request")
        overwriting.add_argument(parser)

    def handle(self, *_: Any, **given: Any) -> None:
        from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - only this command needs the server

        overwriting.apply(given["overwrite"])
        spool.sweep()  # what killed processes left; files of living ones stay
        if given["bind"].startswith("unix:"):
            self.stdout.write(f"Elastic PyPI serves the socket {given['bind'][5:]}")
        else:
            host, _, port = given["bind"].rpartition(":")
            welcome(self.stdout.write, host=host, port=port, with_password=False)

        class Application(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
            def load_config(self) -> None:
                self.cfg.set("bind", given["bind"])
                self.cfg.set("workers", given["workers"])
                self.cfg.set("worker_class", "gthread")
                self.cfg.set("threads", given["threads"])
                self.cfg.set("graceful_timeout", given["grace"])
                # Ctrl-C means now: a thread that waits for the rest of an upload would hold the process for the grace.
                self.cfg.set("worker_int", lambda _: os._exit(0))
                self.cfg.set("keepalive", 65)
                self.cfg.set("forwarder_headers", "")  # no client may say what our path prefix is
                self.cfg.set("forwarded_allow_ips", "")  # PYPI_TRUSTED_PROXIES says whose headers count
                self.cfg.set("accesslog", "-" if given["access_log"] else None)
                self.cfg.set("control_socket_disable", True)  # would be one file for all servers of a user

            def load(self) -> Any:
                from pypi_site.wsgi import application  # noqa: PLC0415 - loaded in each worker, after the fork

                return application

        Application().run()
