"""Reads a source distribution's PKG-INFO from a gzipped tar, in one pass over every member."""

import itertools
import posixpath
import tarfile
import zipfile
from typing import BinaryIO, Self

from packages_app.metadata.errors import UnsoundArchive
from packages_app.metadata.gzip_stream import Inflated
from packages_app.metadata.limits import LONGEST_METADATA, MIB
from packages_app.metadata.members import SHOWN, Members, safe_path

LONGEST_EXTENSION = MIB
EXTENSIONS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)


class Header(tarfile.TarInfo):
    """A tar header, strict where the standard library ends the archive silently or reads without measure."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Return the header in one block.

        Raises:
            UnsoundArchive: the block is damaged, or announces an extension that no name needs.
        """
        try:
            header = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if bytes(buf).strip(b"\0"):  # else the archive's end, which is a block of zeros or nothing
                raise UnsoundArchive("The tar archive is damaged: a member's header is broken.") from error
            raise
        if header.type in EXTENSIONS and not 0 <= header.size <= LONGEST_EXTENSION:
            raise UnsoundArchive("The tar archive has a header extension of more than 1 MB.")
        return header


def read_document(file: BinaryIO, length: int) -> bytes:
    """Return PKG-INFO byte for byte, after the whole archive was read.

    Raises:
        UnsoundArchive: the archive is damaged or dangerous, or is no source distribution.
    """
    # An installer that looks for a zip first would unpack something else than this tar.
    if zipfile.is_zipfile(file):
        raise UnsoundArchive("The sdist can be read as a zip archive too; installers would disagree on what is in it.")
    file.seek(0)
    stream = Inflated(file, length)
    members, links, document = Members(), set[str](), None
    with tarfile.open(fileobj=stream, mode="r:", tarinfo=Header) as archive:
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined] # untyped; it would keep every member
            path = take(members, member)
            if member.issym():
                links.add(path)
            if path.count("/") == 1 and path.endswith("/PKG-INFO"):
                document = pkg_info(stream, member)
    stream.finish()
    check_parents(members, links)
    tops = {path.partition("/")[0] for path in members.files | members.folders} - {""}
    if len(tops) != 1:
        raise UnsoundArchive(f"The sdist has {len(tops)} folders at its top where it must have one, name-version.")
    if document is None:
        raise UnsoundArchive("The sdist has no PKG-INFO in its top folder.")
    return document


def take(members: Members, member: tarfile.TarInfo) -> str:
    """Take in a member of a kind that a source distribution may have (PEP 721), and return its path.

    Raises:
        UnsoundArchive: it is a device, a named pipe, a link out of the folder, or has an unsafe path.
    """
    path = members.add(member.name, folder=member.isdir())
    if member.issym() or member.islnk():
        check_link(path, member)
    elif member.issparse() or member.type not in (*FILES, tarfile.DIRTYPE):
        raise UnsoundArchive(
            f"The sdist's member {member.name[:SHOWN]!a} is neither file, folder nor link; an sdist has no others."
        )
    return path


def check_link(path: str, member: tarfile.TarInfo) -> None:
    """Return if a link stays in the top folder, whatever order members are unpacked in.

    Raises:
        UnsoundArchive: it leaves the folder, or goes up after it went down, through what may be another link.
    """
    target = member.linkname
    if member.issym():
        parts = [part for part in target.split("/") if part not in {"", "."}]
        below = list(itertools.dropwhile(lambda part: part == "..", parts))
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(path), *parts))
        sound = ".." not in below and not target.startswith("/") and "\\" not in target and "\0" not in target
    else:
        inside, sound = safe_path(target), True
    if not sound or inside.partition("/")[0] != path.partition("/")[0]:
        raise UnsoundArchive(
            f"The sdist's link {member.name[:SHOWN]!a} leads out of its folder, to {target[:SHOWN]!a}."
        )


def check_parents(members: Members, links: set[str]) -> None:
    """Return if no member would be written through a link.

    Raises:
        UnsoundArchive: one would.
    """
    for path in (members.files | members.folders) if links else ():
        parent = path
        while parent := posixpath.dirname(parent):
            if parent in links:
                raise UnsoundArchive(f"The sdist's member {path[:SHOWN]!a} lies behind the link {parent[:SHOWN]!a}.")


def pkg_info(stream: Inflated, member: tarfile.TarInfo) -> bytes:
    """Return the bytes of PKG-INFO; the stream stands at its data.

    Raises:
        UnsoundArchive: it is no file, or too large.
    """
    if member.type not in FILES:
        raise UnsoundArchive("The sdist's PKG-INFO is not a file.")
    if member.size > LONGEST_METADATA:
        raise UnsoundArchive(f"The sdist's PKG-INFO is larger than {LONGEST_METADATA // MIB} MB.")
    stream.seek(member.offset_data)
    return stream.read(member.size)
