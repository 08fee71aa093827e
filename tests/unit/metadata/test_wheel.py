"""Wheels: what every one must have, and what must not be in one."""

import io
import struct
import zipfile
from itertools import pairwise

import pytest

from packages_app import names
from packages_app.metadata.archive import read_document
from packages_app.metadata.errors import UnsoundArchive
from tests.factories import make_wheel, metadata, wheel_members, zipped

FILENAME = "demo-1.0-py3-none-any.whl"
INFO = "demo-1.0.dist-info"
MEMBERS = wheel_members("demo", "1.0", tag="py3-none-any", core=metadata(), content=b"")


def read(data, filename=FILENAME):
    return read_document(io.BytesIO(data), names.parse(filename))


def renamed(old, new):
    return {path.replace(old, new): data for path, data in MEMBERS.items()}


def without(name):
    return {path: data for path, data in MEMBERS.items() if path != f"{INFO}/{name}"}


def written(**options):
    """Return a wheel that ``zipfile`` wrote with these options."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for path, data in MEMBERS.items():
            archive.writestr(path, data)
    return buffer.getvalue()


class Unseekable(io.RawIOBase):
    """A pipe: zips written to one describe each member after its data."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += data
        return len(data)


def piped(compression):
    pipe = Unseekable()
    with zipfile.ZipFile(pipe, "w", compression) as archive:
        for path, data in MEMBERS.items():
            archive.writestr(path, data)
    return bytes(pipe.data)


def with_folders():
    return zipped({"demo/": b"", f"{INFO}/": b"", **MEMBERS})


def forced_to_64_bit():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in MEMBERS.items():
            with archive.open(path, "w", force_zip64=True) as member:
                member.write(data)
    return buffer.getvalue()


def with_64_bit_end():
    data = zipped(MEMBERS)
    end = data[-22:]
    entries, size, offset = struct.unpack("<8xHHLL", end[:20])[1:]
    at = len(data) - 22
    record = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, entries, entries, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    full = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:at] + record + locator + full


def contradicting_64_bit_end():
    data = bytearray(with_64_bit_end())
    struct.pack_into("<H", data, len(data) - 22 + 10, 1)
    return bytes(data)


def commented():
    buffer = io.BytesIO(zipped(MEMBERS))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"made for a test"
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(zipped(MEMBERS), id="deflated"),
        pytest.param(written(), id="stored"),
        pytest.param(piped(zipfile.ZIP_DEFLATED), id="deflated, written to a pipe"),
        pytest.param(piped(zipfile.ZIP_STORED), id="stored, written to a pipe"),
        pytest.param(with_folders(), id="with entries for folders"),
        pytest.param(forced_to_64_bit(), id="with 64-bit sizes"),
        pytest.param(with_64_bit_end(), id="with a 64-bit end record"),
        pytest.param(commented(), id="with a comment"),
        pytest.param(zipped({**MEMBERS, "demo/ünï.txt": b"x"}), id="with a name beyond ASCII"),
        pytest.param(zipped({**MEMBERS, "vendored/inner.zip": zipped({"a": b"b"})}), id="with a zip inside"),
        pytest.param(zipped(renamed("demo-1.0.dist", "Demo-1.0.0.dist")), id="with a .dist-info of an old spelling"),
    ],
)
def test_wheels_as_tools_write_them_are_read(data):
    assert read(data) == metadata()


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        pytest.param(without("METADATA"), "has no METADATA", id="no METADATA"),
        pytest.param(without("WHEEL"), "has no WHEEL", id="no WHEEL"),
        pytest.param(without("RECORD"), "has no RECORD", id="no RECORD"),
        pytest.param({"demo.py": b""}, "has 0 .dist-info folders", id="no .dist-info"),
        pytest.param(renamed(INFO, f"inner/{INFO}"), "has 0 .dist-info folders", id=".dist-info in a folder"),
        pytest.param({**MEMBERS, "other-1.0.dist-info/METADATA": b""}, "has 2 .dist-info folders", id="two .dist-info"),
        pytest.param(
            renamed("demo-1.0.dist", "other-1.0.dist"), "does not belong to demo 1.0", id="another's .dist-info"
        ),
        pytest.param(renamed("demo-1.0.dist", "demo-1.1.dist"), "does not belong to demo 1.0", id="another version's"),
        pytest.param(renamed("demo-1.0.dist", "demo.dist"), "does not belong to demo 1.0", id="no version"),
        pytest.param({**MEMBERS, "/etc/passwd": b""}, "absolute path", id="an absolute path"),
        pytest.param({**MEMBERS, "C:/boot.ini": b""}, "absolute path", id="a drive letter"),
        pytest.param({**MEMBERS, "../evil.py": b""}, "climbs out", id="a path out of the folder"),
        pytest.param({**MEMBERS, "demo/../../evil.py": b""}, "climbs out", id="a path out of the folder, later"),
        pytest.param({**MEMBERS, "demo\\evil.py": b""}, "backslash", id="a backslash"),
        pytest.param({**MEMBERS, "./demo/x.py": b""}, "must be named 'demo/x.py'", id="a path with a dot"),
        pytest.param({**MEMBERS, "demo//x.py": b""}, "must be named 'demo/x.py'", id="a path with an empty part"),
        pytest.param({**MEMBERS, "demo/__init__.py/": b""}, None, id="a folder named as a file"),
        pytest.param({**MEMBERS, "zeros": b"\0" * 70_000_000}, "zip bomb", id="a bomb"),
        pytest.param(
            {**MEMBERS, f"{INFO}/METADATA": metadata(body="x" * 10_485_760)},
            "METADATA is larger than 10 MB",
            id="METADATA over 10 MB",
        ),
    ],
)
def test_bad_wheels_are_refused_saying_which_check_failed(members, sentence):
    with pytest.raises(UnsoundArchive, match=sentence):
        read(zipped(members))


