"""Reads an upload's multipart body: the file goes to disk and is hashed as it comes, the fields to memory."""

from typing import BinaryIO

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser

from packages_app.conf import options
from packages_app.file_store.errors import reported
from packages_app.names import BadFilename
from packages_app.uploads.candidate import Hasher
from packages_app.uploads.check import too_large
from packages_app.uploads.errors import BadUpload

LONGEST_QUOTE = 80


class ContentHandler(FileUploadHandler):
    """Writes the part named ``content`` to ``sink``; other files (``gpg_signature``) are read and dropped."""

    chunk_size = 1024 * 1024

    def __init__(self, sink: BinaryIO) -> None:
        super().__init__()
        self.sink = sink
        self.hasher = Hasher()
        self.filename = ""
        self.taking = False
        self.limit = options().max_upload_bytes

    def new_file(self, field_name: str, file_name: str, *args: object, **kwargs: object) -> None:
        """Begin a part.

        Raises:
            BadUpload: it is the second ``content``.
        """
        super().new_file(field_name, file_name, *args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.taking = field_name == "content"
        if self.taking and self.filename:
            raise BadUpload("The upload has two content parts; send one file at a time.")
        if self.taking:
            self.filename = file_name

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take the next bytes of a part.

        Raises:
            TooLarge: the part grew over the limit; nothing more of it is read.
        """
        if start + len(raw_data) > self.limit:
            raise too_large()
        if self.taking:
            self.hasher.update(raw_data)
            with reported():
                self.sink.write(raw_data)

    def file_complete(self, file_size: int) -> None:
        """Keep no file for Django: the sink has it."""

    def upload_interrupted(self) -> None:
        """Refuse a body that ends within a file.

        Raises:
            BadUpload: always.
        """
        raise BadUpload("The upload ended before its file did; send it again.")


class UploadParser(MultiPartParser):
    """Django's parser, but a file name with a path in it is refused instead of trimmed."""

    def sanitize_file_name(self, file_name: str) -> str:
        """Return the name as it was sent.

        Raises:
            BadFilename: it holds a path separator or a control character.
        """
        if "/" in file_name or "\\" in file_name or not file_name.isprintable():
            quoted = ascii(file_name[:LONGEST_QUOTE])
            raise BadFilename(f"The file name {quoted} holds a path or control characters; send the bare file name.")
        return file_name


def read(request: HttpRequest, handler: ContentHandler) -> QueryDict:
    """Read the whole body, and return the text fields.

    Raises:
        MultiPartParserError: the body is no sound multipart form.
        PackagesError: what the handler refuses.
    """
    fields, _ = UploadParser(request.META, request, [handler], "utf-8").parse()
    return fields
