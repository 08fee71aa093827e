"""How each client publishes a project's built files without asking anybody anything."""

from collections.abc import Callable
from pathlib import Path

from tests.clients.machines import Machine
from tests.clients.projects import distributions
from tests.clients.servers import Server

Publisher = Callable[..., tuple[int, str]]


def twine(
    machine: Machine, server: Server, project: Path, *, password: str = "", again: bool = False
) -> tuple[int, str]:
    """Upload with twine; it has no way of its own to skip what is there already, except on PyPI."""
    del again
    where = (
        "--repository-url",
        server.upload_url,
        "--username",
        server.user,
        "--password",
        password or server.password,
    )
    return machine.outcome(
        "twine", "upload", "--non-interactive", "--disable-progress-bar", *where, *distributions(project)
    )


def uv(machine: Machine, server: Server, project: Path, *, password: str = "", again: bool = False) -> tuple[int, str]:
    """Upload with uv, which compares with the index first when it is told to."""
    where = ("--publish-url", server.upload_url, "--username", server.user, "--password", password or server.password)
    check = ("--check-url", server.index_url) if again else ()
    return machine.outcome("uv", "publish", *where, *check, *distributions(project))


def poetry(
    machine: Machine, server: Server, project: Path, *, password: str = "", again: bool = False
) -> tuple[int, str]:
    """Upload with poetry to a repository that its configuration names."""
    who = ("--repository", "private", "--username", server.user, "--password", password or server.password)
    skip = ("--skip-existing",) if again else ()
    variables = {"POETRY_REPOSITORIES_PRIVATE_URL": server.upload_url, "PWD": str(project)}
    return machine.outcome("poetry", "publish", "--no-interaction", "--no-ansi", *who, *skip, **variables)


def pdm(machine: Machine, server: Server, project: Path, *, password: str = "", again: bool = False) -> tuple[int, str]:
    """Upload with pdm; it shows what the server says only when it is asked to say much."""
    where = ("--repository", server.upload_url, "--username", server.user, "--password", password or server.password)
    skip = ("--skip-existing",) if again else ()
    return machine.outcome("pdm", "publish", "-vv", "--no-build", *where, *skip, PWD=str(project), PDM_USE_VENV="false")


def hatch(
    machine: Machine, server: Server, project: Path, *, password: str = "", again: bool = False
) -> tuple[int, str]:
    """Upload with hatch, which looks for listed files where devpi has them, and so sends all of them here."""
    del again
    where = ("--repo", server.upload_url, "--user", server.user, "--auth", password or server.password)
    return machine.outcome("hatch", "publish", "--no-prompt", *where, *distributions(project), PWD=str(project))


def flit(
    machine: Machine, server: Server, project: Path, *, password: str = "", again: bool = False
) -> tuple[int, str]:
    """Build and upload with flit; the same sources make the same bytes when SOURCE_DATE_EPOCH is set."""
    del again
    variables = {
        "FLIT_INDEX_URL": server.upload_url,
        "FLIT_USERNAME": server.user,
        "FLIT_PASSWORD": password or server.password,
        "SOURCE_DATE_EPOCH": "1600000000",
        "PWD": str(project),
    }
    return machine.outcome("flit", "publish", **variables)


PUBLISHERS: dict[str, Publisher] = {each.__name__: each for each in (twine, uv, poetry, pdm, hatch, flit)}
