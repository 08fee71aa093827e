"""The functions that zappa_settings.json names, and that Zappa calls on the machine that deploys."""

import sys
from pathlib import Path
from typing import Any

# Zappa loads this file by its path, and would not find its neighbours.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deploy import compiled, from_shell, gateway


def settings(cli: Any) -> None:
    """Fill in, before each command, what the settings file must not hold."""
    from_shell.apply(cli)


def complete(cli: Any) -> None:
    """Complete the package before it is uploaded."""
    compiled.add(cli)


def finish(cli: Any) -> None:
    """Set, after each deploy and update, what Zappa has no settings for; doing it again changes nothing."""
    from_shell.keep_logs(cli)
    gateway.explain(cli)
