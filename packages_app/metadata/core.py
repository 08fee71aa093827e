"""Reads core metadata: strict in what identifies a distribution, lenient in what only describes it."""

import re
from typing import get_type_hints

from packaging.metadata import RawMetadata, parse_email
from packaging.specifiers import SpecifierSet

from packages_app import names
from packages_app.metadata.entries import CoreMetadata
from packages_app.metadata.errors import BadMetadata

# 2.0 was withdrawn, but wheels of those years say it. A new minor only adds fields, so unknown ones are welcome.
METADATA_VERSION = re.compile(r"1\.[012]|2\.[0-9]{1,3}")
FIELD = re.compile(r"^([!-9;-~]+):", re.MULTILINE)
DESCRIPTION_INDENT = re.compile(r"^(?: {8}| {7}\|)", re.MULTILINE)
MOST_FIELDS, MOST_FIELD_NAMES = 20_000, 200
LONGEST_VALUE = 1_000
"""Characters of a version or Requires-Python; both are kept with the file's row."""

SINGLE = {field: field.replace("_", "-") for field, kind in get_type_hints(RawMetadata).items() if kind is str}
"""Fields that may be given once, to their names in the document."""


def parse(document: bytes) -> CoreMetadata:
    """Return the core metadata of a METADATA or PKG-INFO document.

    Metadata-Version, Name, Version and Requires-Python are checked. Everything else is taken as it is, with bytes that
    are no UTF-8 replaced: old distributions have Latin-1 authors and descriptions, and odd fields harm nobody.

    Raises:
        BadMetadata: a checked field is missing or not valid, or a field is given twice with different values.
    """
    text = document.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    head, _, body = text.partition("\n\n")
    raw, unread = parse_email(checked_head(head))
    settle_repeated(raw, unread)
    return CoreMetadata(
        metadata_version=metadata_version(single(raw, "metadata_version")),
        name=name(single(raw, "name")),
        version=version(single(raw, "version")),
        requires_python=requires_python(single(raw, "requires_python")),
        summary=single(raw, "summary"),
        author=single(raw, "author"),
        author_email=single(raw, "author_email"),
        maintainer=single(raw, "maintainer"),
        maintainer_email=single(raw, "maintainer_email"),
        license=single(raw, "license"),
        license_expression=single(raw, "license_expression"),
        license_files=several(raw, "license_files"),
        classifiers=several(raw, "classifiers"),
        keywords=several(raw, "keywords"),
        home_page=single(raw, "home_page"),
        download_url=single(raw, "download_url"),
        project_urls=project_urls(raw, unread),
        requires_dist=several(raw, "requires_dist"),
        provides_extra=several(raw, "provides_extra"),
        dynamic=several(raw, "dynamic"),
        platforms=several(raw, "platforms"),
        import_names=several(raw, "import_names"),
        import_namespaces=several(raw, "import_namespaces"),
        description=body if body.strip() else DESCRIPTION_INDENT.sub("", single(raw, "description")),
        description_content_type=single(raw, "description_content_type"),
    )


def checked_head(head: str) -> str:
    """Return the document's fields, in a number that can be read in little time.

    Raises:
        BadMetadata: there are too many.
    """
    fields = FIELD.findall(head)
    if len(fields) > MOST_FIELDS or len(set(fields)) > MOST_FIELD_NAMES:
        raise BadMetadata(f"The metadata has more than {MOST_FIELDS} fields, or of more than {MOST_FIELD_NAMES} kinds.")
    return head.rstrip("\n") + "\n\n"


def settle_repeated(raw: RawMetadata, unread: dict[str, list[str]]) -> None:
    """Take a field that was given several times with one value as given once.

    Raises:
        BadMetadata: the values differ; readers take the first or the last, so they would disagree.
    """
    for field, written in SINGLE.items():
        if field == "description" or written not in unread:
            continue
        values = set(unread[written])
        if len(values) > 1:
            raise BadMetadata(f"The metadata has the field {written.title()} more than once, with different values.")
        raw[field] = values.pop()  # type: ignore[literal-required] # the names come from the type itself


def single(raw: RawMetadata, field: str) -> str:
    """Return a field of one value; empty when it is missing or the old placeholder UNKNOWN."""
    value = str(raw.get(field, "")).strip()
    return "" if value == "UNKNOWN" else value


def several(raw: RawMetadata, field: str) -> tuple[str, ...]:
    """Return a field's values without empty ones and the old placeholder UNKNOWN."""
    values = raw.get(field, [])
    return tuple(value for value in map(str.strip, values) if value not in {"", "UNKNOWN"})  # type: ignore[call-overload] # a list, by the name


def project_urls(raw: RawMetadata, unread: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """Return pairs of label and URL; labels that come twice keep both."""
    again = [pair.partition(",") for pair in unread.get("project-url", [])]
    pairs = [*raw.get("project_urls", {}).items(), *((label.strip(), url.strip()) for label, _, url in again)]
    return tuple((label, url) for label, url in pairs if url)


def metadata_version(text: str) -> str:
    """Return a metadata version whose documents can be read.

    Raises:
        BadMetadata: it is missing, or of a format this index does not know.
    """
    if not text:
        raise BadMetadata("The metadata has no Metadata-Version; build the distribution with a current tool.")
    if not METADATA_VERSION.fullmatch(text):
        raise BadMetadata(
            f"The metadata says Metadata-Version {text[:80]!a}; this index reads 1.0 to 1.2 and every 2.x. "
            "Build the distribution with a tool that writes one of these."
        )
    return text


def name(text: str) -> str:
    """Return the project's name as written.

    Raises:
        BadMetadata: it is missing or breaks the rule of PEP 508.
    """
    if not text:
        raise BadMetadata("The metadata has no Name.")
    if not names.is_valid_name(text):
        raise BadMetadata(f"The metadata's Name, {text[:80]!a}, is no valid project name.")
    return text


def version(text: str) -> str:
    """Return the version as written.

    Raises:
        BadMetadata: it is missing or no version of PEP 440.
    """
    if not text:
        raise BadMetadata("The metadata has no Version.")
    if len(text) > LONGEST_VALUE or names.as_version(text) is None:
        raise BadMetadata(f"The metadata's Version, {text[:80]!a}, is no version of PEP 440, such as 1.0 or 1.0rc1.")
    return text


def requires_python(text: str) -> str:
    """Return Requires-Python as written, on one line.

    Raises:
        BadMetadata: installers cannot read it, so they would offer the file to every Python or to none.
    """
    line = " ".join(text.split())
    if len(line) > LONGEST_VALUE:
        raise BadMetadata(f"The metadata's Requires-Python is longer than {LONGEST_VALUE} characters.")
    try:
        SpecifierSet(line)
    except ValueError as error:  # InvalidSpecifier, and numbers with more digits than Python converts
        raise BadMetadata(
            f"The metadata's Requires-Python, {line[:80]!a}, is no version specifier, such as >=3.9 or >=3.9,<4."
        ) from error
    return line
