"""Reads the upload API's form fields; only what identifies the file is used, and all of it is checked."""

from django.http import QueryDict

from packages_app.uploads.candidate import Claims
from packages_app.uploads.errors import BadUpload, Gone

RETIRED_ACTIONS = frozenset({"submit", "submit_pkg_info", "doc_upload"})
FILETYPES = frozenset({"bdist_wheel", "sdist"})
DIGESTS = {"sha256": "sha256_digest", "blake2_256": "blake2_256_digest", "md5": "md5_digest"}


def check_action(*actions: str) -> None:
    """Return if this is a file upload; a form without ``:action`` is one.

    Raises:
        Gone: an action that was retired long ago.
        BadUpload: an action that never was.
    """
    for action in filter(None, actions):
        if action in RETIRED_ACTIONS:
            raise Gone(f"The action {action} is gone: the metadata comes with the file; upload with file_upload.")
        if action != "file_upload":
            raise BadUpload(f"There is no action {action[:80]!r}; the one this address knows is file_upload.")


def claims(fields: QueryDict) -> Claims:
    """Return what the form claims of the file.

    Raises:
        BadUpload: a field is there twice with two values, or holds what it cannot.
    """
    check_action(one(fields, ":action"))
    if one(fields, "protocol_version") not in {"", "1"}:
        raise BadUpload("This address speaks version 1 of the upload protocol.")
    if "content" in fields:
        raise BadUpload("The content field must be sent as a file, with its file name.")
    filetype = one(fields, "filetype")
    if filetype and filetype not in FILETYPES:
        raise BadUpload(f"The filetype {filetype[:80]!r} is not taken; this index takes bdist_wheel and sdist.")
    return Claims(
        name=one(fields, "name"),
        version=one(fields, "version"),
        filetype=filetype,
        digests={name: value for name, field in DIGESTS.items() if (value := one(fields, field))},
        attestations=one(fields, "attestations"),
    )


def one(fields: QueryDict, name: str) -> str:
    """Return the field's one value; empty when it is missing or the old placeholder UNKNOWN.

    Raises:
        BadUpload: it has several values.
    """
    values = {value.strip() for value in fields.getlist(name)} - {"", "UNKNOWN"}
    if len(values) > 1:
        raise BadUpload(f"The field {name} is there several times with different values; send it once.")
    return values.pop() if values else ""
