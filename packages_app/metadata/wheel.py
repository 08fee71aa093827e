"""Reads a wheel's METADATA from a zip archive that was found sound in every member."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from packages_app import names
from packages_app.metadata import zip_directory
from packages_app.metadata.errors import UnsoundArchive
from packages_app.metadata.limits import CHUNK, HIGHEST_RATIO, LONGEST_METADATA, MIB, most_expanded
from packages_app.metadata.members import SHOWN, Members
from packages_app.metadata.zip_directory import DEFLATED, Entry
from packages_app.names import Distribution

DIST_INFO = ".dist-info"
REQUIRED = ("METADATA", "WHEEL", "RECORD")


def read_document(file: BinaryIO, length: int, distribution: Distribution, *, whole: bool = True) -> bytes:
    """Return METADATA byte for byte, after all members, or else only this, were unpacked and compared with checksums.

    Raises:
        UnsoundArchive: the zip is damaged or dangerous, or is no wheel of this distribution.
    """
    entries, directory_at = zip_directory.entries(file, length)
    members = Members()
    for entry in entries:
        path = members.add(entry.name, folder=entry.name.endswith("/"))
        if path != entry.name.removesuffix("/"):  # installers look members up by their exact names
            raise UnsoundArchive(f"The wheel's member {entry.name[:SHOWN]!a} must be named {path[:SHOWN]!a}.")
    info = dist_info(members, distribution)
    check_sizes(entries, length, f"{info}/METADATA")
    return tested(file, entries, directory_at, wanted=f"{info}/METADATA", whole=whole)


def dist_info(members: Members, distribution: Distribution) -> str:
    """Return the name of the one .dist-info folder, which holds what the wheel format demands.

    Raises:
        UnsoundArchive: there is none or several, it is another distribution's, or a file is missing.
    """
    tops = {path.partition("/")[0] for path in members.files | members.folders}
    found = sorted(top for top in tops if top.endswith(DIST_INFO))
    if len(found) != 1:
        raise UnsoundArchive(f"The wheel has {len(found)} {DIST_INFO} folders where it must have one.")
    name, _, version = found[0].removesuffix(DIST_INFO).rpartition("-")
    if names.normalize(name) != distribution.project or not names.same_version(version, str(distribution.version)):
        raise UnsoundArchive(
            f"The wheel's {DIST_INFO} folder is {found[0][:SHOWN]!a}, which does not belong to "
            f"{distribution.project} {distribution.version}; build the wheel again instead of renaming it."
        )
    for required in REQUIRED:
        if f"{found[0]}/{required}" not in members.files:
            raise UnsoundArchive(f"The wheel has no {required} in {found[0][:SHOWN]!a}.")
    return found[0]


def check_sizes(entries: list[Entry], length: int, metadata: str) -> None:
    """Return if the sizes that the directory announces are within bounds; unpacking holds the members to them.

    Raises:
        UnsoundArchive: the archive is a bomb, or METADATA is too large.
    """
    if sum(entry.size for entry in entries) > most_expanded(length):
        raise UnsoundArchive(f"The wheel is a zip bomb: it unpacks to more than {HIGHEST_RATIO} times its size.")
    if any(entry.size > LONGEST_METADATA for entry in entries if entry.name == metadata):
        raise UnsoundArchive(f"The wheel's METADATA is larger than {LONGEST_METADATA // MIB} MB.")


def tested(file: BinaryIO, entries: list[Entry], directory_at: int, *, wanted: str, whole: bool) -> bytes:
    """Return one member's bytes after all members, or else only this, were unpacked in the order of their places.

    Raises:
        UnsoundArchive: a member is damaged, or the archive holds bytes of no member.
    """
    document = bytearray()
    if entries and entries[0].offset:
        raise UnsoundArchive("The zip has bytes before its first member; readers disagree on such archives.")
    stops = [entry.offset for entry in entries[1:]] + [directory_at]
    for entry, stop in zip(entries, stops, strict=True):
        if not whole and entry.name != wanted:
            zip_directory.check_room(entry, stop=stop)
            continue
        start, described = zip_directory.data_place(file, entry)
        zip_directory.check_gap(file, entry, start=start + entry.packed, stop=stop, described=described)
        file.seek(start)
        size = crc = 0
        for part in unpacked(file, entry):
            size += len(part)
            crc = zlib.crc32(part, crc)
            if size > entry.size:
                break
            if entry.name == wanted:
                document += part
        if (size, crc) != (entry.size, entry.crc):
            raise UnsoundArchive(f"The zip is damaged: {entry.name[:SHOWN]!a} does not match its size or checksum.")
    return bytes(document)


def unpacked(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield a member's bytes in pieces; the file stands at its data.

    Raises:
        UnsoundArchive: the packed data ends before or after the place that the directory names.
    """
    if entry.method != DEFLATED:
        yield from pieces(file, entry.packed)
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in pieces(file, entry.packed):
        pending = piece
        while pending:
            if inflater.eof:
                raise UnsoundArchive(f"The zip has bytes after the end of {entry.name[:SHOWN]!a}.")
            yield inflater.decompress(pending, CHUNK)
            pending = inflater.unconsumed_tail or inflater.unused_data
    while not inflater.eof and (part := inflater.decompress(b"", CHUNK)):
        yield part
    if not inflater.eof:
        raise UnsoundArchive(f"The zip is damaged: the data of {entry.name[:SHOWN]!a} is cut off.")


def pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the next ``size`` bytes of the file, fewer where it ends before."""
    while size > 0 and (piece := file.read(min(size, CHUNK))):
        size -= len(piece)
        yield piece
