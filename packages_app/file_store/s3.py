"""Keeps blobs in an S3 bucket through django-storages; imported only when a bucket is configured."""

import base64
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO, cast
from urllib.parse import quote, urlsplit

import boto3
import botocore
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError
from storages.backends.s3 import S3Storage
from storages.utils import lookup_env

from packages_app import patience
from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.file_store.answers import is_missing, reads_reported, writes_reported
from packages_app.file_store.entries import Blob, UploadLink
from packages_app.file_store.presign import signed
from packages_app.file_store.ranged import Ranged
from packages_app.file_store.s3_parts import S3Parts
from packages_app.file_store.s3_stream import S3Stream
from packages_app.file_store.storage import IMMUTABLE, PartsStore, Source

MB = 1024**2
IN_MEMORY = 8 * MB
"""What is opened through Django's storage interface is kept in memory up to this size, and in a file beyond."""
MULTIPART_FROM = 64 * MB
COPIES = TransferConfig(multipart_threshold=256 * MB, multipart_chunksize=128 * MB, max_concurrency=10)
"""S3 copies by itself, and many parts at the same time."""
BINARY = "application/octet-stream"

CONFIG = Config(
    signature_version="s3v4",
    connect_timeout=5,
    read_timeout=20,  # an API gateway gives up at 29 seconds
    retries={"mode": "standard", "total_max_attempts": 4},
)
HURRIED = Config(connect_timeout=patience.CONNECT_SECONDS, read_timeout=patience.READ_SECONDS + 2)
# Left to itself botocore puts links on S3's global address, which redirects readers of younger buckets and regions to
# where the signature does not hold; these two make it name the region. Stores other than Amazon's get plain paths.
REGIONAL = Config(s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})
AMAZON = (".amazonaws.com", ".amazonaws.com.cn")


