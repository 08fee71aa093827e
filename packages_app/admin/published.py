"""What the lists of files and of releases share: they are of a project, are yanked, taken back, and deleted."""

from collections.abc import Callable

from django import forms

from packages_app.admin.callers import SOURCE
from packages_app.admin.chores import Chore, Task
from packages_app.admin.faces import Face
from packages_app.admin.filters import Typed
from packages_app.admin.projects import expected, serials
from packages_app.maintenance.entries import Done

Journey = Callable[..., Done]
"""Takes the project, the file name or version, perhaps a reason, and who; as those of `maintenance` do."""


class ProjectFilter(Typed):
    """By project."""

    title, parameter_name = "project", "project"


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Shown by installers that come across it.",
    )


def chores(what: str, *, yank: Journey, unyank: Journey, delete: Journey) -> tuple[Chore, ...]:
    """Return what can be done to files, or to releases, by the journeys that are for them."""
    return (
        Chore(
            name="yank",
            label="Yank",
            done="Yanked",
            consequence="Installers pass over what is yanked, unless its exact version is asked for; downloads go on "
            "working.",
            act=made(yank, "reason"),
            form=ReasonForm,
            seen=serials,
        ),
        Chore(
            name="unyank",
            label="Un-yank",
            done="Un-yanked",
            consequence="Installers take it into account again.",
            act=made(unyank),
            seen=serials,
        ),
        Chore(
            name=f"delete_{what}",
            label=f"Delete {what}",
            done="Deleted",
            consequence="Builds that pin it fail, and its file names stay taken. To take something out of use, rather "
            "yank it.",
            act=made(delete),
            seen=serials,
            typed=True,
            danger=True,
        ),
    )


def made(journey: Journey, *said: str) -> Callable[[Face, Task], None]:
    """Return what makes a journey with an entry, whose key is ``project/name``, and with what was ``said``."""

    def act(face: Face, task: Task) -> None:
        project, _, name = str(face.pk).partition("/")
        words = [task.said[field] for field in said]
        done = journey(project, name, *words, task.who, source=SOURCE, expected_serial=expected(task, project))
        # What this made of the project is what the next entry of it is expected to find.
        task.seen[project] = str(done.serial)

    return act
