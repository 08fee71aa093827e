"""What a distribution says about itself: frozen records of its core metadata."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CoreMetadata:
    """Core metadata as written; empty where the document says nothing or the old placeholder UNKNOWN."""

    metadata_version: str
    name: str
    """As its maintainers write it; compare with ``names.normalize``."""
    version: str
    """As written; compare with ``names.same_version``."""
    requires_python: str = ""
    """A valid version specifier set (PEP 440)."""
    summary: str = ""
    author: str = ""
    author_email: str = ""
    maintainer: str = ""
    maintainer_email: str = ""
    license: str = ""
    license_expression: str = ""
    license_files: tuple[str, ...] = ()
    classifiers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    home_page: str = ""
    download_url: str = ""
    project_urls: tuple[tuple[str, str], ...] = ()
    """Pairs of label and URL in their order; a label may come twice, and a URL may be anything."""
    requires_dist: tuple[str, ...] = ()
    """As written, not checked."""
    provides_extra: tuple[str, ...] = ()
    dynamic: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    import_names: tuple[str, ...] = ()
    import_namespaces: tuple[str, ...] = ()
    description: str = ""
    description_content_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """A sound distribution: what it says, and the document that says it."""

    core: CoreMetadata
    document: bytes
    """A wheel's METADATA or an sdist's PKG-INFO, byte for byte."""
