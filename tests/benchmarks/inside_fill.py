"""Fills a data folder through the app's own code; runs in a process of its own, within Django."""

import json
import sys
from pathlib import Path

import django

from tests.benchmarks.plan import Filling, Plan, fillings


def main() -> None:
    """Fill the index as the argument says."""
    django.setup()
    options = json.loads(sys.argv[1])
    if options.pop("kind") == "files":
        for file in fillings(Plan(**options)):
            publish(file)
    else:
        list_projects(options["projects"])


def publish(file: Filling) -> None:
    """Publish a file by the single way in."""
    from packages_app.accounts.entries import Principal  # noqa: PLC0415 - Django must be set up first
    from packages_app.file_store.spool import spooled  # noqa: PLC0415 - Django must be set up first
    from packages_app.uploads.candidate import Candidate, hashed  # noqa: PLC0415 - Django must be set up first
    from packages_app.uploads.publish import publish as publish_file  # noqa: PLC0415 - Django must be set up first

    with spooled() as spool:
        Path(spool.path).write_bytes(file.data)
        publish_file(
            Candidate(
                filename=file.filename,
                path=Path(spool.path),
                size=len(file.data),
                digests=hashed([file.data]).digests(),
                principal=Principal(name="ana"),
                source="command",
            )
        )


def list_projects(count: int) -> None:
    """Write the rows that the root page is made of, in batches: a hundred thousand uploads would take an hour."""
    from packages_app.catalogue.models import ListingRow, ShardRow, shard, shards  # noqa: PLC0415 - Django must be set up first
    from packages_app.conf import options  # noqa: PLC0415 - Django must be set up first

    index = options().index
    with ListingRow.batch_write() as batch:
        for number in range(count):
            name = f"project-{number:06}"
            batch.save(ListingRow(shard(index, name), name, serial=number + 1))
    with ShardRow.batch_write() as batch:
        for key in shards(index):
            batch.save(ShardRow(key, "#", version="filled"))


if __name__ == "__main__":
    main()
