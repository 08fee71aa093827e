"""Projects with many files and indexes with many projects are listed to the last: no page of the table is the end."""

import re
from datetime import UTC, datetime

import pytest

from packages_app.catalogue import collect, rows, write
from packages_app.catalogue.entries import Change, File
from packages_app.catalogue.models import FileRow, ListingRow, shard

JSON = "application/vnd.pypi.simple.v1+json"
CHANGE = Change(actor="ana", source="test")


def file(project: str, version: str, *, requires_python: str = "") -> File:
    """Return a file whose bytes do not matter here."""
    return File(
        project=project,
        filename=f"{project.replace('-', '_')}-{version}.tar.gz",
        version=version,
        filetype="sdist",
        size=1,
        sha256="a" * 64,
        blake2_256="",
        upload_time=datetime.now(UTC),
        uploader="ana",
        requires_python=requires_python,
    )


def publish(listed: File) -> None:
    """List a file by the journey's own transaction."""
    write.publish(listed, display_name=listed.project, change=CHANGE, fence=collect.fence(listed))


pytestmark = pytest.mark.operator  # rows are written behind the index's back


def test_a_project_with_a_thousand_files_lists_all(home, client, auth):
    # 2.5 MB of rows: DynamoDB answers a query in pages of 1 MB. Rows as `publish` writes them, but many at a time.
    long = ">=3.8," + ",".join(f"!=3.9.{number}" for number in range(250))
    made = [file("demo", f"1.{number}", requires_python=long) for number in range(1000)]
    with FileRow.batch_write() as batch:
        for row in made[1:]:
            batch.save(rows.file_row(row))
    publish(made[0])
    names = {row.filename for row in made}
    shown = client.get("/simple/demo/", headers={**auth, "accept": JSON}).json()
    assert {shown_file["filename"] for shown_file in shown["files"]} == names
    assert shown["versions"] == [f"1.{number}" for number in range(1000)]
    text = client.get("/simple/demo/", headers={**auth, "accept": "text/html"}).content.decode()
    assert set(re.findall(r">(demo-[^<]+)</a>", text)) == names


def test_an_index_with_five_thousand_projects_lists_all(home, client, auth):
    names = {f"project-{number}" for number in range(5000)}
    with ListingRow.batch_write() as batch:
        for name in sorted(names)[1:]:
            batch.save(ListingRow(shard("main", name), name, serial=1))
    publish(file(min(names), "1.0"))
    shown = client.get("/simple/", headers={**auth, "accept": JSON}).json()
    assert {project["name"] for project in shown["projects"]} == names
    assert len(shown["projects"]) == 5000
    assert client.get("/simple/", headers={**auth, "accept": "text/html"}).content.count(b"<a href=") == 5000
