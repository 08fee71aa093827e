"""Writes a release as the JSON document that PyPI's tools know, with the same keys.

What this index does not know is there with the value that PyPI gives where it does not either: tools look keys up
without asking whether they are there.
"""

from typing import Any
from urllib.parse import quote

from packages_app import names
from packages_app.catalogue.entries import File
from packages_app.discovery.entries import Release, ReleaseDetails
from packages_app.metadata.entries import CoreMetadata

LONGEST_DESCRIPTION = 1_000_000
"""Characters; gateways refuse answers of several megabytes."""
UNCOUNTED = {"last_day": -1, "last_month": -1, "last_week": -1}


def document(
    found: ReleaseDetails, base: str, *, every: tuple[Release, ...] | None = None, offered: bool = True
) -> dict[str, Any]:
    """Return the document of a release; ``every`` release is listed too where the project was asked for.

    ``base`` is the index's absolute address. Where no files are ``offered`` (PEP 792), none are listed.
    """
    files = found.release.files if offered else ()
    whole: dict[str, Any] = {
        "info": info(found, base),
        "last_serial": found.project.serial,
        "urls": [described(file, base) for file in files],
        "vulnerabilities": [],
        "ownership": {"roles": [], "organization": None},
        "project_status": {"status": found.project.status.value, "reason": found.project.status_reason or None},
    }
    if every is not None:
        listed = reversed(every) if offered else ()
        whole["releases"] = {release.version: [described(file, base) for file in release.files] for release in listed}
    return whole


def info(found: ReleaseDetails, base: str) -> dict[str, Any]:
    """Return what a release says of itself, under PyPI's names."""
    core = found.metadata or empty(found)
    project, release = found.project, found.release
    page = f"{base}project/{project.name}/"
    return {
        "author": core.author,
        "author_email": core.author_email,
        "bugtrack_url": None,
        "classifiers": list(core.classifiers),
        "description": core.description[:LONGEST_DESCRIPTION],
        "description_content_type": core.description_content_type or None,
        "docs_url": None,
        "download_url": core.download_url,
        "downloads": UNCOUNTED,
        "dynamic": list(core.dynamic) or None,
        "home_page": core.home_page,
        "keywords": ",".join(core.keywords),
        "license": core.license,
        "license_expression": core.license_expression or None,
        "license_files": list(core.license_files) or None,
        "maintainer": core.maintainer,
        "maintainer_email": core.maintainer_email,
        "name": project.display_name,
        "package_url": page,
        "platform": ",".join(core.platforms),
        "project_url": page,
        "project_urls": dict(core.project_urls) or None,
        "provides_extra": list(core.provides_extra) or None,
        "release_url": f"{page}{quote(release.version, safe='')}/",
        "requires_dist": list(core.requires_dist) or None,
        "requires_python": core.requires_python or None,
        "summary": core.summary,
        "version": release.version,
        "yanked": release.yanked,
        "yanked_reason": release.yanked_reason or None,
    }


def empty(found: ReleaseDetails) -> CoreMetadata:
    """Return metadata for a release that has none."""
    return CoreMetadata(
        metadata_version="1.0",
        name=found.project.display_name,
        version=found.release.version,
        requires_python=found.release.requires_python,
    )


def described(file: File, base: str) -> dict[str, Any]:
    """Return a file's entry; no MD5 is kept here."""
    digests = {"sha256": file.sha256} | ({"blake2b_256": file.blake2_256} if file.blake2_256 else {})
    time = file.upload_time.replace(tzinfo=None)
    return {
        "comment_text": None,
        "core-metadata": {"sha256": file.metadata_sha256} if file.metadata_sha256 else False,
        "digests": digests,
        "downloads": -1,
        "filename": file.filename,
        "has_sig": False,
        "md5_digest": None,
        "packagetype": file.filetype,
        "python_version": names.parse(file.filename).python_version,
        "requires_python": file.requires_python or None,
        "size": file.size,
        "upload_time": time.isoformat(timespec="seconds"),
        "upload_time_iso_8601": time.isoformat(timespec="microseconds") + "Z",
        # A "+" of a local version is quoted: S3 and some proxies would read it as a space.
        "url": f"{base}packages/{file.sha256}/{quote(file.filename, safe='')}",
        "yanked": file.yanked,
        "yanked_reason": file.yanked_reason or None,
    }
