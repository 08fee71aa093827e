"""Reads a zip archive's directory strictly, so that every reader of the archive sees the same members.

Readers of zips disagree when an archive has bytes that the directory does not speak of, or says a thing twice and
differently. Such archives are refused: the members fill the file from its first byte to the central directory, the
central directory fills it to the end record, and the end record ends it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from packages_app.metadata.errors import UnsoundArchive
from packages_app.metadata.limits import LONGEST_DIRECTORY, MOST_MEMBERS
from packages_app.metadata.members import SHOWN

# The records of the zip application note (4.3), all little-endian.
END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
END64_LOCATOR = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")

LONGEST_COMMENT = LONGEST_EXTRA = 0xFFFF
LONGEST_DESCRIPTOR = 24
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF
ENCRYPTED = 0x0001 | 0x0040 | 0x2000
PATCHED = 0x0020
NEWEST = 63
"""Version 6.3 of the application note, the newest that installers know; 4.5 has all that a wheel needs."""
DESCRIPTOR, UTF8 = 0x0008, 0x0800
STORED, DEFLATED = 0, 8
ZIP64_EXTRA, UNICODE_PATH_EXTRA = 0x0001, 0x7075


class End(NamedTuple):
    """What the end record, or its 64-bit form, says of the central directory."""

    disk: int
    directory_disk: int
    entries_here: int
    entries: int
    size: int
    offset: int


FULL = End(FULL16, FULL16, FULL16, FULL16, FULL32, FULL32)
"""The values that send a reader to the 64-bit record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A member as the central directory describes it."""

    name: str
    raw_name: bytes
    method: int
    crc: int
    packed: int
    """Bytes in the archive."""
    size: int
    """Bytes unpacked."""
    offset: int
    """Where its local header starts."""


def entries(file: BinaryIO, length: int) -> tuple[list[Entry], int]:
    """Return the members in the order of their places, and where the central directory starts.

    Raises:
        UnsoundArchive: the archive is truncated, damaged, or open to several readings.
    """
    end, directory_end = end_record(file, length)
    if end.disk or end.directory_disk or end.entries_here != end.entries:
        raise UnsoundArchive("The zip is a part of an archive in several pieces; upload it in one piece.")
    if end.offset + end.size != directory_end:
        raise UnsoundArchive(
            "The zip's central directory is not where its end record says: cut off, or with bytes added."
        )
    if end.entries > MOST_MEMBERS or end.size > LONGEST_DIRECTORY:
        raise UnsoundArchive(f"The archive has more than {MOST_MEMBERS} members, or very long names for them.")
    file.seek(end.offset)
    found = list(central_directory(file.read(end.size)))
    if len(found) != end.entries:
        raise UnsoundArchive("The zip's central directory has another number of members than its end record says.")
    found.sort(key=lambda entry: entry.offset)
    return found, end.offset


def end_record(file: BinaryIO, length: int) -> tuple[End, int]:
    """Return the end record, and where the central directory must end.

    Raises:
        UnsoundArchive: there is none at the end of the file, or its two forms disagree.
    """
    tail_length = min(length, END.size + LONGEST_COMMENT)
    file.seek(length - tail_length)
    tail = file.read(tail_length)
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < END.size:
        raise UnsoundArchive("The file is no complete zip archive: its end record is missing, so it was cut off.")
    _, *values, comment = END.unpack_from(tail, place)
    if place + END.size + comment != len(tail):
        raise UnsoundArchive("The zip is damaged: it does not end where its end record says.")
    end, at = End(*values), length - tail_length + place
    return end64_record(file, end, at) or (end, at)


def end64_record(file: BinaryIO, end: End, at: int) -> tuple[End, int] | None:
    """Return the 64-bit end record and its place, or None where the archive needs and has none.

    Raises:
        UnsoundArchive: it is missing, elsewhere, or contradicts the 32-bit record.
    """
    locator_at = at - END64_LOCATOR.size
    record_at = locator_at - END64.size
    located = read_at(file, locator_at, END64_LOCATOR.size) if record_at >= 0 else b""
    if not located.startswith(b"PK\6\7"):
        if any(value == full for value, full in zip(end[2:], FULL[2:], strict=True)):
            raise UnsoundArchive("The zip is damaged: its 64-bit end record is missing.")
        return None
    _, disk, offset, disks = END64_LOCATOR.unpack(located)
    signature, size, _, _, *values = END64.unpack(read_at(file, record_at, END64.size))
    end64 = End(*values)
    # `size` does not count itself and the signature before it.
    if (signature, offset, disk, disks, size) != (b"PK\6\6", record_at, 0, 1, END64.size - 12):
        raise UnsoundArchive("The zip is damaged: its 64-bit end record is not where it should be.")
    if any(short not in {full, long} for short, full, long in zip(end, FULL, end64, strict=True)):
        raise UnsoundArchive("The zip's two end records contradict each other.")
    return end64, record_at


def read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    """Return ``size`` bytes at ``offset``, fewer at the end of the file."""
    file.seek(offset)
    return file.read(size)


def central_directory(data: bytes) -> Iterator[Entry]:
    """Yield the members of a central directory.

    Raises:
        UnsoundArchive: it is damaged, or has a member that not every reader can unpack.
    """
    at = 0
    while at < len(data):
        signature, _, needs, flags, method, _, _, crc, packed, size, *rest = CENTRAL.unpack_from(data, at)
        name_length, extra_length, comment_length, _, _, _, offset = rest
        name_at = at + CENTRAL.size
        extra_at = name_at + name_length
        at = extra_at + extra_length + comment_length
        if signature != b"PK\1\2" or at > len(data):
            raise UnsoundArchive("The zip's central directory is damaged.")
        raw_name = data[name_at:extra_at]
        name = raw_name.decode("utf-8" if flags & UTF8 else "cp437")
        check_readable(name, needs, flags, method)
        size, packed, offset = full_values(
            name, data[extra_at : extra_at + extra_length], raw_name, size, packed, offset
        )
        yield Entry(name=name, raw_name=raw_name, method=method, crc=crc, packed=packed, size=size, offset=offset)


def check_readable(name: str, needs: int, flags: int, method: int) -> None:
    """Return if every installer can unpack the member.

    Raises:
        UnsoundArchive: it is encrypted or packed in a way that not every installer knows.
    """
    if flags & ENCRYPTED:
        raise UnsoundArchive(f"The member {name[:SHOWN]!a} is encrypted; installers cannot read it.")
    if needs & 0xFF > NEWEST or flags & PATCHED:  # the upper byte names a system
        raise UnsoundArchive(f"The member {name[:SHOWN]!a} needs a newer kind of zip than installers know.")
    if method not in {STORED, DEFLATED}:
        raise UnsoundArchive(f"The member {name[:SHOWN]!a} is packed with method {method}; store or deflate it.")


def full_values(name: str, extra: bytes, raw_name: bytes, *values: int) -> list[int]:
    """Return sizes and offset, in their 64-bit form where the short form is full.

    Raises:
        UnsoundArchive: the extra fields are damaged, or give the member another name.
    """
    fields = extra_fields(name, extra)
    # A reader that knows this field takes the name from it (after a version byte and a checksum), others do not.
    if UNICODE_PATH_EXTRA in fields and fields[UNICODE_PATH_EXTRA][5:] != raw_name:
        raise UnsoundArchive(f"The member {name[:SHOWN]!a} has two different names.")
    missing = sum(value == FULL32 for value in values)
    longs = iter(struct.unpack_from(f"<{missing}Q", fields.get(ZIP64_EXTRA, b"")))
    return [next(longs) if value == FULL32 else value for value in values]


def extra_fields(name: str, extra: bytes) -> dict[int, bytes]:
    """Return a member's extra fields by their ids.

    Raises:
        UnsoundArchive: they are damaged, or one comes twice and readers may take either.
    """
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        field, size = struct.unpack_from("<2H", extra, at)
        at += 4
        if at + size > len(extra) or (field in fields and field in {ZIP64_EXTRA, UNICODE_PATH_EXTRA}):
            raise UnsoundArchive(f"The zip's extra fields of {name[:SHOWN]!a} are damaged.")
        fields[field] = extra[at : at + size]
        at += size
    return fields


def data_place(file: BinaryIO, entry: Entry) -> tuple[int, bool]:
    """Return where a member's data starts, and whether a descriptor follows it, from its local header.

    Raises:
        UnsoundArchive: the local header says something else than the central directory.
    """
    header = read_at(file, entry.offset, LOCAL.size)
    signature, needs, flags, method, _, _, crc, packed, size, name_length, extra_length = LOCAL.unpack(header)
    if signature != b"PK\3\4":
        raise UnsoundArchive(f"The zip is damaged: {entry.name[:SHOWN]!a} is not where the central directory says.")
    raw_name, extra = file.read(name_length), file.read(extra_length)
    size, packed = full_values(entry.name, extra, entry.raw_name, size, packed)
    check_readable(entry.name, needs, flags, method)
    described = bool(flags & DESCRIPTOR)
    same = described or (crc, packed, size) == (entry.crc, entry.packed, entry.size)
    if raw_name != entry.raw_name or method != entry.method or not same:
        raise UnsoundArchive(f"The zip says two different things of {entry.name[:SHOWN]!a}.")
    return entry.offset + LOCAL.size + name_length + extra_length, described


def check_room(entry: Entry, *, stop: int) -> None:
    """Return if a member whose local header is not read fits before what comes next, and fills the room there.

    Raises:
        UnsoundArchive: members overlap, or there are more bytes than an extra field and a descriptor can have.
    """
    spare = stop - (entry.offset + LOCAL.size + len(entry.raw_name) + entry.packed)
    if not 0 <= spare <= LONGEST_EXTRA + LONGEST_DESCRIPTOR:
        raise UnsoundArchive(
            f"The zip has bytes after {entry.name[:SHOWN]!a} that belong to no member, or members overlap."
        )


def check_gap(file: BinaryIO, entry: Entry, *, start: int, stop: int, described: bool) -> None:
    """Return if nothing but the member's own descriptor lies between its data and what comes next.

    Raises:
        UnsoundArchive: members overlap, or there are bytes that the directory does not speak of.
    """
    short = struct.pack("<3L", entry.crc, entry.packed & FULL32, entry.size & FULL32)
    long = struct.pack("<L2Q", entry.crc, entry.packed, entry.size)
    known = {short, long, b"PK\7\x08" + short, b"PK\7\x08" + long} if described else {b""}
    gap = stop - start
    if gap < 0 or gap > max(map(len, known)) or read_at(file, start, gap) not in known:
        raise UnsoundArchive(
            f"The zip has bytes after {entry.name[:SHOWN]!a} that belong to no member, or members overlap."
        )
