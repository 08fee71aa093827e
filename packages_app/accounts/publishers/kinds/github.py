"""GitHub Actions (GitHub docs, "OpenID Connect reference"), on GitHub's own servers or a company's."""

import re
from collections.abc import Mapping

from packages_app.accounts.publishers.errors import BadPublisher
from packages_app.accounts.publishers.kinds.base import ENVIRONMENT, Claims, Field, Kind, caseless, text, without_ref

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}/[A-Za-z0-9._-]{1,100}\Z")
WORKFLOW = re.compile(r"[A-Za-z0-9._ -]+\.ya?ml\Z")
STRANGERS = frozenset({"pull_request_target"})
"""Events by which what a stranger sends runs with the repository's own rights."""


def check(given: Mapping[str, str]) -> dict[str, str]:
    """Return the fields as they are kept: GitHub's names of owners, repositories and environments have no case.

    Raises:
        BadPublisher: the repository or the workflow is none.
    """
    if not REPOSITORY.match(given["repository"]):
        raise BadPublisher(f"{given['repository'][:80]!a} is no repository of GitHub's: write owner/name.")
    if not WORKFLOW.match(given["workflow"]):
        raise BadPublisher(
            f"{given['workflow'][:80]!a} is no workflow: write the name of its file in .github/workflows, such as "
            "release.yml."
        )
    kept = {"repository": caseless(given["repository"]), "workflow": given["workflow"]}
    return kept | ({"environment": caseless(given["environment"])} if "environment" in given else {})


def names(fields: Mapping[str, str], claims: Claims) -> bool:
    """Return whether the job that asks is written in this workflow of the repository itself."""
    # Where the workflow uses another one, this names the other one: that is where the code that asks is written.
    folder, _, name = without_ref(text(claims, "job_workflow_ref")).rpartition("/")
    return (
        caseless(folder) == f"{fields['repository']}/.github/workflows"
        and name == fields["workflow"]
        and text(claims, "event_name") not in STRANGERS
        and fields.get("environment", "") in {"", caseless(text(claims, "environment"))}
    )


def run(claims: Claims) -> str:
    """Return which run of the workflow it is, who began it, and of what."""
    return f"run {text(claims, 'run_id')} by {text(claims, 'actor')} of {text(claims, 'ref')}"


GITHUB = Kind(
    name="github",
    title="GitHub Actions",
    fields=(
        Field(name="repository", about="owner and name, such as acme/widget"),
        Field(name="workflow", about="the file in .github/workflows, such as release.yml"),
        ENVIRONMENT,
    ),
    lasting=("repository_owner_id", "repository_id"),
    check=check,
    place=lambda claims: caseless(text(claims, "repository")),
    names=names,
    run=run,
)
