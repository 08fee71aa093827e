from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.accounts.errors import NotSignedIn
from packages_app.catalogue import read
from packages_app.catalogue.errors import FileChanged, NoSuchEntry
from packages_app.maintenance.errors import BadRule
from packages_app.maintenance.retention import Rule, apply, plan
from packages_app.maintenance.yank import yank_release
from packages_app.names import BadName
from tests.unit.maintenance.conftest import ANA, FILE, NOBODY, listed, trail

NOW = datetime.now(UTC)


def release(version: str, *, days: float = 0, project: str = "demo") -> None:
    listed(
        replace(
            FILE,
            project=project,
            filename=f"{project.replace('-', '_')}-{version}-py3-none-any.whl",
            version=version,
            sha256=f"{abs(hash((project, version))):064x}"[:64],
            upload_time=NOW - timedelta(days=days),
        )
    )


def planned(**rule) -> list[str]:
    return [removal.version for removal in plan(Rule(pattern="demo", **rule), ANA)]


@pytest.mark.parametrize(
    ("rule", "versions"),
    [
        pytest.param({"keep_last": 2}, ["1.0", "1.9", "1.10", "2.0a1"], id="all but the last two, in version order"),
        pytest.param({"keep_last": 1}, ["1.0", "1.9", "1.10", "2.0a1"], id="never the newest final one"),
        pytest.param({"keep_last": 9}, [], id="fewer than are kept"),
        pytest.param({"older_than": timedelta(days=15)}, ["1.0", "1.9"], id="older than"),
        pytest.param({"older_than": timedelta(0)}, ["1.0", "1.9", "1.10", "2.0a1"], id="never the newest of all"),
        pytest.param({"keep_last": 4, "older_than": timedelta(days=15)}, ["1.0", "1.9"], id="both must hold"),
        pytest.param({"keep_last": 5, "older_than": timedelta(days=15)}, ["1.0"], id="both must hold, the other way"),
        pytest.param({"keep_last": 1, "prereleases": True}, ["2.0a1"], id="pre-releases are counted by themselves"),
        pytest.param({"older_than": timedelta(0), "prereleases": True}, ["2.0a1"], id="the newest stays as ever"),
    ],
)
def test_a_rule_plans_what_it_says(rule, versions):
    for version, days in (("1.10", 10), ("1.9", 20), ("1.0", 30), ("2.0a1", 9), ("2.0", 8), ("2.1.dev1", 7)):
        release(version, days=days)
    assert planned(**rule) == versions


def test_what_can_be_installed_is_not_deleted_for_what_is_yanked():
    for version in ("1.0", "2.0", "3.0", "4.0a1"):
        release(version)
    for version in ("3.0", "4.0a1"):
        yank_release("demo", version, "", ANA, source="test")
    assert planned(keep_last=1) == ["1.0"]


def test_a_lonely_release_is_never_planned():
    release("1.0a1", days=1000)
    assert planned(older_than=timedelta(0)) == []


def test_a_pattern_reaches_every_project_that_it_fits():
    for project in ("acme-one", "acme-two", "other"):
        for version in ("1.0", "2.0"):
            release(version, project=project)
    removals = list(plan(Rule(pattern="Acme_*", keep_last=1), ANA))
    assert {(removal.project, removal.version) for removal in removals} == {("acme-one", "1.0"), ("acme-two", "1.0")}
    assert list(plan(Rule(pattern="*", keep_last=1), NOBODY)) == []


def test_a_plan_changes_nothing_and_its_deed_deletes_what_it_named():
    for version in ("1.0", "2.0"):
        release(version)
    (removal,) = plan(Rule(pattern="demo", keep_last=1), ANA)
    assert (removal.size, len(removal.files), trail()) == (7, 1, [])
    late = replace(FILE, filename="demo-1.0.tar.gz", sha256="f" * 64)
    listed(late)
    assert apply(removal, ANA, source="retention").changed == ("demo-1.0-py3-none-any.whl",)
    assert {file.filename for file in read.files("demo")} == {late.filename, "demo-2.0-py3-none-any.whl"}
    assert [(event.action, event.target, event.source) for event in trail()] == [("release.delete", "1.0", "retention")]
    with pytest.raises(FileChanged):
        apply(removal, ANA, source="retention")


@pytest.mark.parametrize(
    ("rule", "who", "error"),
    [
        pytest.param(Rule(pattern="*"), ANA, BadRule, id="nothing is kept"),
        pytest.param(Rule(pattern="*", keep_last=0), ANA, BadRule, id="none is kept"),
        pytest.param(Rule(pattern="*", older_than=timedelta(days=-1)), ANA, BadRule, id="from the future"),
        pytest.param(Rule(pattern="none", keep_last=1), ANA, NoSuchEntry, id="no such project"),
        pytest.param(Rule(pattern="no name", keep_last=1), ANA, BadName, id="no name at all"),
        pytest.param(Rule(pattern="demo", keep_last=1), NOBODY, NotSignedIn, id="nobody"),
    ],
)
def test_what_is_no_rule_is_refused_before_anything_is_planned(rule, who, error):
    release("1.0")
    with pytest.raises(error):
        list(plan(rule, who))


def test_nobody_applies_a_plan_of_somebody_else():
    for version in ("1.0", "2.0"):
        release(version)
    (removal,) = plan(Rule(pattern="demo", keep_last=1), ANA)
    with pytest.raises(NotSignedIn):
        apply(removal, NOBODY, source="retention")
