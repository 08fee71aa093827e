"""Which claims speak for which pipelines: a truth table for each kind of service."""

import pytest

from packages_app.accounts.publishers.errors import BadPublisher
from packages_app.accounts.publishers.kinds import KINDS, kind
from tests.fakes.ci import GITHUB_CLAIMS, GITLAB_CLAIMS

RELEASE = {"repository": "acme/widget", "workflow": "release.yml"}
PIPELINE = {"project": "acme/tools/widget", "file": ".gitlab-ci.yml"}
OURS = "Acme/Widget/.github/workflows"

GITHUB = [
    ("the very pipeline, in any case of letters", {}, {}, True),
    ("in its environment", {"environment": "release"}, {}, True),
    ("in another environment", {"environment": "staging"}, {}, False),
    ("in no environment where one is demanded", {"environment": "release"}, {"environment": None}, False),
    ("in no environment where none is demanded", {}, {"environment": None}, True),
    ("another workflow", {}, {"job_workflow_ref": f"{OURS}/test.yml@refs/heads/main"}, False),
    ("a workflow that only begins so", {}, {"job_workflow_ref": f"{OURS}/release.yml.yml@refs/heads/main"}, False),
    ("a workflow in another case of letters", {}, {"job_workflow_ref": f"{OURS}/Release.yml@refs/heads/main"}, False),
    ("in a folder below", {}, {"job_workflow_ref": f"{OURS}/x/release.yml@refs/heads/main"}, False),
    (
        "another repository's workflow that this one uses",
        {},
        {"job_workflow_ref": "else/where/.github/workflows/release.yml@refs/heads/main"},
        False,
    ),
    (
        "a repository whose name only ends so",
        {},
        {"job_workflow_ref": "x/Acme/Widget/.github/workflows/release.yml@refs/heads/main"},
        False,
    ),
    ("no reference behind it", {}, {"job_workflow_ref": f"{OURS}/release.yml"}, False),
    ("at a commit", {}, {"job_workflow_ref": f"{OURS}/release.yml@{'0a' * 20}"}, True),
    ("on a branch whose name has an @", {}, {"job_workflow_ref": f"{OURS}/release.yml@refs/heads/a@b"}, True),
    (
        "a workflow whose file's name goes on behind an @",
        {},
        {"job_workflow_ref": f"{OURS}/release.yml@mine.yml@refs/heads/main"},
        False,
    ),
    (
        "in an environment whose name only looks the same",
        {"environment": "desktop"},
        {"environment": "des\N{KELVIN SIGN}top"},
        False,
    ),
    (
        "a repository whose name only looks the same",
        {"repository": "acme/kit"},
        {"job_workflow_ref": "Acme/\N{KELVIN SIGN}it/.github/workflows/release.yml@refs/heads/main"},
        False,
    ),
    ("a workflow that is no text", {}, {"job_workflow_ref": ["x"]}, False),
    ("no workflow", {}, {"job_workflow_ref": None}, False),
    ("what a stranger sent", {}, {"event_name": "pull_request_target"}, False),
]
GITLAB = [
    ("the very pipeline, in any case of letters", {}, {}, True),
    ("in its environment", {"environment": "release"}, {}, True),
    ("in another environment", {"environment": "staging"}, {}, False),
    ("in an environment in another case of letters", {"environment": "Release"}, {}, False),
    (
        "a file whose name goes on behind an @",
        {},
        {"ci_config_ref_uri": "gitlab.test/Acme/tools/widget//.gitlab-ci.yml@mine.yml@refs/tags/v1"},
        False,
    ),
    ("another file", {"file": "ci/publish.yml"}, {}, False),
    (
        "a file in a folder",
        {"file": "ci/publish.yml"},
        {"ci_config_ref_uri": "gitlab.test/Acme/tools/widget//ci/publish.yml@refs/tags/v1"},
        True,
    ),
    (
        "another project's file that this one includes",
        {},
        {"ci_config_ref_uri": "gitlab.test/else/where//.gitlab-ci.yml@refs/tags/v1"},
        False,
    ),
    (
        "a project whose path only ends so",
        {},
        {"ci_config_ref_uri": "gitlab.test/x/Acme/tools/widget//.gitlab-ci.yml@refs/tags/v1"},
        False,
    ),
    ("no reference behind it", {}, {"ci_config_ref_uri": "gitlab.test/Acme/tools/widget//.gitlab-ci.yml"}, False),
    ("no file", {}, {"ci_config_ref_uri": None}, False),
]


def changed(claims: dict, changes: dict) -> dict:
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


@pytest.mark.parametrize(("what", "more", "changes", "right"), GITHUB, ids=[row[0] for row in GITHUB])
def test_a_workflow_of_github(what, more, changes, right):
    assert KINDS["github"].names({**RELEASE, **more}, changed(GITHUB_CLAIMS, changes)) is right


