"""What all lists and forms of the admin share: they read through readers, and change through journeys."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import ModelAdmin, ShowFacets
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from packages_app.admin.callers import caller
from packages_app.admin.changelist import CursorChangeList
from packages_app.admin.chores import Chore
from packages_app.admin.faces import Face
from packages_app.admin.history import History
from packages_app.admin.readers import Reader
from packages_app.errors import PackagesError
from packages_app.problems import STATUSES

if TYPE_CHECKING:
    FaceForm = forms.ModelForm[Face]
    FaceModelAdmin = ModelAdmin[Face]
else:  # Django's own classes take no type arguments
    FaceForm, FaceModelAdmin = forms.ModelForm, ModelAdmin

PER_PAGE = 100


class JourneyForm(FaceForm):
    """A form whose last step of validation is the journey itself: what the journey refuses stands on the form."""

    refusal: PackagesError | None = None

    def validate_unique(self) -> None:
        """Ask nothing: the journey's conditional write decides."""

    def travel(self, request: HttpRequest) -> None:
        """Make the journey with what was filled in.

        Raises:
            PackagesError: it was refused.
        """
        raise NotImplementedError  # no ABC: Django's forms have a metaclass of their own

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # the last step of Django's validation, unknown to its types
        if self.errors:
            return
        try:
            self.travel(self.request)
        except PackagesError as error:
            self.refusal = error
            self.add_error(None, str(error))

    request: HttpRequest
    """Who fills it in; `FaceAdmin.get_form` says so."""


class FaceAdmin(FaceModelAdmin):
    """A list and its entries; nothing can be added, changed or deleted unless a subclass says so."""

    reader: Reader
    chores: Sequence[Chore] = ()
    adds = changes = False

    list_per_page = PER_PAGE
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    sortable_by = ()
    view_on_site = False
    change_list_template = "admin/face_list.html"
    change_form_template = "admin/face_form.html"
    history: History | None = None

    @property
    def media(self) -> forms.Media:
        """The one script that lists need; Django's others serve forms that are not here, and are long."""
        return forms.Media(js=["admin/js/actions.js"])

    # -- Who may: whoever the site lets in; what a journey refuses it refuses here too. --

    def has_view_permission(self, request: HttpRequest, obj: Face | None = None) -> bool:
        """Return whether this may be seen."""
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the list is shown."""
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether entries can be added by a form."""
        return self.adds and bool(self.admin_site.has_permission(request))

    def has_change_permission(self, request: HttpRequest, obj: Face | None = None) -> bool:
        """Return whether entries can be changed by a form."""
        return self.changes and bool(self.admin_site.has_permission(request))

    def has_delete_permission(self, request: HttpRequest, obj: Face | None = None) -> bool:
        """Refuse Django's way to delete; chores do that."""
        return False

    # -- Reading --

    def get_queryset(self, request: HttpRequest) -> Any:  # a reader stands where Django has a queryset
        """Return the reader."""
        return self.reader

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show a page of the list, under the list's name."""
        return super().changelist_view(request, {"title": plural(self), **(extra_context or {})})

    def get_changelist(self, request: HttpRequest, **_: Any) -> type[CursorChangeList]:
        """Return the list that goes on from cursors."""
        return CursorChangeList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Face | None:
        """Return the entry that an address names."""
        return self.reader.find(object_id)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the chores."""
        return {chore.name: (chore.as_action(), chore.name, chore.label) for chore in self.chores}

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Send to the audit trail of what this is about."""
        face = self.reader.find(unquote(object_id))
        if face is None or self.history is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return] # Django's own answer
        trail = reverse("admin:packages_app_eventface_changelist", current_app=self.admin_site.name)
        return HttpResponseRedirect(f"{trail}?{self.history(face)}")

    # -- Forms --

    def get_form(self, request: HttpRequest, obj: Face | None = None, change: bool = False, **given: Any) -> Any:
        """Return the form, which knows who fills it in."""
        made = super().get_form(request, obj, change, **given)
        made.request = request  # type: ignore[attr-defined] # a form class of ours
        return made

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or take a form; without Django's SQL transaction around it, as journeys bring their own."""
        answer = self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined] # what Django's transaction is around
        shown = getattr(answer, "context_data", None) or {}
        if request.method == "POST" and "adminform" in shown:
            refusal = getattr(shown["adminform"].form, "refusal", None)
            answer.status_code = STATUSES.get(refusal.code if refusal else "", HTTPStatus.BAD_REQUEST)
        return answer

    def render_change_form(  # noqa: PLR0917 - Django's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Face | None = None,
    ) -> TemplateResponse:
        """Render a form; unlike Django's own, without asking for a content type."""
        context |= {
            "add": add,
            "change": change,
            "has_view_permission": self.has_view_permission(request, obj),
            "has_add_permission": self.has_add_permission(request),
            "has_change_permission": self.has_change_permission(request, obj),
            "has_delete_permission": False,
            "has_editable_inline_admin_formsets": False,
            "has_file_field": False,
            "has_absolute_url": False,
            "form_url": form_url,
            "opts": self.opts,
            "save_as": False,
            "save_on_top": False,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "app_label": self.opts.app_label,
            "chores": [] if obj is None else self.chores_for(request, obj),
            "title": context["title"] if obj is None else str(obj),
            "subtitle": None,
            "has_history": self.history is not None,
            "related": [] if obj is None else self.related(obj),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.change_form_template, context)

    def chores_for(self, request: HttpRequest, face: Face) -> Sequence[Chore]:
        """Return the chores that an entry's page offers: those that would not be refused whatever is filled in."""
        who = caller(request)
        return [chore for chore in self.chores if not chore.never(face, who)]

    def related(self, face: Face) -> Sequence[tuple[str, str]]:  # for subclasses
        """Return labels and addresses of lists that belong to an entry."""
        return ()

    def save_model(self, request: HttpRequest, obj: Face, form: Any, change: bool) -> None:
        """Do nothing: the form's journey has written."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Do nothing: faces have no relations."""

    def log_addition(self, request: HttpRequest, obj: Face, message: Any) -> Any:
        """Do nothing: the journey's audit event is the log."""

    def log_change(self, request: HttpRequest, obj: Face, message: Any) -> Any:
        """Do nothing: the journey's audit event is the log."""


def plural(model_admin: FaceAdmin) -> str:
    """Return what a list is called."""
    name = str(model_admin.opts.verbose_name_plural)
    return name[0].upper() + name[1:]
