"""Django's change list over a reader: pages go on from a cursor, and nothing is counted."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest

from packages_app.admin.readers import Page, Reader, Wanted

AFTER = "after"
LONGEST, LONGEST_CURSOR = 200, 600
"""Characters of a search or a filter's text, and of a cursor: as keys they must not be too long for DynamoDB."""


class CursorChangeList(ChangeList):
    """A page of a reader."""

    root_queryset: Reader  # type: ignore[assignment] # a reader stands where Django has a queryset
    page: Page

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the parameters that filters may take: all but the cursor."""
        found = super().get_filters_params(params)
        found.pop(AFTER, None)
        return found

    def get_query_string(self, new_params: dict[str, Any] | None = None, remove: Iterable[str] | None = None) -> str:
        """Return the query with some parameters changed; another filter or search begins with the first page."""
        return super().get_query_string(new_params, [*(remove or []), AFTER])

    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> Any:
        """Settle the filters, and return the reader, which is what actions choose from."""
        self.filter_specs, self.has_filters, rest, _, self.has_active_filters = self.get_filters(request)
        self.clear_all_filters_qs = self.get_query_string(new_params=rest, remove=list(self.get_filters_params()))
        return self.root_queryset

    def get_results(self, request: HttpRequest) -> None:
        """Read one page."""
        chosen = {
            spec.parameter_name: str(spec.value() or "")[:LONGEST]
            for spec in self.filter_specs
            if isinstance(spec, SimpleListFilter) and spec.parameter_name
        }
        wanted = Wanted(
            search=self.query.strip()[:LONGEST],
            filters={name: value for name, value in chosen.items() if value},
            after=request.GET.get(AFTER, "").encode("ascii", "ignore").decode()[:LONGEST_CURSOR],
            limit=self.list_per_page,
        )
        self.page = self.root_queryset.page(wanted)
        self.result_list = self.page.faces
        self.result_count = len(self.page.faces)
        self.full_result_count = self.result_count
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.page.faces)
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(self.page.faces, max(1, self.result_count))

    @property
    def next_query(self) -> str:
        """The query of the next page; empty at the end."""
        return self.get_query_string({AFTER: self.page.after}) if self.page.after else ""

    @property
    def first_query(self) -> str:
        """The query of the first page; empty on it."""
        return self.get_query_string() if AFTER in self.params else ""

    @property
    def searched(self) -> bool:
        """Whether a search or a filter is on."""
        return bool(self.query or self.has_active_filters or SEARCH_VAR in self.params)
