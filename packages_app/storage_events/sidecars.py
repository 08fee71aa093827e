"""What lies beside a distribution: whether it is what was published, and a wheel's METADATA to write it anew."""

import hashlib
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from packages_app.catalogue.entries import File
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import BlobMissing, BlobTooLarge
from packages_app.metadata import sdist
from packages_app.metadata.archive import DAMAGE as TAR_DAMAGE
from packages_app.metadata.errors import UnsoundArchive
from packages_app.metadata.limits import LONGEST_METADATA

METADATA = re.compile(r"[^/]+\.dist-info/METADATA\Z")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)
"""What the standard library raises on bytes that are no sound zip; errors of the disk (OSError) are none of them."""


def wrong(file: File) -> Iterator[str]:
    """Yield the keys of what should lie beside a listed file, and is not there or has another digest."""
    for key, digest in wanted(file).items():
        if digest_of(key) != digest:
            yield key


def wanted(file: File) -> dict[str, str]:
    """Return the keys of what should lie beside a listed file, each with its digest."""
    beside = {
        keys.metadata(file.sha256, file.filename): file.metadata_sha256,
        keys.blob(file.sha256, file.filename) + keys.PKG_INFO: file.pkg_info_sha256,
        keys.attestations(file.sha256, file.filename): file.attestations_sha256,
    }
    return {key: digest for key, digest in beside.items() if digest}


def digest_of(key: str) -> str:
    """Return the sha256 of a small blob; empty when it is not there, or larger than it can be."""
    try:
        return hashlib.sha256(store.read(key, LONGEST_METADATA)).hexdigest()
    except (BlobMissing, BlobTooLarge):
        return ""


def document(file: File, opened: BinaryIO) -> bytes | None:
    """Return the document that a distribution holds of itself, or None where it cannot be read."""
    return wheel_metadata(opened) if file.metadata_sha256 else pkg_info(opened)


def pkg_info(opened: BinaryIO) -> bytes | None:
    """Return an sdist's PKG-INFO byte for byte, or None where it cannot be read."""
    try:
        return sdist.read_document(opened, opened.seek(0, os.SEEK_END))
    except (*TAR_DAMAGE, UnsoundArchive):
        return None


def wheel_metadata(opened: BinaryIO) -> bytes | None:
    """Return a wheel's METADATA byte for byte, or None where there is not exactly one that can be read.

    Its bytes were found sound when they were published; here they are only read.
    """
    try:
        with zipfile.ZipFile(opened) as wheel:
            found = [member for member in wheel.infolist() if METADATA.match(member.filename)]
            if len(found) != 1 or found[0].file_size > LONGEST_METADATA:
                return None
            return wheel.read(found[0])
    except DAMAGE:
        return None
