"""Filters of the admin's lists: choices, and texts that are typed; each is pushed down into the reader's query."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter


class Choices(SimpleListFilter):
    """A filter with a few choices; subclasses name them in ``choices_``."""

    choices_: tuple[tuple[str, str], ...] = ()

    def lookups(self, request: Any, model_admin: Any) -> tuple[tuple[str, str], ...]:  # Django's types
        """Return the choices."""
        return self.choices_

    def value(self) -> str | None:
        """Return the chosen one; what is no choice counts as none."""
        given = super().value()
        return given if given in {key for key, _ in self.choices_} else None

    def queryset(self, request: Any, queryset: Any) -> Any:  # readers are told the values
        """Leave the reader as it is."""
        return queryset


class Typed(SimpleListFilter):
    """A filter whose value is typed."""

    template = "admin/typed_filter.html"

    def lookups(self, request: Any, model_admin: Any) -> tuple[()]:  # Django's types
        """Return no choices."""
        return ()

    def has_output(self) -> bool:
        """Show the filter although it has no choices."""
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield the one field that the template shows, with what else the address says."""
        kept = {name: value for name, value in changelist.params.items() if name not in {self.parameter_name, "after"}}
        yield {"name": self.parameter_name, "value": self.value() or "", "kept": kept.items()}

    def queryset(self, request: Any, queryset: Any) -> Any:  # readers are told the values
        """Leave the reader as it is."""
        return queryset
