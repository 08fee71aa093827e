"""Files of the upstream: which of them this index serves itself, and how."""

from packages_app.conf import options
from packages_app.upstream.entries import UpstreamFile


def is_served(file: UpstreamFile) -> bool:
    """Return whether clients are given an address of this index for a file.

    Such an address is found again by the digest and the project in the name; a file that has no sha256, or whose name
    does not tell, is linked to where the upstream has it.
    """
    return options().upstream.files != "link" and bool(file.sha256) and bool(file.filetype)
