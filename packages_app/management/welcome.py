"""What a server says when it starts: where things are, and how clients use them."""

from collections.abc import Callable

from django.conf import settings

from packages_app.conf import options
from packages_app.management.client_lines import lines


def welcome(say: Callable[[str], object], *, host: str, port: int | str, with_password: bool) -> None:
    """Say where the index is; on the first start with the password, unless what is said ends in a log."""
    chosen = options()
    home = "localhost" if host in {"", "0.0.0.0", "[::]"} else host  # noqa: S104 - compared, not bound
    say(f"Elastic PyPI serves http://{home}:{port}/simple/")
    say(f"catalogue  {chosen.table or chosen.data / 'catalogue.sqlite3'}")
    say(f"files      {chosen.bucket or settings.LOCAL_FILES}")
    say(f"overwrite  {'on: uploads may replace published files' if chosen.overwrite else 'off'}")
    if chosen.public_read:
        say("reading    open: PYPI_PUBLIC_READ is on, so whoever reaches this port can read every file")
    if settings.FIRST_START:
        say(f"\nA user and a password were made; the password is kept in {settings.PASSWORD_FILE}.\n")
    if settings.FIRST_START and with_password:
        user, password = next(iter(chosen.users.items()))
        say(lines(url=f"http://{home}:{port}", user=user, password=password))
    else:
        say("`manage.py clients` prints lines for pip, uv, twine and others, with the password in them.")