class PackagesS3Storage(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """django-storages' S3 backend, but private, never renaming, and with one client for all threads."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - passed on to django-storages, which checks them
        super().__init__(**settings)
        self.making = RLock()
        self.began: boto3.Session | None = None
        self.signing: Any = None
        self.unsigned: Any = None

    def get_default_settings(self) -> dict[str, Any]:
        """Return the options' defaults; an option that is not among them is refused."""
        return {
            **super().get_default_settings(),
            # The name that every AWS tool and Lambda know; botocore by itself reads only AWS_DEFAULT_REGION.
            "region_name": lookup_env(["AWS_REGION", "AWS_DEFAULT_REGION"]),
            "client_config": CONFIG.merge(HURRIED) if options().time_limit else CONFIG,
            "default_acl": None,
            "file_overwrite": True,
            "max_memory_size": IN_MEMORY,
            "querystring_auth": True,
            "transfer_config": TransferConfig(
                multipart_threshold=MULTIPART_FROM, multipart_chunksize=16 * MB, max_concurrency=4
            ),
        }

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Return what every object is stored with.

        The type is given because django-storages would guess: a ``.tar.gz`` would be stored as gzip-encoded, and
        clients would unpack it on the way.
        """
        parameters = {"ContentType": BINARY, **super().get_object_parameters(name)}
        if keys.parse(name) is not None:
            parameters["CacheControl"] = IMMUTABLE  # for links that cannot ask for it
        return parameters

    @property
    def client(self) -> Any:  # noqa: ANN401 - botocore makes clients' classes while it runs
        """The S3 client; made on first use, and one for all threads, as botocore allows."""
        with self.making:
            if self.signing is None:
                self.signing = self.new_client(self.client_config)
            return self.signing

    @property
    def address_client(self) -> Any:  # noqa: ANN401 - botocore makes clients' classes while it runs
        """A client that does not sign, to learn objects' addresses from."""
        with self.making:
            if self.unsigned is None:
                config = self.client_config.merge(Config(signature_version=botocore.UNSIGNED))
                if str(urlsplit(self.client.meta.endpoint_url).hostname).endswith(AMAZON):
                    config = config.merge(REGIONAL)
                self.unsigned = self.new_client(config)
            return self.unsigned

    @property
    def session(self) -> boto3.Session:
        """The session that both clients and their credentials come from."""
        with self.making:
            if self.began is None:
                self.began = self._create_session()
            return self.began

    def new_client(self, config: Config) -> Any:  # noqa: ANN401 - botocore makes clients' classes while it runs
        """Return a new client."""
        made = self.session.client(
            "s3",
            config=config,
            region_name=self.region_name,
            endpoint_url=self.endpoint_url,
            use_ssl=self.use_ssl,
            verify=self.verify,
        )
        patience.watch(made)
        return made

    def where(self, key: str) -> dict[str, str]:
        """Return the parameters that name a blob's object."""
        return {"Bucket": self.bucket_name, "Key": self._normalize_name(key)}

    def reading(self) -> AbstractContextManager[None]:
        """Translate what a read raises."""
        return reads_reported()

    def writing(self) -> AbstractContextManager[None]:
        """Translate what a write raises."""
        return writes_reported()

    def put_file(self, key: str, source: Path) -> None:
        """Upload the file, in parts when it is large; S3 checks the digest of what comes in one piece."""
        if source.stat().st_size < MULTIPART_FROM:
            with source.open("rb") as opened:
                self.put(key, opened)
            return
        parameters = self.get_object_parameters(key)
        self.client.upload_file(str(source), **self.where(key), ExtraArgs=parameters, Config=self.transfer_config)

    def put_bytes(self, key: str, data: bytes) -> None:
        """Upload the bytes in one piece."""
        self.put(key, data)

    def put_stream(self, key: str, chunks: Iterator[bytes]) -> None:
        """Upload the bytes in parts as they come, or in one piece when they are few."""
        S3Stream(self, key).send(chunks)

    def put(self, key: str, body: bytes | BinaryIO) -> None:
        """Upload in one piece; of a distribution file the key says what S3 must have received."""
        said = keys.parse(key)
        parameters = self.get_object_parameters(key)
        if said is not None and said.kind == "file":
            parameters["ChecksumSHA256"] = base64.b64encode(bytes.fromhex(said.sha256)).decode()
        self.client.put_object(**self.where(key), Body=body, **parameters)

    def copy(self, key: str, target: str, told: Callable[[int], None] | None = None) -> None:
        """Have S3 copy the object, in parts when it is large."""
        source, parameters = self.where(key), self.get_object_parameters(target)
        self.client.copy(source, **self.where(target), ExtraArgs=parameters, Callback=told, Config=COPIES)

    def remove(self, key: str) -> None:
        """Delete the object."""
        self.client.delete_object(**self.where(key))

    def stat(self, key: str) -> Blob:
        """Return the object's record."""
        try:
            answer = self.client.head_object(**self.where(key), ChecksumMode="ENABLED")
        except ClientError as error:
            if is_missing(error):
                # An answer to HEAD does not say what is missing; if it is the bucket, this raises NoSuchBucket.
                self.client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)
            raise
        return Blob(
            key=key,
            size=answer["ContentLength"],
            modified=answer["LastModified"].astimezone(UTC),
            sha256=vouched(answer),
        )

    def opened(self, key: str) -> BinaryIO:
        """Return the object as a file that fetches what is read of it, so that it needs no disk."""
        return cast("BinaryIO", Ranged(self.stat(key)))

    def source(self, key: str, start: int = 0, length: int | None = None) -> Source:
        """Return the body of an answer that holds just the range."""
        end = "" if length is None else str(start + length - 1)
        ranged = {"Range": f"bytes={start}-{end}"} if start or end else {}
        return cast("Source", self.client.get_object(**self.where(key), **ranged)["Body"])

    def walk(self, prefix: str, after: str = "") -> Iterator[Blob]:
        """Yield the objects below a folder, a page of the listing at a time, in S3's order, which is that of keys."""
        folder = self._normalize_name(prefix) + "/"
        begin = {"StartAfter": self._normalize_name(after)} if after else {}
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=folder, **begin)
        for page in pages:
            for found in page.get("Contents", ()):
                if not found["Key"].endswith("/"):  # consoles make empty objects of such names for folders
                    key = f"{prefix}/{found['Key'].removeprefix(folder)}"
                    yield Blob(key=key, size=found["Size"], modified=found["LastModified"].astimezone(UTC))

    def signed_link(self, key: str, parameters: Mapping[str, str], signed_at: datetime, expires: int) -> str | None:
        """Return a link for GET that is signed for CloudFront where one is configured, else for S3 itself.

        CloudFront gets the object's own headers, and no parameters: they would split its cache. Large pages need
        theirs, and always come from S3.
        """
        if self.cloudfront_signer is not None and not key.startswith(f"{keys.PAGES}/"):
            address = f"https://{self.custom_domain}/{quote(self._normalize_name(key))}"
            ends = signed_at + timedelta(seconds=expires)
            return str(self.cloudfront_signer.generate_presigned_url(address, date_less_than=ends))
        credentials = self.session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        named = {field_of(name): value for name, value in parameters.items()}
        url = self.address_client.generate_presigned_url("get_object", Params={**self.where(key), **named})
        return signed(
            url,
            credentials.get_frozen_credentials(),
            region_of(self.client),
            signed_at=signed_at,
            expires=expires,
        )

    def upload_link(self, key: str, *, size: int, sha256: str, expires: int) -> UploadLink | None:
        """Return a presigned link for PUT; S3 itself refuses bytes of another length or digest."""
        headers = {
            "Content-Length": str(size),
            "Content-Type": BINARY,
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(sha256)).decode(),
        }
        return self.put_link("put_object", self.where(key), headers, expires)

    def put_link(
        self, operation: str, parameters: Mapping[str, Any], headers: Mapping[str, str], expires: int
    ) -> UploadLink:
        """Return a presigned link for a PUT that sends these headers."""
        credentials = self.session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        url = signed(
            self.address_client.generate_presigned_url(operation, Params=dict(parameters)),
            credentials.get_frozen_credentials(),
            region_of(self.client),
            signed_at=datetime.now(UTC),
            expires=expires,
            method="PUT",
            headers=headers,
        )
        return UploadLink(url=url, headers=headers)

    def parts(self) -> PartsStore:
        """Return what has S3 take parts."""
        return S3Parts(self)

    def spool_folder(self) -> Path:
        """Return the system's temporary folder."""
        return Path(tempfile.gettempdir())

    def temporary_folders(self) -> list[Path]:
        """Return the system's temporary folder."""
        return [self.spool_folder()]


def vouched(answer: Mapping[str, Any]) -> str:
    """Return the sha256 that S3 has of a whole object; of one that came in parts it has only a digest of digests."""
    checksum = str(answer.get("ChecksumSHA256", ""))
    if answer.get("ChecksumType") == "COMPOSITE" or "-" in checksum:
        return ""
    return base64.b64decode(checksum).hex()


def field_of(parameter: str) -> str:
    """Return botocore's name of a query parameter: ``ResponseCacheControl`` for ``response-cache-control``."""
    return parameter.title().replace("-", "")


def region_of(client: Any) -> str:  # noqa: ANN401 - botocore makes clients' classes while it runs
    """Return the region to sign for; without one botocore speaks to S3's first, and calls that aws-global."""
    region = str(client.meta.region_name)
    return "us-east-1" if region == "aws-global" else region
