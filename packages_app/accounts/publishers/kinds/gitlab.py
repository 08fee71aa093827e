"""GitLab CI (GitLab docs, "OpenID Connect authentication using ID tokens"), on any server."""

import re
from collections.abc import Mapping

from packages_app.accounts.publishers.errors import BadPublisher
from packages_app.accounts.publishers.kinds.base import ENVIRONMENT, Claims, Field, Kind, caseless, text, without_ref

PROJECT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)+\Z")
FILE = re.compile(r"[A-Za-z0-9._-][A-Za-z0-9._/ -]*\.ya?ml\Z")
DEFAULT = ".gitlab-ci.yml"


def check(given: Mapping[str, str]) -> dict[str, str]:
    """Return the fields as they are kept: GitLab's paths of projects have no case, its environments do.

    Raises:
        BadPublisher: the project or the file is none.
    """
    file = given.get("file", DEFAULT)
    if not PROJECT.match(given["project"]):
        raise BadPublisher(f"{given['project'][:80]!a} is no project of GitLab's: write its path, such as group/name.")
    if not FILE.match(file):
        raise BadPublisher(f"{file[:80]!a} is no file of a pipeline: write its path in the project, such as {DEFAULT}.")
    kept = {"project": caseless(given["project"]), "file": file}
    return kept | ({"environment": given["environment"]} if "environment" in given else {})


def names(fields: Mapping[str, str], claims: Claims) -> bool:
    """Return whether the pipeline is written in this file of the project itself."""
    # Such as gitlab.example/group/name//.gitlab-ci.yml@refs/heads/main.
    place, _, path = without_ref(text(claims, "ci_config_ref_uri")).partition("//")
    return (
        caseless(place.partition("/")[2]) == fields["project"]
        and path == fields["file"]
        # A job makes environments by naming them, and Release is another than release, which may be protected.
        and fields.get("environment", "") in {"", text(claims, "environment")}
    )


def run(claims: Claims) -> str:
    """Return which job it is, who began it, and of what."""
    return f"job {text(claims, 'job_id')} by {text(claims, 'user_login')} of {text(claims, 'ref')}"


GITLAB = Kind(
    name="gitlab",
    title="GitLab CI",
    fields=(
        Field(name="project", about="its path, such as group/name"),
        Field(name="file", about=f"the pipeline's file; left out, {DEFAULT}", needed=False),
        ENVIRONMENT,
    ),
    lasting=("namespace_id", "project_id"),
    check=check,
    place=lambda claims: caseless(text(claims, "project_path")),
    names=names,
    run=run,
)
