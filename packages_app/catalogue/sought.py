"""The name of a project, as an address or a caller asks for it."""

from packages_app import names
from packages_app.catalogue.errors import NoSuchProject


def normalized(name: str) -> str:
    """Return the normalised name of a project that may exist.

    Raises:
        NoSuchProject: no project can have this name.
    """
    if not names.is_valid_name(name):
        raise NoSuchProject("This index has no such project: that is no name a project can have.")
    return names.normalize(name)
