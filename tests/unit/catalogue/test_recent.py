"""Which releases came lately: newest first, each once, and none that was deleted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from packages_app.catalogue import recent, write
from packages_app.catalogue.entries import Change
from tests.factories import listed_file

CHANGE = Change(actor="ana", source="test")
NOW = datetime.now(UTC).replace(microsecond=17)


def publish(project: str, version: str, minutes: int, kind: str = "tar.gz"):
    file = listed_file(
        project=project,
        filename=f"{project}-{version}{'-py3-none-any.whl' if kind == 'whl' else '.tar.gz'}",
        version=version,
        upload_time=NOW - timedelta(minutes=minutes),
    )
    write.publish(file, display_name=project, change=CHANGE, fence="")
    return file


def found() -> list[tuple[str, str, datetime]]:
    return [(each.project, each.version, each.at) for each in recent.recent()]


def test_each_release_comes_once_with_the_time_of_its_newest_file():
    publish("demo", "1.0", 9)
    publish("other", "1!2.0+x", 5)
    publish("demo", "1.0", 1, "whl")
    assert found() == [
        ("demo", "1.0", NOW - timedelta(minutes=1)),
        ("other", "1!2.0+x", NOW - timedelta(minutes=5)),
    ]


def test_forgetting_files_forgets_no_others():
    gone, stays = publish("demo", "1.0", 9), publish("demo", "2.0", 5)
    recent.forget([gone, gone])
    recent.forget([replace(stays, version="3.0")])
    assert [version for _, version, _ in found()] == ["2.0"]
