"""Distributions made for tests: real archives, small, and different wherever a test says so."""

import base64
import gzip
import hashlib
import io
import random
import tarfile
import zipfile
from datetime import UTC, datetime

from packages_app.catalogue.entries import File


def metadata(
    name: str = "demo",
    version: str = "1.0",
    *,
    metadata_version: str = "2.1",
    requires_python: str = ">=3.8",
    extra: str = "",
    body: str = "",
) -> bytes:
    """Return core metadata; ``extra`` is further header lines, ``body`` the description."""
    lines = [f"Metadata-Version: {metadata_version}", f"Name: {name}", f"Version: {version}", "Summary: A demo."]
    if requires_python:
        lines.append(f"Requires-Python: {requires_python}")
    if extra:
        lines.append(extra.strip("\n"))
    return ("\n".join(lines) + "\n\n" + body).encode()


def wheel_members(name: str, version: str, *, tag: str, core: bytes, content: bytes) -> dict[str, bytes]:
    """Return an installable wheel's members in their order."""
    module = name.lower().replace("-", "_").replace(".", "_")
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    members = {
        f"{module}/__init__.py": b"VERSION = " + repr(version).encode() + b"\n",
        f"{module}/data.bin": content,
        f"{info}/METADATA": core,
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: factory\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for path, data in members.items()
    )
    members[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    return members


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip of ``members``, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            entry = zipfile.ZipInfo(path, date_time=(2020, 2, 2, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    """Return a gzipped tar of ``members``, the same bytes every time."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for path, data in members.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def make_wheel(
    name: str = "demo",
    version: str = "1.0",
    *,
    tag: str = "py3-none-any",
    build: str = "",
    content: bytes = b"",
    core: bytes | None = None,
    **fields: str,
) -> tuple[str, bytes]:
    """Return a wheel's file name and bytes; ``content`` makes bytes differ, ``fields`` go to ``metadata``."""
    core = metadata(name, version, **fields) if core is None else core
    filename = "-".join(part for part in (name.replace("-", "_"), version, build, tag) if part) + ".whl"
    return filename, zipped(wheel_members(name, version, tag=tag, core=core, content=content))


def make_sdist(
    name: str = "demo", version: str = "1.0", *, stem: str = "", content: bytes = b"", core: bytes | None = None
) -> tuple[str, bytes]:
    """Return an installable sdist's file name and bytes; ``stem`` replaces the standard ``name-version``."""
    core = metadata(name, version) if core is None else core
    stem = stem or f"{name.lower().replace('-', '_').replace('.', '_')}-{version}"
    module = name.lower().replace("-", "_").replace(".", "_")
    members = {
        f"{stem}/PKG-INFO": core,
        f"{stem}/pyproject.toml": f'[project]\nname = "{name}"\nversion = "{version}"\n'.encode(),
        f"{stem}/{module}/__init__.py": b"",
        f"{stem}/{module}/data.bin": content,
    }
    return f"{stem}.tar.gz", tarred(members)


def sha256(data: bytes) -> str:
    """Return the digest in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def damaged(data: bytes, seed: int) -> bytes:
    """Return ``data`` with a few bytes changed, cut out, doubled or put in, always the same for the same seed."""
    dice = random.Random(seed)
    broken = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(broken)) if broken else 0
        kind = dice.randrange(6)
        if kind == 0 and broken:
            broken[at] ^= 1 << dice.randrange(8)
        elif kind == 1 and broken:
            broken[at : at + dice.randint(1, 8)] = dice.choice([b"\xff" * 8, b"\0" * 8, b"\x7f\xff\xff\xff"])
        elif kind == 2:
            broken[at:at] = dice.randbytes(dice.randint(1, 40))
        elif kind == 3:
            del broken[at : at + dice.randint(1, 200)]
        elif kind == 4:
            del broken[at:]
        else:
            broken[at:at] = broken[dice.randrange(len(broken) + 1) :][: dice.randint(1, 200)]
    return bytes(broken)


def listed_file(**changes) -> File:
    """Return a file as the catalogue lists it: the wheel of demo 1.0, but for what is changed."""
    wheel = {
        "project": "demo",
        "filename": "demo-1.0-py3-none-any.whl",
        "version": "1.0",
        "filetype": "bdist_wheel",
        "size": 7,
        "sha256": "a" * 64,
        "blake2_256": "b" * 64,
        "upload_time": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "uploader": "ana",
        "metadata_sha256": "c" * 64,
    }
    return File(**{**wheel, **changes})


def multipart(fields: dict[str, str], files: list[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """Return a form's body and content type; nothing in it is corrected on the way."""
    boundary = "a-boundary-of-the-tests"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, filename, data in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