def test_a_repetitive_wheel_within_64_mb_is_no_bomb():
    assert read(zipped({**MEMBERS, "zeros": b"\0" * 60_000_000})) == metadata()


def patched(data, *changes):
    """Return the zip with values packed in at places, each given as (offset, format, value)."""
    data = bytearray(data)
    for at, form, value in changes:
        struct.pack_into(form, data, at, value)
    return bytes(data)


ZIP = zipped(MEMBERS)
DIRECTORY = struct.unpack_from("<L", ZIP, len(ZIP) - 6)[0]
LYING = ZIP.rindex(b"PK\1\2")


def twice():
    buffer = io.BytesIO(ZIP)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(f"{INFO}/METADATA", metadata("evil"))
    return buffer.getvalue()


def nul_name():
    return ZIP.replace(b"demo/data.bin", b"demo/dat\0.bin")


def other_local_name():
    return ZIP.replace(b"demo/data.bin", b"demo/evil.bin", 1)


def other_name_in_extra():
    name = b"demo/data.bin"
    extra = struct.pack("<HHBL", 0x7075, 5 + 8, 1, 0) + b"../../ab"
    at = ZIP.index(name, DIRECTORY)
    grown = patched(ZIP, (at - 16, "<H", len(extra)), (len(ZIP) - 10, "<L", len(ZIP) - 22 - DIRECTORY + len(extra)))
    return grown[: at + len(name)] + extra + grown[at + len(name) :]


def hidden_before(member):
    """Return the zip with bytes before a member, counted from 0, and every offset right."""
    starts = [place for place in range(DIRECTORY) if ZIP.startswith(b"PK\3\4", place)]
    place_of, hidden = starts[member], b"hidden bytes"
    data = patched(ZIP, (len(ZIP) - 6, "<L", DIRECTORY + len(hidden)))
    at = DIRECTORY
    while data.startswith(b"PK\1\2", at):
        lengths, offset = struct.unpack_from("<3H", data, at + 28), struct.unpack_from("<L", data, at + 42)[0]
        data = patched(data, (at + 42, "<L", offset + len(hidden) * (offset >= place_of)))
        at += 46 + sum(lengths)
    return data[:place_of] + hidden + data[place_of:]


