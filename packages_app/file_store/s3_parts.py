"""Has S3 take the parts of large blobs, by links that are signed beforehand, and join them (a multipart upload)."""

import base64
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from packages_app.file_store.answers import NO_SUCH_UPLOAD, code_of
from packages_app.file_store.entries import Part, Unfinished, UploadLink

if TYPE_CHECKING:
    from packages_app.file_store.s3 import PackagesS3Storage


class S3Parts:
    """Multipart uploads of a bucket."""

    def __init__(self, storage: "PackagesS3Storage") -> None:
        self.storage = storage

    def begin(self, key: str) -> str:
        """Begin a multipart upload whose parts S3 compares with their sha256."""
        storage = self.storage
        parameters = storage.get_object_parameters(key)
        answer = storage.client.create_multipart_upload(**storage.where(key), ChecksumAlgorithm="SHA256", **parameters)
        return str(answer["UploadId"])

    def is_begun(self, key: str, upload: str) -> bool:
        """Ask S3 for one of its parts."""
        try:
            self.storage.client.list_parts(**self.storage.where(key), UploadId=upload, MaxParts=1)
        except ClientError as error:
            if code_of(error) == NO_SUCH_UPLOAD:
                return False
            raise
        return True

    def link(self, key: str, upload: str, part: Part, sha256: str, expires: int) -> UploadLink | None:
        """Return a presigned link for PUT; S3 itself refuses bytes of another length or digest."""
        headers = {
            "Content-Length": str(part.size),
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(sha256)).decode(),
        }
        named = {**self.storage.where(key), "UploadId": upload, "PartNumber": part.number}
        return self.storage.put_link("upload_part", named, headers, expires)

    def put(self, key: str, number: int, source: Path) -> None:
        """Refuse: parts go to S3 by links."""
        raise NotImplementedError(f"Part {number} of {key} goes to S3 by a link, not {source} from here.")

    def received(self, key: str, upload: str) -> list[Part]:
        """Return the parts that S3 has, a page of its listing at a time."""
        found: list[Part] = []
        pages = self.storage.client.get_paginator("list_parts").paginate(**self.storage.where(key), UploadId=upload)
        try:
            for page in pages:
                found.extend(
                    Part(
                        number=part["PartNumber"],
                        size=part["Size"],
                        tag=part["ETag"],
                        checksum=part.get("ChecksumSHA256", ""),
                    )
                    for part in page.get("Parts", ())
                )
        except ClientError as error:
            if code_of(error) != NO_SUCH_UPLOAD:
                raise
            return []
        return found

    def join(self, key: str, upload: str, parts: Sequence[Part]) -> None:
        """Complete the multipart upload."""
        told = [
            {
                "PartNumber": part.number,
                "ETag": part.tag,
                # S3 wants them where the upload has an algorithm; a store that keeps none must not be asked.
                **({"ChecksumSHA256": part.checksum} if part.checksum else {}),
            }
            for part in parts
        ]
        self.storage.client.complete_multipart_upload(
            **self.storage.where(key), UploadId=upload, MultipartUpload={"Parts": told}
        )

    def drop(self, key: str, upload: str) -> None:
        """Abort the multipart upload."""
        try:
            self.storage.client.abort_multipart_upload(**self.storage.where(key), UploadId=upload)
        except ClientError as error:
            if code_of(error) != NO_SUCH_UPLOAD:
                raise

    def unfinished(self, prefix: str) -> Iterator[Unfinished]:
        """Yield the multipart uploads below a folder, a page of the listing at a time."""
        folder = self.storage.where(prefix)["Key"] + "/"
        pages = self.storage.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.storage.bucket_name, Prefix=folder
        )
        for page in pages:
            for found in page.get("Uploads", ()):
                yield Unfinished(
                    key=f"{prefix}/{found['Key'].removeprefix(folder)}",
                    upload=found["UploadId"],
                    begun=found["Initiated"].astimezone(UTC),
                )
