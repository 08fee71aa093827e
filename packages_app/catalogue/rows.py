"""Makes the items of files from their entries."""

import time

from packages_app.catalogue.entries import File
from packages_app.catalogue.models import FileRow, RetiredRow, file_key, partition, retired_key
from packages_app.catalogue.read import microseconds
from packages_app.conf import options


def file_row(file: File) -> FileRow:
    """Return the file as its item; empty texts are left out of the item."""
    return FileRow(
        partition(options().index, file.project),
        file_key(file.filename),
        lookup_pk=f"B#{file.sha256}",
        lookup_sk=f"{options().index}#{file.project}#{file.filename}",
        version=file.version,
        filetype=file.filetype,
        size=file.size,
        sha256=file.sha256,
        blake2_256=file.blake2_256 or None,
        uploaded_at=microseconds(file.upload_time),
        uploader=file.uploader or None,
        requires_python=file.requires_python or None,
        metadata_sha256=file.metadata_sha256 or None,
        metadata_size=file.metadata_size or None,
        pkg_info_sha256=file.pkg_info_sha256 or None,
        attestations_sha256=file.attestations_sha256 or None,
        yanked=file.yanked or None,
        yanked_reason=file.yanked_reason or None,
    )


def retired_row(file: File) -> RetiredRow:
    """Return the item that keeps a file's bytes readable after it left the list."""
    return RetiredRow(
        partition(options().index, file.project),
        retired_key(file.sha256, file.filename),
        size=file.size,
        sha256=file.sha256,
        metadata_sha256=file.metadata_sha256 or None,
        metadata_size=file.metadata_size or None,
        retired_at=time.time_ns() // 1000,
    )
