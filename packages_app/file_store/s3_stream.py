"""Uploads bytes to S3 while they come: in parts that fit into memory, so that no disk is needed for any number."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packages_app.file_store.s3 import PackagesS3Storage

PART = 16 * 1024**2
"""Bytes; S3 takes 10,000 parts, so this is enough for 160 GB."""


class S3Stream:
    """One blob on its way."""

    def __init__(self, storage: "PackagesS3Storage", key: str) -> None:
        self.storage, self.key = storage, key
        self.upload = ""
        self.parts: list[dict[str, object]] = []

    def send(self, chunks: Iterator[bytes]) -> None:
        """Upload what comes; an upload in parts becomes a blob only when it has come to its end."""
        waiting = bytearray()
        try:
            for chunk in chunks:
                waiting += chunk
                if len(waiting) >= PART:
                    self.part(bytes(waiting))
                    waiting.clear()
            if not self.upload:
                self.storage.put(self.key, bytes(waiting))
                return
            if waiting:
                self.part(bytes(waiting))
        except BaseException:
            self.drop()
            raise
        self.storage.client.complete_multipart_upload(
            **self.storage.where(self.key), UploadId=self.upload, MultipartUpload={"Parts": self.parts}
        )

    def part(self, data: bytes) -> None:
        """Upload one part."""
        client, where = self.storage.client, self.storage.where(self.key)
        if not self.upload:
            parameters = self.storage.get_object_parameters(self.key)
            self.upload = str(client.create_multipart_upload(**where, **parameters)["UploadId"])
        number = len(self.parts) + 1
        answer = client.upload_part(**where, UploadId=self.upload, PartNumber=number, Body=data)
        self.parts.append({"PartNumber": number, "ETag": answer["ETag"]})

    def drop(self) -> None:
        """Let S3 forget the parts."""
        if self.upload:
            self.storage.client.abort_multipart_upload(**self.storage.where(self.key), UploadId=self.upload)
