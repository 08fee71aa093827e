"""Operations that look across the index: the search, counts of downloads, the audit trail."""

from datetime import datetime

from packages_app import names
from packages_app.accounts.permissions import Action, demand
from packages_app.accounts.visible import visible
from packages_app.api import cursors
from packages_app.api.errors import BadQuery
from packages_app.api.named import project_of
from packages_app.api.operations import CURSOR, LIMIT, Answer, Call, Operation, Query
from packages_app.api.shapes import Field, Json, Shape, page_of
from packages_app.audit.entries import Event
from packages_app.audit.read import BEGINNING
from packages_app.discovery.search import search
from packages_app.downloads.read import MOST_DAYS
from packages_app.downloads.read import read as downloads_of
from packages_app.maintenance.trail import trail
from packages_app.simple_api.pages import upload_time

FOUND = Shape(
    name="FoundProject",
    about="A project that the search found.",
    fields={
        "name": Field(kind="string", about="Its normalised name.", required=True),
        "display-name": Field(kind="string", about="The name as its maintainers write it.", required=True),
        "summary": Field(kind="string", about="What it says of itself.", required=True),
    },
)
DAY = Shape(
    name="DayOfDownloads",
    about="The downloads of one day, in UTC.",
    fields={
        "day": Field(kind="string", about="The day, as 2030-01-31.", required=True),
        "count": Field(kind="integer", about="How many files were downloaded.", required=True),
        "versions": Field(kind="object", about="How many of each version.", required=True, open=True),
    },
)
EVENT = Shape(
    name="Event",
    about="Something that changed the index.",
    fields={
        "id": Field(kind="string", about="Orders events by time.", required=True),
        "at": Field(kind="string", about="When, RFC 3339 in UTC.", required=True),
        "action": Field(kind="string", about="What, such as file.publish.", required=True),
        "actor": Field(kind="string", about="Who; empty for nobody in particular.", required=True),
        "token": Field(kind="string", about="The id of the token they came with; empty without one.", required=True),
        "address": Field(kind="string", about="From where on the network; empty for a command.", required=True),
        "source": Field(kind="string", about="The door it came through.", required=True),
        "project": Field(kind="string", about="The project it belongs to; empty for none.", required=True),
        "target": Field(kind="string", about="What it was done to, such as a file name.", required=True),
        "before": Field(kind="object", about="What was.", required=True, open=True),
        "after": Field(kind="object", about="What is since then.", required=True, open=True),
    },
)


def searched(call: Call) -> Answer:
    """Answer a page of what the search finds."""
    demand(call.who, Action.READ)
    shown = visible(call.who)
    found = search(call.text("q"), shown.__contains__, cursor=call.after, limit=call.limit)
    entries = [
        {"name": each.name, "display-name": each.display_name, "summary": each.described.summary}
        for each in found.projects
    ]
    return Answer(document={"entries": entries, "next": cursors.written(found.cursor)})


def downloads(call: Call) -> Answer:
    """Answer how often a project's files were downloaded, day by day."""
    days = downloads_of(project_of(call).name, call.number("days", 30, most=MOST_DAYS))
    entries = [{"day": each.day.isoformat(), "count": each.count, "versions": dict(each.versions)} for each in days]
    return Answer(document={"entries": entries, "next": None})


def events(call: Call) -> Answer:
    """Answer a page of the audit trail, the newest event first."""
    project = call.text("project")
    page = trail(
        call.who,
        project=names.project_name(project) if project else "",
        actor=call.text("actor"),
        target=call.text("target"),
        since=moment(call, "since") or BEGINNING,
        until=moment(call, "until"),
        cursor=call.after,
        limit=call.limit,
    )
    return Answer(
        document={"entries": [event_document(event) for event in page.events], "next": cursors.written(page.cursor)}
    )


def moment(call: Call, name: str) -> datetime | None:
    """Return a parameter of the query as a moment; None when it is not there.

    Raises:
        BadQuery: it is none, or without its zone.
    """
    text = call.text(name)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadQuery(f"The parameter {name} must be a time with its zone, such as 2030-01-31T12:00:00Z.")
    return found


def event_document(event: Event) -> Json:
    """Return an event."""
    return {
        "id": event.id,
        "at": upload_time(event.at) if event.at is not None else "",
        "action": event.action,
        "actor": event.actor,
        "token": event.token,
        "address": event.address,
        "source": event.source,
        "project": event.project,
        "target": event.target,
        "before": event.before,
        "after": event.after,
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="search",
        name="searchProjects",
        about="Projects by the words of their names, summaries and keywords, best first.",
        run=searched,
        answer=page_of(FOUND, "A page of projects."),
        query=(Query(name="q", about="Words, or beginnings of words."), CURSOR, LIMIT),
    ),
    Operation(
        method="GET",
        path="projects/{project}/downloads",
        name="listDownloads",
        about="How often a project's files were downloaded, by day.",
        run=downloads,
        answer=page_of(DAY, "Days, today the last."),
        query=(Query(name="days", about=f"How many days, 1 to {MOST_DAYS}; 30 without it.", kind="integer"),),
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path="events",
        name="listEvents",
        about="The audit trail, newest first: of a project (whoever manages it), your own, or all (administrators).",
        run=events,
        answer=page_of(EVENT, "A page of events."),
        query=(
            Query(name="project", about="Events of this project."),
            Query(name="actor", about="Events by this user."),
            Query(name="target", about="Events about this target, such as a user's name."),
            Query(name="since", about="Not before this time, RFC 3339."),
            Query(name="until", about="Before this time, RFC 3339."),
            CURSOR,
            LIMIT,
        ),
        refusals=(404,),
    ),
)
