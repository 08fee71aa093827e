"""How a file is cut into parts."""

from packages_app.uploads.sessions.entries import SessionFile

MIB = 1024**2
SMALLEST = 16 * MIB
"""Bytes of a part of most files: little is sent twice, and S3 takes no less than 5 MB."""
MOST = 10_000
"""Parts that S3 takes of one file."""


def part_size(size: int) -> int:
    """Return how many bytes the parts of a file of ``size`` bytes have, whole megabytes."""
    return max(SMALLEST, -(-size // MOST // MIB) * MIB)


def count(file: SessionFile) -> int:
    """Return how many parts a file has."""
    return -(-file.size // file.part_size)


def size_of(file: SessionFile, number: int) -> int:
    """Return how many bytes a part has; the last one has what is left."""
    return min(file.part_size, file.size - (number - 1) * file.part_size)