def overlapping():
    """Return the zip with all its members claiming the bytes of the first."""
    places = [place for place in range(DIRECTORY, len(ZIP)) if ZIP.startswith(b"PK\1\2", place)]
    return patched(ZIP, *((place + 42, "<L", 0) for place in places))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"#!/bin/sh\n" + ZIP, "not where its end record says", id="bytes in front"),
        pytest.param(ZIP + b"more", "does not end where", id="bytes behind"),
        pytest.param(ZIP + ZIP, "not where its end record says", id="two zips in one file"),
        pytest.param(ZIP + b"\0" * 70_000, "end record is missing", id="many bytes behind"),
        pytest.param(ZIP[:DIRECTORY], "end record is missing", id="cut off before the directory"),
        pytest.param(hidden_before(1), "belong to no member", id="bytes between members"),
        pytest.param(hidden_before(0), "before its first member", id="bytes in front, and offsets that know it"),
        pytest.param(overlapping(), "members overlap|two different things", id="members over each other"),
        pytest.param(twice(), "METADATA' twice", id="METADATA twice"),
        pytest.param(nul_name(), "NUL in its name", id="a NUL in a name"),
        pytest.param(other_local_name(), "two different things", id="two names of one member"),
        pytest.param(other_name_in_extra(), "two different names", id="another name in an extra field"),
        pytest.param(contradicting_64_bit_end(), "contradict each other", id="two end records that disagree"),
        pytest.param(
            patched(ZIP, (len(ZIP) - 14, "<H", 4), (len(ZIP) - 12, "<H", 4)),
            "another number of members",
            id="a wrong count",
        ),
        pytest.param(patched(ZIP, (len(ZIP) - 18, "<H", 1)), "several pieces", id="a piece of a zip"),
        pytest.param(patched(ZIP, (LYING + 8, "<H", 1)), "encrypted", id="an encrypted member"),
        pytest.param(patched(ZIP, (6, "<H", 1)), "encrypted", id="an encrypted member, says its own header"),
        pytest.param(patched(ZIP, (LYING + 6, "<H", 84)), "newer kind of zip", id="a version few installers know"),
        pytest.param(patched(ZIP, (LYING + 10, "<H", 14)), "packed with method 14", id="a method few installers know"),
        pytest.param(patched(ZIP, (LYING + 16, "<L", 1)), "two different things", id="two checksums of one member"),
        pytest.param(patched(ZIP, (LYING + 24, "<L", 1)), "two different things", id="two sizes of one member"),
        pytest.param(
            patched(ZIP, (LYING + 42, "<L", 0x7FFFFFFF)), "bytes after|not where", id="a member beyond the end"
        ),
        pytest.param(ZIP.replace(b"PK\1\2", b"PK\1\3", 1), "central directory is damaged", id="a broken directory"),
    ],
)
def test_zips_that_readers_could_disagree_on_are_refused(data, sentence):
    with pytest.raises(UnsoundArchive, match=sentence):
        read(data)


def test_a_member_that_unpacks_to_more_than_it_says_is_stopped():
    data = zipped({**MEMBERS, "zeros": b"\0" * 5_000_000})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        offset = archive.getinfo("zeros").header_offset
    central = data.rindex(b"zeros") - 46

    with pytest.raises(UnsoundArchive, match="does not match its size"):
        read(patched(data, (offset + 22, "<L", 10), (central + 24, "<L", 10)))


def test_too_many_members_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr("packages_app.metadata.zip_directory.MOST_MEMBERS", 5)
    with pytest.raises(UnsoundArchive, match="more than 5 members"):
        read(zipped({**MEMBERS, "one.py": b""}))


def test_members_of_a_made_wheel_lie_one_after_the_other():
    starts = [place for place in range(DIRECTORY) if ZIP.startswith(b"PK\3\4", place)]

    assert starts[0] == 0
    assert all(one < other for one, other in pairwise(starts))
    assert len(starts) == len(MEMBERS)
    assert make_wheel()[0] == FILENAME


# --- Wheels of which not every member is read ---


def light(data):
    return read_document(io.BytesIO(data), names.parse(FILENAME), whole=False)


def damaged(data, name):
    """Return a wheel in which one byte of a member's data is another one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo(name).header_offset + 30 + len(name)
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


@pytest.mark.parametrize(
    "data", [zipped(MEMBERS), written(), piped(zipfile.ZIP_DEFLATED)], ids=["made", "plain", "piped"]
)
def test_a_wheel_s_metadata_is_the_same_when_only_that_is_read(data):
    assert light(data) == read(data) == metadata()


def test_only_the_metadata_is_held_to_its_checksum_then():
    data = written()
    assert light(damaged(data, "demo/__init__.py")) == metadata()
    with pytest.raises(UnsoundArchive):
        read(damaged(data, "demo/__init__.py"))
    with pytest.raises(UnsoundArchive, match="checksum"):
        light(damaged(data, f"{INFO}/METADATA"))


def test_more_room_than_a_member_can_need_is_refused_without_reading_it():
    """Between two members: their places are moved in the directory, as who hides something there would."""
    hidden = b"\0" * 70_000
    data = written()
    first = data.index(b"PK\3\4", 4)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        directory_at = archive.start_dir
        offsets = [member.header_offset for member in archive.infolist()]
    moved = bytearray(data[:first] + hidden + data[first:])
    at = directory_at + len(hidden)
    for offset in offsets:
        struct.pack_into("<L", moved, at + 42, offset + (len(hidden) if offset else 0))
        at += 46 + sum(struct.unpack_from("<3H", moved, at + 28))
    struct.pack_into("<L", moved, at + 16, directory_at + len(hidden))
    with pytest.raises(UnsoundArchive, match="belong to no member"):
        light(bytes(moved))
    struct.pack_into("<L", moved, directory_at + len(hidden) + 20, len(data))
    with pytest.raises(UnsoundArchive, match="members overlap"):
        light(bytes(moved))
