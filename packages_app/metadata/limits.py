"""How large an archive and its metadata may become while they are read."""

MIB = 1024 * 1024

CHUNK = 256 * 1024
"""Bytes read or inflated at a time; memory stays flat whatever the archive's size."""

LONGEST_METADATA = 10 * MIB
MOST_MEMBERS = 100_000
LONGEST_PATH = 4096
DEEPEST_PATH = 255
LONGEST_DIRECTORY = 32 * MIB
"""A zip's central directory is read at once; this allows 300 bytes for each of the most members."""

FREE_EXPANSION = 64 * MIB
HIGHEST_RATIO = 50


def most_expanded(packed: int) -> int:
    """Return how many bytes an archive of ``packed`` bytes may unpack to before it counts as a bomb."""
    return max(FREE_EXPANSION, HIGHEST_RATIO * packed)
