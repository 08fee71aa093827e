"""Files of any size are cut into no more parts than S3 takes, none of them too small or too large for it."""

import pytest

from packages_app.uploads.sessions import cut
from packages_app.uploads.sessions.entries import FileStatus, Mechanism, SessionFile

MIB, GIB, TIB = 1024**2, 1024**3, 1024**4


def file(size: int) -> SessionFile:
    return SessionFile(
        session="5" * 32,
        filename="demo-1.0.tar.gz",
        size=size,
        mechanism=Mechanism.PARTS,
        status=FileStatus.PENDING,
        part_size=cut.part_size(size),
    )


@pytest.mark.parametrize(
    ("size", "part_size", "count"),
    [
        (1, 16 * MIB, 1),
        (16 * MIB, 16 * MIB, 1),
        (16 * MIB + 1, 16 * MIB, 2),
        (GIB, 16 * MIB, 64),
        (160_000 * MIB, 16 * MIB, 10_000),
        (160_000 * MIB + 1, 17 * MIB, 9412),
        (5 * TIB, 525 * MIB, 9987),
    ],
)
def test_a_file_of_any_size_is_cut_into(size, part_size, count):
    made = file(size)
    assert (made.part_size, cut.count(made)) == (part_size, count)
    assert (count - 1) * part_size + cut.size_of(made, count) == size
    assert 0 < cut.size_of(made, count) <= part_size
    assert count == 1 or cut.size_of(made, 1) == part_size