@pytest.mark.parametrize(("what", "more", "changes", "right"), GITLAB, ids=[row[0] for row in GITLAB])
def test_a_pipeline_of_gitlab(what, more, changes, right):
    assert KINDS["gitlab"].names({**PIPELINE, **more}, changed(GITLAB_CLAIMS, changes)) is right


@pytest.mark.parametrize(("sub", "right"), [("machine-7", True), ("Machine-7", False), ("", False), (7, False)])
def test_a_subject_of_another_service_is_meant_letter_by_letter(sub, right):
    assert KINDS["subject"].names({"subject": "machine-7"}, {"sub": sub}) is right


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        (
            "github",
            {"repository": " Acme/Widget ", "workflow": "Release.yml", "environment": ""},
            {"repository": "acme/widget", "workflow": "Release.yml"},
        ),
        (
            "github",
            {"repository": "acme/widget", "workflow": "x.yaml", "environment": "Prod"},
            {"repository": "acme/widget", "workflow": "x.yaml", "environment": "prod"},
        ),
        ("gitlab", {"project": "Acme/Tools/x"}, {"project": "acme/tools/x", "file": ".gitlab-ci.yml"}),
        (
            "gitlab",
            {"project": "acme/x", "file": "x.yml", "environment": "Prod"},
            {"project": "acme/x", "file": "x.yml", "environment": "Prod"},
        ),
        ("subject", {"subject": "Machine 7"}, {"subject": "Machine 7"}),
    ],
    ids=[
        "GitHub's repository has no case and its file has one",
        "GitHub's environment has no case",
        "GitLab's file is the usual one unless another is named",
        "GitLab's environment has a case",
        "a subject is kept letter by letter",
    ],
)
def test_fields_are_kept_as_the_service_compares_them(name, given, kept):
    assert kind(name).normalized(given) == kept


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("github", {"workflow": "x.yml"}, "needs the field repository"),
        ("github", {"repository": "acme", "workflow": "x.yml"}, "is no repository"),
        ("github", {"repository": "acme/widget/x", "workflow": "x.yml"}, "is no repository"),
        ("github", {"repository": "acme/widget\nx", "workflow": "x.yml"}, "printable"),
        ("github", {"repository": "acme/widget", "workflow": ".github/workflows/x.yml"}, "name of its file"),
        ("github", {"repository": "acme/widget", "workflow": "x.sh"}, "name of its file"),
        ("github", {"repository": "acme/widget", "workflow": "x.yml", "environment": "e" * 256}, "at most 255"),
        ("github", {"repository": "acme/widget", "workflow": "x.yml", "branch": "main"}, "has no field 'branch'"),
        ("gitlab", {"project": "acme"}, "is no project"),
        ("gitlab", {"project": "acme/../x"}, "is no project"),
        ("gitlab", {"project": "acme/x", "file": "/etc/x.yml"}, "is no file"),
        ("gitlab", {"project": "acme/x", "file": "x.yml@main"}, "is no file"),
        ("subject", {}, "needs the field subject"),
    ],
    ids=[
        "no repository",
        "a repository without an owner",
        "a repository of three parts",
        "a repository with a line end",
        "a workflow with its folder",
        "a workflow that is no YAML",
        "an environment that is too long",
        "a field of no kind",
        "a project without a group",
        "a project with two dots",
        "a file from the root",
        "a file with a branch",
        "no subject",
    ],
)
def test_fields_that_no_pipeline_has_are_refused_with_a_sentence(name, given, sentence):
    with pytest.raises(BadPublisher, match=sentence):
        kind(name).normalized(given)


def test_a_kind_that_is_not_known_is_refused_with_those_that_are():
    with pytest.raises(BadPublisher, match="github, gitlab, subject"):
        kind("jenkins")


@pytest.mark.parametrize(
    ("name", "claims", "place"),
    [
        ("github", GITHUB_CLAIMS, "acme/widget"),
        ("gitlab", GITLAB_CLAIMS, "acme/tools/widget"),
        ("subject", {"sub": "machine-7"}, "machine-7"),
        ("github", {"repository": "Acme/\N{KELVIN SIGN}it"}, "acme/\N{KELVIN SIGN}it"),
        ("github", {}, ""),
        ("github", {"repository": 7}, ""),
    ],
    ids=[
        "GitHub's repository",
        "GitLab's project",
        "a subject",
        "letters that only look like ASCII's",
        "no claim",
        "a claim that is no text",
    ],
)
def test_publishers_are_looked_up_by_what_claims_name_first(name, claims, place):
    assert kind(name).place(claims) == place
