"""Operations on trusted publishers: pipelines of CI services that may upload without a secret."""

from collections.abc import Iterable, Mapping

from packages_app.accounts.publishers import register
from packages_app.accounts.publishers.entries import Publisher
from packages_app.accounts.publishers.kinds import KINDS
from packages_app.accounts.publishers.kinds.base import LONGEST
from packages_app.api import cursors
from packages_app.api.named import name_of
from packages_app.api.operations import CURSOR, LIMIT, SOURCE, Answer, Call, Operation
from packages_app.api.shapes import Field, Json, Shape, page_of
from packages_app.api.tokens import WHEN, written

KIND = "The kind of its CI service."
LONGEST_ISSUER = 500


def of_pipelines() -> Mapping[str, Field]:
    """Return every kind's own fields, each with what it is to the kinds that have it."""
    told: dict[str, list[str]] = {}
    for kind in KINDS.values():
        for field in kind.fields:
            told.setdefault(field.name, []).append(
                f"{kind.title}{'' if field.needed else ', if wanted'}: {field.about}."
            )
    return {name: Field(kind="string", about=" ".join(said), longest=LONGEST) for name, said in told.items()}


PIPELINE = of_pipelines()
WANTED = Shape(
    name="WantedPublisher",
    about="A pipeline to trust.",
    fields={
        "kind": Field(kind="string", about=KIND, required=True, choices=tuple(KINDS)),
        "issuer": Field(
            kind="string",
            about="Who signs its tokens; left out, the only one of the kind that the settings name.",
            longest=LONGEST_ISSUER,
        ),
        **PIPELINE,
    },
)
WANTED_ON = Shape(
    name="WantedPublisherOnPattern",
    about="A pipeline to trust with every project that a pattern covers.",
    fields={
        "pattern": Field(kind="string", about="The project, or the beginning of names and a star.", required=True),
        **WANTED.fields,
    },
)
PUBLISHER = Shape(
    name="Publisher",
    about="A pipeline that is trusted; as an actor, an uploader and an owner of tokens it is `publisher:` and its id.",
    fields={
        "id": Field(kind="string", about="What it is called here.", required=True),
        "kind": Field(kind="string", about=KIND, required=True),
        "issuer": Field(kind="string", about="Who signs its tokens.", required=True),
        **PIPELINE,
        "about": Field(kind="string", about="The pipeline in a few words.", required=True),
        "creator": Field(kind="string", about="Who named it first.", required=True),
        "created": Field(kind="string", about=f"When it was named first, {WHEN}", required=True, nullable=True),
        "pinned": Field(
            kind="string", about="Ids of the repository and its owner, kept since its first token.", required=True
        ),
        "last-used": Field(
            kind="string", about=f"When it was last given a token, {WHEN}", required=True, nullable=True
        ),
    },
)


def on_project(call: Call) -> Answer:
    """Answer the publishers that were named for one project."""
    return Answer(document={"entries": documents(register.of_project(call.who, name_of(call))), "next": None})


def trusted_on_project(call: Call) -> Answer:
    """Trust a pipeline with one project, whether or not there is one of this name yet."""
    return trusted(call, name_of(call))


def withdrawn(call: Call) -> Answer:
    """Trust a publisher with one project no more."""
    register.withdraw(call.who, name_of(call), call.place["publisher"], source=SOURCE)
    return Answer()


def listed(call: Call) -> Answer:
    """Answer a page of all publishers."""
    page = register.of_all(call.who, call.after, call.limit)
    return Answer(document={"entries": documents(page.publishers), "next": cursors.written(page.next)})


def trusted_on_pattern(call: Call) -> Answer:
    """Trust a pipeline with what a pattern covers."""
    return trusted(call, call.body["pattern"])


def removed(call: Call) -> Answer:
    """Remove a publisher with all its roles."""
    register.remove(call.who, call.place["publisher"], source=SOURCE)
    return Answer()


def trusted(call: Call, pattern: str) -> Answer:
    """Trust the pipeline that the body describes, and answer it."""
    found = register.trust(
        call.who,
        pattern,
        kind_=call.body["kind"],
        issuer=call.body.get("issuer", ""),
        fields={name: call.body[name] for name in PIPELINE if name in call.body},
        source=SOURCE,
    )
    return Answer(document=document(found))


def documents(found: Iterable[Publisher]) -> list[Json]:
    """Return publishers."""
    return [document(each) for each in found]


def document(found: Publisher) -> Json:
    """Return a publisher."""
    pipeline = found.pipeline
    return {
        "id": found.id,
        "kind": pipeline.kind,
        "issuer": pipeline.issuer,
        **{name: pipeline.fields[name] for name in PIPELINE if name in pipeline.fields},
        "about": found.about,
        "creator": found.creator,
        "created": written(found.created),
        "pinned": found.pinned,
        "last-used": written(found.last_used),
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="projects/{project}/publishers",
        name="listProjectPublishers",
        about="The pipelines that were named for one project, for whoever manages it.",
        run=on_project,
        answer=page_of(PUBLISHER, "Publishers."),
        refusals=(404,),
    ),
    Operation(
        method="POST",
        path="projects/{project}/publishers",
        name="trustPublisher",
        about="Let a pipeline upload to a project, also to one that does not exist yet; for whoever manages it.",
        run=trusted_on_project,
        answer=PUBLISHER,
        body=WANTED,
        refusals=(404, 409, 415),
    ),
    Operation(
        method="DELETE",
        path="projects/{project}/publishers/{publisher}",
        name="withdrawPublisher",
        about="Let a pipeline upload to a project no more; it is removed where nothing else was granted to it.",
        run=withdrawn,
        status=204,
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path="publishers",
        name="listPublishers",
        about="The pipelines of all projects, for administrators.",
        run=listed,
        answer=page_of(PUBLISHER, "A page of publishers."),
        query=(CURSOR, LIMIT),
    ),
    Operation(
        method="POST",
        path="publishers",
        name="trustPublisherOnPattern",
        about="Let a pipeline upload to every project that a pattern covers, for administrators.",
        run=trusted_on_pattern,
        answer=PUBLISHER,
        body=WANTED_ON,
        refusals=(404, 409, 415),
    ),
    Operation(
        method="DELETE",
        path="publishers/{publisher}",
        name="removePublisher",
        about="Remove a pipeline with all its roles, for administrators; its tokens are refused.",
        run=removed,
        status=204,
        refusals=(404,),
    ),
)
