"""Operations on roles: who may do what on a project, or on every project that a pattern covers."""

from packages_app.accounts import administer, read
from packages_app.accounts.entries import Grant, Subject, SubjectKind
from packages_app.accounts.permissions import Action, demand
from packages_app.accounts.roles import Role
from packages_app.api.errors import BadBody
from packages_app.api.named import project_of
from packages_app.api.operations import SOURCE, Answer, Call, Operation
from packages_app.api.shapes import Field, Json, Shape, page_of

ROLE = Field(kind="string", about="The role.", required=True, choices=tuple(role.value for role in Role))
GRANT = Shape(
    name="Grant",
    about="A role of a user, a group or a trusted publisher.",
    fields={
        "subject": Field(
            kind="string", about="Whose: `user:ana`, `group:core`, or `publisher:` and an id.", required=True
        ),
        "pattern": Field(kind="string", about="The project, or the beginning of names and a star.", required=True),
        "role": ROLE,
    },
)
WANTED = Shape(name="WantedRole", about="A role to grant.", fields={"role": ROLE})


def on_project(call: Call) -> Answer:
    """Answer the roles on one project by its name."""
    name = project_of(call).name
    demand(call.who, Action.MANAGE, name)
    return Answer(document={"entries": [document(each) for each in read.grants_on(name)], "next": None})


def on_patterns(call: Call) -> Answer:
    """Answer the roles on patterns."""
    demand(call.who, Action.ADMINISTER)
    return Answer(document={"entries": [document(each) for each in read.grants()], "next": None})


def granted(call: Call) -> Answer:
    """Grant a role on a project, or on a pattern."""
    wanted = Grant(subject=subject_of(call), pattern=pattern_of(call), role=Role(call.body["role"]))
    return Answer(document=document(administer.grant(wanted, call.who, source=SOURCE)))


def taken(call: Call) -> Answer:
    """Take a role away."""
    administer.ungrant(subject_of(call), pattern_of(call), call.who, source=SOURCE)
    return Answer()


def pattern_of(call: Call) -> str:
    """Return the project or pattern that the path names."""
    return call.place["pattern"]


def subject_of(call: Call) -> Subject:
    """Return the user, group or publisher that the path names.

    Raises:
        BadBody: it names none.
    """
    kind, colon, name = call.place["subject"].partition(":")
    if not colon or kind not in {each.value for each in SubjectKind}:
        raise BadBody("Name whom the role is for as user:NAME, group:NAME or publisher:ID.")
    return Subject(SubjectKind(kind), name)


def document(found: Grant) -> Json:
    """Return a grant."""
    return {"subject": str(found.subject), "pattern": found.pattern, "role": found.role.value}


OPERATIONS = (
    Operation(
        method="GET",
        path="projects/{project}/roles",
        name="listProjectRoles",
        about="The roles on one project by its name, for whoever manages it.",
        run=on_project,
        answer=page_of(GRANT, "Roles."),
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path="roles",
        name="listRoles",
        about="The roles on patterns, for administrators.",
        run=on_patterns,
        answer=page_of(GRANT, "Roles."),
    ),
    Operation(
        method="PUT",
        path="roles/{pattern}/{subject}",
        name="grantRole",
        about="Grant a role on a project (whoever manages it) or a pattern (administrators).",
        run=granted,
        answer=GRANT,
        body=WANTED,
        refusals=(404, 415),
    ),
    Operation(
        method="DELETE",
        path="roles/{pattern}/{subject}",
        name="takeRole",
        about="Take a role away.",
        run=taken,
        status=204,
        refusals=(404,),
    ),
)
