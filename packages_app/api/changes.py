"""Operations that change projects, releases and files; each calls the journey that every door calls."""

from datetime import timedelta

from packages_app.api.documents import FILE, PROJECT, RELEASE, answered, file_document, release_document
from packages_app.api.named import file_of, project_of, release_of
from packages_app.api.operations import SOURCE, Answer, Call, Operation
from packages_app.api.shapes import Field, Json, Shape
from packages_app.catalogue.entries import Status
from packages_app.maintenance import delete, retention, status, yank
from packages_app.maintenance.reasons import LONGEST_REASON
from packages_app.simple_api.pages import upload_time

REASON = Field(kind="string", about="Why, on one line; it is shown to people.", longest=LONGEST_REASON)
MARK = Shape(
    name="Mark",
    about="Whether files are yanked (PEP 592).",
    fields={
        "yanked": Field(kind="boolean", about="True to yank, false to take it back.", required=True),
        "reason": REASON,
    },
)
MARKER = Shape(
    name="StatusMarker",
    about="A project's status marker (PEP 792).",
    fields={
        "status": Field(
            kind="string", about="The marker.", required=True, choices=tuple(each.value for each in Status)
        ),
        "reason": REASON,
    },
)
RULE = Shape(
    name="RetentionRule",
    about="What to keep of a project; a release goes when every condition given holds.",
    fields={
        "keep-last": Field(kind="integer", about="Keep this many of the newest releases."),
        "older-than-days": Field(kind="integer", about="Delete only what is older."),
        "prereleases": Field(kind="boolean", about="Be about pre-releases only."),
        "apply": Field(kind="boolean", about="Delete; where it is left out or false, only say what would go."),
    },
)
REMOVAL = Shape(
    name="Removal",
    about="A release that a rule deletes.",
    fields={
        "version": Field(kind="string", about="The release.", required=True),
        "files": Field(kind="integer", about="How many files it has.", required=True),
        "size": Field(kind="integer", about="Bytes of all of them.", required=True),
        "last-upload": Field(kind="string", about="When the last of them came, RFC 3339 in UTC.", required=True),
    },
)
KEPT = Shape(
    name="Retention",
    about="What a rule came to.",
    fields={
        "applied": Field(kind="boolean", about="Whether the releases are deleted now.", required=True),
        "removals": Field(kind="array", about="The releases.", required=True, items=REMOVAL),
    },
)
MOST_DAYS = 36500


def mark_file(call: Call) -> Answer:
    """Yank a file, or take that back."""
    name, filename = project_of(call).name, call.place["filename"]
    seen = call.expected_serial
    if call.body["yanked"]:
        done = yank.yank(name, filename, call.body.get("reason", ""), call.who, source=SOURCE, expected_serial=seen)
    else:
        done = yank.unyank(name, filename, call.who, source=SOURCE, expected_serial=seen)
    return Answer(document=file_document(file_of(project_of(call), filename)), serial=done.serial)


def mark_release(call: Call) -> Answer:
    """Yank all files of a release, or take that back."""
    name, version = project_of(call).name, call.place["version"]
    seen = call.expected_serial
    if call.body["yanked"]:
        done = yank.yank_release(
            name, version, call.body.get("reason", ""), call.who, source=SOURCE, expected_serial=seen
        )
    else:
        done = yank.unyank_release(name, version, call.who, source=SOURCE, expected_serial=seen)
    return Answer(document=release_document(name, *release_of(project_of(call), version)), serial=done.serial)


def set_status(call: Call) -> Answer:
    """Set a project's status marker."""
    status.set_status(
        project_of(call).name,
        Status(call.body["status"]),
        call.body.get("reason", ""),
        call.who,
        source=SOURCE,
        expected_serial=call.expected_serial,
    )
    return answered(project_of(call))


def delete_file(call: Call) -> Answer:
    """Delete a file."""
    name = project_of(call).name
    delete.delete_file(name, call.place["filename"], call.who, source=SOURCE, expected_serial=call.expected_serial)
    return Answer()


def delete_release(call: Call) -> Answer:
    """Delete a release."""
    name = project_of(call).name
    delete.delete_release(name, call.place["version"], call.who, source=SOURCE, expected_serial=call.expected_serial)
    return Answer()


def delete_project(call: Call) -> Answer:
    """Delete a project."""
    delete.delete_project(project_of(call).name, call.who, source=SOURCE, expected_serial=call.expected_serial)
    return Answer()


def keep_only(call: Call) -> Answer:
    """Say what a retention rule would delete of a project, and delete it where that is asked for."""
    days = call.body.get("older-than-days")
    rule = retention.Rule(
        pattern=project_of(call).name,
        keep_last=call.body.get("keep-last"),
        older_than=None if days is None else timedelta(days=max(-1, min(days, MOST_DAYS))),
        prereleases=call.body.get("prereleases", False),
    )
    planned = list(retention.plan(rule, call.who))
    applied = bool(call.body.get("apply", False))
    if applied:
        for removal in planned:
            retention.apply(removal, call.who, source=SOURCE)
    return Answer(document={"applied": applied, "removals": [removal_document(each) for each in planned]})


def removal_document(found: retention.Removal) -> Json:
    """Return a release that a rule deletes."""
    return {
        "version": found.version,
        "files": len(found.files),
        "size": found.size,
        "last-upload": upload_time(found.last_upload),
    }


OPERATIONS = (
    Operation(
        method="PATCH",
        path="projects/{project}",
        name="setStatus",
        about="Set a project's status: active, archived, deprecated or quarantined.",
        run=set_status,
        answer=PROJECT,
        body=MARKER,
        refusals=(404, 412, 415),
        conditional=True,
    ),
    Operation(
        method="DELETE",
        path="projects/{project}",
        name="deleteProject",
        about="Delete a project with all its files.",
        run=delete_project,
        status=204,
        refusals=(404, 412),
        conditional=True,
    ),
    Operation(
        method="PATCH",
        path="projects/{project}/releases/{version}",
        name="yankRelease",
        about="Yank every file of a release, or take that back.",
        run=mark_release,
        answer=RELEASE,
        body=MARK,
        refusals=(404, 412, 415),
        conditional=True,
    ),
    Operation(
        method="DELETE",
        path="projects/{project}/releases/{version}",
        name="deleteRelease",
        about="Delete every file of a release.",
        run=delete_release,
        status=204,
        refusals=(404, 412),
        conditional=True,
    ),
    Operation(
        method="PATCH",
        path="projects/{project}/files/{filename}",
        name="yankFile",
        about="Yank a file, or take that back.",
        run=mark_file,
        answer=FILE,
        body=MARK,
        refusals=(404, 412, 415),
        conditional=True,
    ),
    Operation(
        method="DELETE",
        path="projects/{project}/files/{filename}",
        name="deleteFile",
        about="Delete a file.",
        run=delete_file,
        status=204,
        refusals=(404, 412),
        conditional=True,
    ),
    Operation(
        method="POST",
        path="projects/{project}/retention",
        name="keepOnly",
        about="Say which releases a rule would delete; with apply, delete them.",
        run=keep_only,
        answer=KEPT,
        body=RULE,
        refusals=(404, 409, 415),
    ),
)
