"""The form that names a pipeline: which service runs it, what tells it from others, and what it may publish."""

from django import forms
from django.http import HttpRequest

from packages_app.accounts.publishers import register
from packages_app.accounts.publishers.entries import Publisher
from packages_app.accounts.publishers.kinds import KINDS
from packages_app.accounts.publishers.kinds.base import LONGEST
from packages_app.admin import roles
from packages_app.admin.base import JourneyForm
from packages_app.admin.callers import SOURCE, caller
from packages_app.admin.faces import Face, PublisherFace
from packages_app.admin.readers import face_of
from packages_app.conf import options


def as_publisher(found: Publisher) -> Face:
    """Return a publisher's face."""
    return face_of(PublisherFace, found.id, found)


class NewPublisherForm(JourneyForm):
    """A pipeline, and what it may publish; `with_fields` adds what its kind of service needs."""

    service = forms.ChoiceField(help_text="Who runs the pipeline.")
    pattern = forms.CharField(
        label="May publish",
        max_length=200,
        widget=forms.TextInput(attrs=roles.TEXT),
        help_text=f"{roles.PATTERN_HELP} A project need not exist yet.",
    )

    class Meta:
        """Django's settings of a form."""

        model = PublisherFace
        fields = ()

    def travel(self, request: HttpRequest) -> None:
        """Trust the pipeline.

        Raises:
            BadPattern: the pattern covers no project name.
            BadPublisher: the pipeline cannot be like this.
            AccountChanged: the publisher was removed this moment.
        """
        said = self.cleaned_data
        found = register.trust(
            caller(request),
            said["pattern"],
            kind_=dict(services())[said["service"]],
            issuer=said["service"],
            fields={name: said[name] for name in pipeline_fields() if name in said},
            source=SOURCE,
        )
        self.instance = as_publisher(found)


def services() -> list[tuple[str, str]]:
    """Return the services that are trusted: each issuer, and its kind."""
    return [(issuer, kind) for kind, issuer in options().trusted_issuers]


def pipeline_fields() -> dict[str, forms.Field]:
    """Return the fields that pipelines of the trusted services have, each told what it is to which service."""
    kinds = [KINDS[name] for name in dict.fromkeys(kind for _, kind in services())]
    told: dict[str, dict[str, list[str]]] = {}
    needed: dict[str, int] = {}
    for kind in kinds:
        for field in kind.fields:
            told.setdefault(field.name, {}).setdefault(field.about, []).append(kind.title)
            needed[field.name] = needed.get(field.name, 0) + field.needed
    return {
        name: forms.CharField(
            # What one kind needs and another does not know is for the journey to ask for.
            required=needed[name] == len(kinds),
            max_length=LONGEST,
            widget=forms.TextInput(attrs=roles.TEXT),
            help_text=" ".join(f"For {' and '.join(titles)}: {about}." for about, titles in said.items()),
        )
        for name, said in told.items()
    }


def with_fields() -> type[NewPublisherForm]:
    """Return the form for the services that are trusted now."""
    chosen = [(issuer, f"{KINDS[kind].title}, {issuer}") for issuer, kind in services()]
    service = forms.ChoiceField(choices=chosen, help_text="Who runs the pipeline, and signs for it.")
    return type("PublisherForm", (NewPublisherForm,), {"service": service, **pipeline_fields()})
