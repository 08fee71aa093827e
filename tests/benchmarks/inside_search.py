"""Times the search over many projects on the embedded catalogue: ``python -m tests.benchmarks.inside_search 100000``.

It fills an empty folder (``PYPI_DATA``, or a temporary one) with projects whose summaries use few words often and many
words seldom, and prints what a query costs: milliseconds, and requests to the table.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from itertools import islice

import django

COMMON = ["python", "library", "client", "tools", "data", "http", "async", "django", "test", "plugin", "api", "fast"]
LETTERS = "bcdfgklmnprstvz", "aeiou"
REPEATS = 30
QUERIES = (
    "python",
    "project 7",
    "bakelo",
    "ba",
    "django plugin",
    "fast async http client",
    "bakelo python library",
    "acme-project-05000",
    "absent",
)


def main() -> None:
    """Fill, and time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pypi_site.settings")
    os.environ.setdefault("PYPI_DATA", tempfile.mkdtemp(prefix="search-"))
    django.setup()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    began = time.monotonic()
    rows = fill(count)
    print(f"{count:,} projects, {rows:,} words, filled in {time.monotonic() - began:.0f} s")
    for query in QUERIES:
        print(measured(query))


def fill(count: int) -> int:
    """Write the rows of so many projects, in batches; return how many words that are."""
    from packages_app.catalogue.entries import Description, Project  # noqa: PLC0415 - Django must be set up first
    from packages_app.catalogue.models import ProjectRow, partition  # noqa: PLC0415 - Django must be set up first
    from packages_app.discovery.models import WordRow, keys  # noqa: PLC0415 - Django must be set up first
    from packages_app.discovery.words import of_project, written  # noqa: PLC0415 - Django must be set up first

    dice = random.Random(1)
    vocabulary = [word for word, _ in zip(invented(dice), range(5000), strict=False)]
    rows = 0
    with WordRow.batch_write() as words, ProjectRow.batch_write() as projects:
        for number in range(count):
            name = f"acme-project-{number:05}" if number % 20 == 0 else f"{dice.choice(vocabulary)}-{number:05}"
            summary = " ".join([*dice.choices(COMMON, k=3), *dice.choices(vocabulary, k=4)])
            described = Description(latest="1.0", summary=summary, keywords=tuple(dice.choices(COMMON, k=2)))
            found = of_project(Project(name=name, display_name=name, serial=1, described=described))
            text = written(found)
            projects.save(
                ProjectRow(
                    partition("main", name),
                    "#",
                    display_name=name,
                    serial=number + 1,
                    latest="1.0",
                    summary=summary,
                    keywords=",".join(described.keywords),
                    indexed=text,
                )
            )
            for pk, sk in keys("main", name, found.items()):
                words.save(WordRow(pk, sk, words=text))
                rows += 1
    return rows


def invented(dice: random.Random):
    """Yield words that nobody knows, each once."""
    seen = {"bakelo"}
    yield "bakelo"
    while True:
        word = "".join(dice.choice(LETTERS[place % 2]) for place in range(dice.choice((4, 6, 6, 8))))
        if word not in seen:
            seen.add(word)
            yield word


def measured(query: str) -> str:
    """Return a line on one query: hits on its first pages, milliseconds of the first page, requests to the table."""
    from packages_app.discovery.search import search  # noqa: PLC0415 - Django must be set up first
    from packages_app.tables.base import connection  # noqa: PLC0415 - Django must be set up first

    asked, kind = [], type(connection())
    call = kind._make_api_call

    def watched(made, operation, *rest):
        asked.append(operation)
        return call(made, operation, *rest)

    kind._make_api_call = watched
    found = search(query, lambda _: True)
    kind._make_api_call = call
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        search(query, lambda _: True)
        times.append((time.perf_counter() - began) * 1000)
    pages, cursor = 1, found.cursor
    while cursor and pages < 50:
        page = search(query, lambda _: True, cursor=cursor)
        pages, cursor = pages + 1, page.cursor
    more = "+" if cursor else ""
    slowest = max(islice(times, REPEATS))
    return (
        f"{query!r:28} {len(found.projects):3} hits of {pages}{more} pages: "
        f"median {statistics.median(times):6.1f} ms, slowest {slowest:6.1f} ms, {len(asked)} requests"
    )


if __name__ == "__main__":
    main()
