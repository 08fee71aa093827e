"""Source distributions: one folder with PKG-INFO, and nothing that unpacks elsewhere."""

import gzip
import io
import tarfile

import pytest

from packages_app import names
from packages_app.metadata.archive import read_document
from packages_app.metadata.errors import UnsoundArchive
from tests.factories import make_sdist, metadata, tarred, zipped

PKG_INFO = {"demo-1.0/PKG-INFO": metadata()}


def read(data):
    return read_document(io.BytesIO(data), names.parse("demo-1.0.tar.gz"))


def packed(*members, form=tarfile.PAX_FORMAT, top="demo-1.0"):
    """Return an sdist with further members, each a name or a tuple of name, type and link target."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=form) as archive:
        entry = tarfile.TarInfo(f"{top}/PKG-INFO")
        entry.size = len(metadata())
        archive.addfile(entry, io.BytesIO(metadata()))
        for member in members:
            name, kind, target = (member, tarfile.REGTYPE, "") if isinstance(member, str) else member
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, target
            archive.addfile(entry)
    return buffer.getvalue()


def symlink(name, target):
    return (name, tarfile.SYMTYPE, target)


def hardlink(name, target):
    return (name, tarfile.LNKTYPE, target)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(packed(), id="only PKG-INFO"),
        pytest.param(packed(("demo-1.0", tarfile.DIRTYPE, ""), "demo-1.0/a/b.py"), id="with folders"),
        pytest.param(
            packed(("demo-1.0/a", tarfile.DIRTYPE, ""), ("demo-1.0/a", tarfile.DIRTYPE, "")), id="a folder twice"
        ),
        pytest.param(packed("demo-1.0/" + "n" * 300, form=tarfile.GNU_FORMAT), id="a long name, as GNU tar writes it"),
        pytest.param(packed("demo-1.0/" + "n" * 300), id="a long name, as POSIX says"),
        pytest.param(packed("demo-1.0/ünï"), id="a name beyond ASCII"),
        pytest.param(packed(("demo-1.0/a", tarfile.AREGTYPE, "")), id="a file of the oldest kind"),
        pytest.param(packed("demo-1.0/demo.egg-info/PKG-INFO"), id="another PKG-INFO further in"),
        pytest.param(packed(top="./demo-1.0"), id="a path with a dot in front"),
        pytest.param(packed(("./", tarfile.DIRTYPE, ""), top="./demo-1.0"), id="an entry for the folder of all"),
        pytest.param(packed(top="Demo-1.0.0"), id="a folder of an old spelling"),
        pytest.param(packed(symlink("demo-1.0/docs/README", "../README")), id="a link up, within the folder"),
        pytest.param(packed(symlink("demo-1.0/a", "b/./c")), id="a link down"),
        pytest.param(packed(hardlink("demo-1.0/a", "demo-1.0/PKG-INFO")), id="a hard link"),
        pytest.param(gzip.compress(gzip.decompress(packed()) + b"\0" * 100_000), id="much padding"),
    ],
)
def test_sdists_as_tools_write_them_are_read(data):
    assert read(data) == metadata()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(tarred({"demo-1.0/setup.py": b""}), "no PKG-INFO in its top folder", id="no PKG-INFO"),
        pytest.param(tarred({"PKG-INFO": metadata()}), "no PKG-INFO in its top folder", id="no top folder"),
        pytest.param(tarred({"demo-1.0/x/PKG-INFO": b""}), "no PKG-INFO in its top folder", id="PKG-INFO too deep"),
        pytest.param(
            tarred({"demo-1.0/pkg-info": b""}), "no PKG-INFO in its top folder", id="PKG-INFO in small letters"
        ),
        pytest.param(
            tarred({**PKG_INFO, "other/PKG-INFO": metadata()}), "has 2 folders at its top", id="two top folders"
        ),
        pytest.param(tarred({**PKG_INFO, "loose": b""}), "has 2 folders at its top", id="a file beside the folder"),
        pytest.param(packed("demo-1.0/PKG-INFO"), "PKG-INFO' twice", id="PKG-INFO twice"),
        pytest.param(packed("demo-1.0/./PKG-INFO"), "PKG-INFO' twice", id="PKG-INFO twice, spelled differently"),
        pytest.param(packed("/demo-1.0/a"), "absolute path", id="an absolute path"),
        pytest.param(packed("C:/a"), "absolute path", id="a drive letter"),
        pytest.param(packed("demo-1.0/../../a"), "climbs out", id="a path out of the folder"),
        pytest.param(packed("demo-1.0\\..\\a"), "backslash", id="a backslash"),
        pytest.param(packed(("demo-1.0/null", tarfile.CHRTYPE, "")), "neither file, folder nor link", id="a device"),
        pytest.param(packed(("demo-1.0/disk", tarfile.BLKTYPE, "")), "neither file, folder nor link", id="a disk"),
        pytest.param(packed(("demo-1.0/pipe", tarfile.FIFOTYPE, "")), "neither file, folder nor link", id="a pipe"),
        pytest.param(packed(("demo-1.0/odd", b"Z", "")), "neither file, folder nor link", id="an unknown kind"),
        pytest.param(packed(symlink("demo-1.0/a", "/etc/passwd")), "leads out of its folder", id="a link to a root"),
        pytest.param(packed(symlink("demo-1.0/a", "../../b")), "leads out of its folder", id="a link up and out"),
        pytest.param(packed(symlink("demo-1.0/a", "..")), "leads out of its folder", id="a link to the folder above"),
        pytest.param(packed(symlink("demo-1.0/a", "../demo-1.0x/b")), "leads out", id="a link to a folder beside"),
        pytest.param(packed(symlink("demo-1.0/a", "b/../../..")), "leads out", id="a link down and then out"),
        pytest.param(packed(symlink("demo-1.0/a", "b/c/..")), "leads out", id="a link up through what may be a link"),
        pytest.param(packed(symlink("demo-1.0/a", "..\\b")), "leads out", id="a link with a backslash"),
        pytest.param(packed(symlink("demo-1.0", "/tmp")), "twice|leads out", id="the top folder as a link"),
        pytest.param(packed(hardlink("demo-1.0/a", "/etc/passwd")), "absolute path", id="a hard link to a root"),
        pytest.param(packed(hardlink("demo-1.0/a", "../b")), "climbs out", id="a hard link up"),
        pytest.param(packed(hardlink("demo-1.0/a", "other/b")), "leads out", id="a hard link to another folder"),
        pytest.param(
            packed(symlink("demo-1.0/a", "b"), "demo-1.0/a/c"), "lies behind the link", id="a file behind a link"
        ),
        pytest.param(
            packed("demo-1.0/a/c", symlink("demo-1.0/a", "b")), "lies behind the link", id="a link put before a file"
        ),
        pytest.param(tarred({**PKG_INFO, "demo-1.0/zeros": b"\0" * 70_000_000}), "is a bomb", id="a bomb"),
        pytest.param(
            tarred({"demo-1.0/PKG-INFO": metadata(body="x" * 10_485_760)}),
            "PKG-INFO is larger than 10 MB",
            id="PKG-INFO over 10 MB",
        ),
        pytest.param(packed() + b"more", "after the end of its gzip stream", id="bytes behind"),
        pytest.param(packed() + packed(), "after the end of its gzip stream", id="two streams in one file"),
        pytest.param(
            gzip.compress(gzip.decompress(packed()) + gzip.decompress(packed("demo-1.0/evil"))),
            "after the end of its tar archive",
            id="two tars in one stream",
        ),
        pytest.param(
            gzip.compress(gzip.decompress(make_sdist()[1]), compresslevel=0)[:-8] + zipped({"a": b"b"}),
            "read as a zip archive too|cut off|damaged",
            id="a zip behind",
        ),
        pytest.param(
            gzip.compress(
                gzip.decompress(tarred({**PKG_INFO, "demo-1.0/a.zip": zipped({"a": b"b"})})), compresslevel=0
            ),
            "read as a zip archive too",
            id="a zip that shows through",
        ),
        pytest.param(packed()[:-1], "cut off", id="a gzip stream without its last byte"),
        pytest.param(packed()[:-8] + b"\0" * 8, "cannot be read as a gzipped tar", id="a wrong checksum"),
    ],
)
def test_bad_sdists_are_refused_saying_which_check_failed(data, sentence):
    with pytest.raises(UnsoundArchive, match=sentence):
        read(data)


def test_a_link_for_pkg_info_is_refused():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("demo-1.0/PKG-INFO")
        entry.type, entry.linkname = tarfile.SYMTYPE, "README"
        archive.addfile(entry)

    with pytest.raises(UnsoundArchive, match="PKG-INFO is not a file"):
        read(buffer.getvalue())


def test_a_header_broken_in_the_middle_does_not_end_the_archive_silently():
    plain = bytearray(gzip.decompress(tarred({**PKG_INFO, "demo-1.0/a": b"", "demo-1.0/b": b""})))
    plain[plain.index(b"demo-1.0/a")] ^= 1

    with pytest.raises(UnsoundArchive, match="header is broken"):
        read(gzip.compress(plain))


@pytest.mark.parametrize("kind", [b"L", b"K", b"x", b"g", b"X"])
def test_header_extensions_are_bounded(kind):
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = kind, 2_000_000
    plain = header.tobuf(tarfile.USTAR_FORMAT) + b"n" * 2_000_000 + gzip.decompress(packed())

    with pytest.raises(UnsoundArchive, match="extension of more than 1 MB"):
        read(gzip.compress(plain))


def test_header_extensions_without_end_are_refused():
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = b"L", 1
    plain = (header.tobuf(tarfile.GNU_FORMAT) + b"n" * 512) * 2000 + gzip.decompress(packed())

    with pytest.raises(UnsoundArchive):
        read(gzip.compress(plain))


def test_a_sparse_member_is_refused():
    header = tarfile.TarInfo("demo-1.0/hole")
    header.type = tarfile.GNUTYPE_SPARSE
    plain = gzip.decompress(packed())
    ends = 512 + (len(metadata()) + 511) // 512 * 512

    with pytest.raises(UnsoundArchive, match="neither file, folder nor link"):
        read(gzip.compress(plain[:ends] + header.tobuf(tarfile.GNU_FORMAT) + plain[ends:]))


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr("packages_app.metadata.members.MOST_MEMBERS", 3)

    with pytest.raises(UnsoundArchive, match="more than 3 members"):
        read(packed("demo-1.0/a", "demo-1.0/b", "demo-1.0/c"))
