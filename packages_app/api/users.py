"""Operations on users and groups."""

from dataclasses import replace
from itertools import islice

from packages_app.accounts import administer, read
from packages_app.accounts.entries import Group, User
from packages_app.accounts.permissions import Action, demand
from packages_app.api import cursors
from packages_app.api.operations import CURSOR, LIMIT, SOURCE, Answer, Call, Operation
from packages_app.api.shapes import Field, Json, Shape, page_of

NAME = Field(kind="string", about="The name that people sign in with.", required=True)
DISPLAY_NAME = Field(kind="string", about="The name as people write it.")
EMAIL = Field(kind="string", about="An address.")
ADMINISTRATOR = Field(kind="boolean", about="Whether the user may do everything.")
DISABLED = Field(kind="boolean", about="Whether nothing of the user works.")
GROUPS = Field(kind="array", about="Groups that the user is in.", items=Field(kind="string", about="A group's name."))
USER = Shape(
    name="User",
    about="A person or machine that has an account.",
    fields={
        "name": NAME,
        "display-name": replace(DISPLAY_NAME, required=True),
        "email": replace(EMAIL, required=True),
        "administrator": replace(ADMINISTRATOR, required=True),
        "disabled": replace(DISABLED, required=True),
        "groups": replace(GROUPS, required=True),
        "configured": Field(
            kind="boolean",
            about="Whether the operator's settings name the user; it cannot be changed here.",
            required=True,
        ),
    },
)
WANTED = Shape(
    name="WantedUser",
    about="A user to make. Without a password nobody signs in as them with a browser; tokens work.",
    fields={
        "name": NAME,
        "password": Field(kind="string", about="Ten characters or more."),
        "display-name": DISPLAY_NAME,
        "email": EMAIL,
        "administrator": ADMINISTRATOR,
        "groups": GROUPS,
    },
)
CHANGED = Shape(
    name="ChangedUser",
    about="What is to be another of a user; what is left out stays.",
    fields={
        "display-name": DISPLAY_NAME,
        "email": EMAIL,
        "administrator": ADMINISTRATOR,
        "disabled": DISABLED,
        "groups": GROUPS,
    },
)
GROUP = Shape(
    name="Group",
    about="A name for several users, to grant roles to.",
    fields={
        "name": Field(kind="string", about="Its name.", required=True),
        "description": Field(kind="string", about="What it is for.", required=True),
    },
)
WANTED_GROUP = Shape(
    name="WantedGroup",
    about="A group to make.",
    fields={
        "name": Field(kind="string", about="Its name.", required=True),
        "description": Field(kind="string", about="What it is for."),
    },
)


def listed(call: Call) -> Answer:
    """Answer a page of users."""
    demand(call.who, Action.ADMINISTER)
    page = list(islice(read.users(call.after), call.limit))
    place = page[-1].name if len(page) == call.limit else ""
    return Answer(document={"entries": [document(user) for user in page], "next": cursors.written(place)})


def shown(call: Call) -> Answer:
    """Answer one user."""
    return Answer(document=document(administer.user(call.place["user"], call.who)))


def made(call: Call) -> Answer:
    """Make a user."""
    body = call.body
    wanted = User(
        name=body["name"],
        display_name=body.get("display-name", ""),
        email=body.get("email", ""),
        administrator=body.get("administrator", False),
        groups=tuple(body.get("groups", ())),
    )
    return Answer(document=document(administer.create_user(wanted, body.get("password"), call.who, source=SOURCE)))


def changed(call: Call) -> Answer:
    """Change a user."""
    body = call.body
    before = administer.user(call.place["user"], call.who)
    after = replace(
        before,
        display_name=body.get("display-name", before.display_name),
        email=body.get("email", before.email),
        administrator=body.get("administrator", before.administrator),
        disabled=body.get("disabled", before.disabled),
        groups=tuple(body.get("groups", before.groups)),
    )
    return Answer(document=document(administer.change_user(before, after, call.who, source=SOURCE)))


def groups(call: Call) -> Answer:
    """Answer a page of groups."""
    demand(call.who, Action.ADMINISTER)
    page = list(islice(read.groups(call.after), call.limit))
    place = page[-1].name if len(page) == call.limit else ""
    entries = [{"name": group.name, "description": group.description} for group in page]
    return Answer(document={"entries": entries, "next": cursors.written(place)})


def made_group(call: Call) -> Answer:
    """Make a group."""
    wanted = Group(name=call.body["name"], description=call.body.get("description", ""))
    administer.create_group(wanted, call.who, source=SOURCE)
    return Answer(document={"name": wanted.name, "description": wanted.description})


def deleted_group(call: Call) -> Answer:
    """Delete a group that is not in use."""
    administer.delete_group(call.place["group"], call.who, source=SOURCE)
    return Answer()


def document(user: User) -> Json:
    """Return a user; nothing of the password."""
    return {
        "name": user.name,
        "display-name": user.display_name,
        "email": user.email,
        "administrator": user.administrator,
        "disabled": user.disabled,
        "groups": sorted(user.groups),
        "configured": user.configured,
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="users",
        name="listUsers",
        about="Every user, in the order of their names, for administrators.",
        run=listed,
        answer=page_of(USER, "A page of users."),
        query=(CURSOR, LIMIT),
    ),
    Operation(
        method="POST",
        path="users",
        name="makeUser",
        about="Make a user.",
        run=made,
        answer=USER,
        body=WANTED,
        status=201,
        refusals=(409, 415),
    ),
    Operation(
        method="GET",
        path="users/{user}",
        name="showUser",
        about="One user: yourself, or anybody for administrators.",
        run=shown,
        answer=USER,
        refusals=(404,),
    ),
    Operation(
        method="PATCH",
        path="users/{user}",
        name="changeUser",
        about="Change, disable or enable a user.",
        run=changed,
        answer=USER,
        body=CHANGED,
        refusals=(404, 409, 415),
    ),
    Operation(
        method="GET",
        path="groups",
        name="listGroups",
        about="Every group, in the order of their names, for administrators.",
        run=groups,
        answer=page_of(GROUP, "A page of groups."),
        query=(CURSOR, LIMIT),
    ),
    Operation(
        method="POST",
        path="groups",
        name="makeGroup",
        about="Make a group.",
        run=made_group,
        answer=GROUP,
        body=WANTED_GROUP,
        status=201,
        refusals=(409, 415),
    ),
    Operation(
        method="DELETE",
        path="groups/{group}",
        name="deleteGroup",
        about="Delete a group that nobody is in and that was granted nothing.",
        run=deleted_group,
        status=204,
        refusals=(404,),
    ),
)
