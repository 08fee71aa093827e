"""Decides whether a distribution's archive is sound, and reads what it says about itself."""

import os
import struct
import tarfile
import zlib
from typing import BinaryIO

from packages_app.metadata import core, sdist, wheel
from packages_app.metadata.entries import Inspected
from packages_app.metadata.errors import UnsoundArchive
from packages_app.names import Distribution

# What the standard library raises on bytes that are no archive; errors of the disk (OSError) are none of them.
DAMAGE = (
    struct.error,
    zlib.error,
    tarfile.TarError,
    EOFError,
    ValueError,  # UnicodeError among them
    ArithmeticError,
    LookupError,
    RecursionError,
)


def inspect(file: BinaryIO, distribution: Distribution, *, whole: bool = True) -> Inspected:
    """Return what a wheel or sdist says about itself, after its whole archive was read and found sound.

    Memory stays flat whatever the file's size; the file must be seekable. Of a wheel that need not be read as a
    ``whole``, only the directory and METADATA are: that its members can be unpacked is then left to who made it.

    Raises:
        UnsoundArchive: the archive is damaged, dangerous, or not of this distribution's kind.
        BadMetadata: the core metadata breaks a rule.
    """
    document = read_document(file, distribution, whole=whole)
    return Inspected(core=core.parse(document), document=document)


def read_document(file: BinaryIO, distribution: Distribution, *, whole: bool = True) -> bytes:
    """Return METADATA or PKG-INFO byte for byte.

    Raises:
        UnsoundArchive: the archive is damaged, dangerous, or not of this distribution's kind.
    """
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    kind = "a zip" if distribution.filetype == "bdist_wheel" else "a gzipped tar"
    try:
        if distribution.filetype == "bdist_wheel":
            return wheel.read_document(file, length, distribution, whole=whole)
        return sdist.read_document(file, length)
    except DAMAGE as error:
        raise UnsoundArchive(f"The file cannot be read as {kind} archive: it is damaged or something else.") from error
