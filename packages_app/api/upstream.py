"""Operations on the index behind this one: whose a name is and what is hidden of it, and the rules about names."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from packages_app.accounts.permissions import Action, demand
from packages_app.api.documents import NAME
from packages_app.api.named import name_of
from packages_app.api.operations import SOURCE, Answer, Call, Operation
from packages_app.api.shapes import Field, Json, Shape, page_of
from packages_app.maintenance.reasons import LONGEST_REASON
from packages_app.simple_api.pages import upload_time

if TYPE_CHECKING:
    from packages_app.upstream.entries import Hidden, Rule

RESERVED = "reserved"

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
        "status": Field(
            kind="string",
            about="The project's status there: active, archived, deprecated or quarantined.",
            required=True,
        ),
        "status-reason": Field(kind="string", about="Why, as it says; mostly empty.", required=True),
        "shown": Field(kind="integer", about="Files of the kept page that are shown.", required=True),
        "hidden": Field(kind="array", about="Files of it that are not.", required=True, items=HIDDEN),
        "counts": Field(kind="object", about="How many are hidden for which reason.", required=True, open=True),
    },
)
OWNER = Field(
    kind="string",
    about="Where such names come from: this index, the one behind it, or both. What is reserved comes from this index, "
    "is never asked for elsewhere, and nothing overrides that.",
    required=True,
    choices=(RESERVED, "local", "upstream", "merge"),
)
REASON = Field(kind="string", about="Why, for the audit trail and for people.", required=True, longest=LONGEST_REASON)
RULE = Shape(
    name="NameRule",
    about="What an administrator decided about a name, or a pattern of names.",
    fields={
        "pattern": Field(kind="string", about="The name; a star stands for any characters.", required=True),
        "owner": OWNER,
        "reason": REASON,
        "actor": Field(kind="string", about="Who decided; empty for what the settings say.", required=True),
        "decided-at": Field(
            kind="string", about="When, RFC 3339 in UTC; null for what the settings say.", required=True, nullable=True
        ),
    },
)
WANTED = Shape(
    name="WantedNameRule",
    about="A rule to make. `local` also claims a name that was first seen in the index behind this one.",
    fields={"owner": OWNER, "reason": REASON},
)


def shown(call: Call) -> Answer:
    """Answer where a project comes from; the index behind this one is not asked.

    Raises:
        NoSuchProject: no project can have this name, or the caller may not know of it.
    """
    name = name_of(call)
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
            "status": found.status,
            "status-reason": found.status_reason,
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


def listed(call: Call) -> Answer:
    """Answer every rule about names, those of the settings among them."""
    demand(call.who, Action.ADMINISTER)
    from packages_app.upstream import rules  # noqa: PLC0415 - pages must not wait for what this imports

    found = sorted(rules.known(now=True), key=lambda rule: (rule.pattern, rule.owner is not None))
    return Answer(document={"entries": [document(rule) for rule in found], "next": None})


def decided(call: Call) -> Answer:
    """Reserve names, claim them, or say where they come from."""
    demand(call.who, Action.ADMINISTER)
    from packages_app.upstream import rules  # noqa: PLC0415 - pages must not wait for what this imports
    from packages_app.upstream.entries import Owner  # noqa: PLC0415 - pages must not wait for what this imports

    pattern, owner, reason = call.place["pattern"], call.body["owner"], call.body["reason"]
    change = call.who.change(SOURCE)
    if owner == RESERVED:
        return Answer(document=document(rules.reserve(pattern, reason, change)))
    return Answer(document=document(rules.override(pattern, Owner(owner), reason, change)))


def released(call: Call) -> Answer:
    """Take back what was decided about exactly this pattern."""
    demand(call.who, Action.ADMINISTER)
    from packages_app.upstream import rules  # noqa: PLC0415 - pages must not wait for what this imports

    rules.release(call.place["pattern"], call.who.change(SOURCE))
    return Answer()


def document(rule: "Rule") -> Json:
    """Return a rule."""
    return {
        "pattern": rule.pattern,
        "owner": rule.owner.value if rule.owner else RESERVED,
        "reason": rule.reason,
        "actor": rule.actor,
        "decided-at": upload_time(rule.at) if rule.at else None,
    }


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
    Operation(
        method="GET",
        path="upstream/rules",
        name="listNameRules",
        about="The rules about names, for administrators.",
        run=listed,
        answer=page_of(RULE, "The rules."),
    ),
    Operation(
        method="PUT",
        path="upstream/rules/{pattern}",
        name="decideName",
        about="Reserve names, claim them, or say where they come from; it replaces what was said before.",
        run=decided,
        answer=RULE,
        body=WANTED,
        refusals=(409, 415),
    ),
    Operation(
        method="DELETE",
        path="upstream/rules/{pattern}",
        name="releaseName",
        about="Take back what was decided about exactly this pattern.",
        run=released,
        status=204,
        refusals=(404,),
    ),
)
