"""The operation that says why an installer finds what it finds of a project: whose it is, and what is hidden."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from packages_app import names
from packages_app.accounts.permissions import Action, demand
from packages_app.api.operations import Answer, Call, Operation
from packages_app.api.projects import NAME
from packages_app.api.shapes import Field, Json, Shape
from packages_app.simple_api.errors import NoSuchProject
from packages_app.simple_api.pages import upload_time

if TYPE_CHECKING:
    from packages_app.upstream.entries import Hidden

HIDDEN = Shape(
    name="HiddenFile",
    about="A file that the index behind this one lists and this index does not show.",
    fields={
        "filename": Field(kind="string", about="Its name.", required=True),
        "version": Field(kind="string", about="Its version; empty where the name does not tell.", required=True),
        "why": Field(kind="string", about="The reason in a stable word, such as cooldown or malware.", required=True),
        "reason": Field(kind="string", about="The reason as a sentence.", required=True),
    },
)
UPSTREAM = Shape(
    name="Upstream",
    about="Where a project comes from, as far as it is known without asking anybody.",
    fields={
        "name": NAME,
        "owner": Field(
            kind="string",
            about="Where its files come from: this index, the one behind it, or both.",
            required=True,
            choices=("local", "upstream", "merge"),
        ),
        "rule": Field(
            kind="string", about="The pattern of the rule that decided; empty where none did.", required=True
        ),
        "published": Field(kind="boolean", about="Whether this index has the project.", required=True),
        "seen": Field(kind="boolean", about="Whether the index behind this one ever had it.", required=True),
        "absent": Field(kind="boolean", about="Whether that said last that it has not.", required=True),
        "checked-at": Field(
            kind="string", about="When that confirmed last what is kept.", required=True, nullable=True
        ),
        "fault": Field(kind="string", about="What went wrong with it since; empty if nothing did.", required=True),
        "shown": Field(kind="integer", about="Files of the kept page that are shown.", required=True),
        "hidden": Field(kind="array", about="Files of it that are not.", required=True, items=HIDDEN),
        "counts": Field(kind="object", about="How many are hidden for which reason.", required=True, open=True),
    },
)


def shown(call: Call) -> Answer:
    """Answer where a project comes from; the index behind this one is not asked.

    Raises:
        NoSuchProject: no project can have this name, or the caller may not know of it.
    """
    given = call.place["project"]
    if not names.is_valid_name(given):
        raise NoSuchProject("This index has no such project: that is no name a project can have.")
    name = names.normalize(given)
    demand(call.who, Action.READ, name)
    from packages_app.upstream.explain import explain  # noqa: PLC0415 - pages must not wait for what this imports

    found = explain(name)
    return Answer(
        document={
            "name": found.project,
            "owner": found.owner.value,
            "rule": found.rule.pattern if found.rule else "",
            "published": found.published,
            "seen": found.seen,
            "absent": found.absent,
            "checked-at": upload_time(found.checked_at) if found.checked_at else None,
            "fault": found.fault,
            "shown": found.shown,
            "hidden": documents(found.hidden, found.sentences),
            "counts": found.counts,
        }
    )


def documents(hidden: "Iterable[Hidden]", sentences: Iterable[str]) -> list[Json]:
    """Return hidden files with their reasons."""
    return [
        {"filename": each.filename, "version": each.version, "why": each.why.value, "reason": sentence}
        for each, sentence in zip(hidden, sentences, strict=True)
    ]


OPERATIONS = (
    Operation(
        method="GET",
        path="projects/{project}/upstream",
        name="showUpstream",
        about="Where a project comes from, and which files of the index behind this one are hidden for what.",
        run=shown,
        answer=UPSTREAM,
        refusals=(404,),
    ),
)
