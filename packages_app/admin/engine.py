"""The template engine of the admin alone, made when its first page is rendered: no other page pays for it."""

from functools import cached_property
from pathlib import Path
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.backends.base import BaseEngine
from django.template.backends.django import DjangoTemplates

LIBRARIES = ("admin_list", "admin_modify", "admin_urls")


class AdminTemplates(BaseEngine):
    """Answers ``admin/…``: our templates first, then those of Django's admin, which is no installed app here.

    An installed app is imported by every process when it starts, with its models and their SQL; the index is mostly
    asked by installers, and has no SQL.
    """

    app_dirname = "unused"

    def __init__(self, params: dict[str, Any]) -> None:
        params = {**params}
        self.options: dict[str, Any] = params.pop("OPTIONS")
        super().__init__(params)

    @cached_property
    def inner(self) -> DjangoTemplates:
        """Django's engine over the admin's folders and tags."""
        from django.contrib import admin  # noqa: PLC0415 - what this class is there to put off

        folders = [Path(__file__).parent / "templates", Path(admin.__file__).parent / "templates"]
        libraries = {name: f"django.contrib.admin.templatetags.{name}" for name in LIBRARIES}
        return DjangoTemplates(
            {
                "NAME": self.name,
                "DIRS": folders,
                "APP_DIRS": False,
                "OPTIONS": {**self.options, "libraries": libraries},
            }
        )

    def from_string(self, template_code: str) -> Any:
        """Refuse: templates here come from files.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("The admin's templates come from files.")

    def get_template(self, template_name: str) -> Any:
        """Return a template of the admin.

        Raises:
            TemplateDoesNotExist: it is none of the admin's.
        """
        if not template_name.startswith("admin/"):
            raise TemplateDoesNotExist(template_name, backend=self)
        return self.inner.get_template(template_name)
