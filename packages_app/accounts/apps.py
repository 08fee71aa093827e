"""Django's apps for users, installed without being imported: only pages for people need them.

An installed app is imported with its models whenever a process starts, and every cold start would pay for that. These
two are known to Django by name from the start, which is all their models ask for when somebody imports them later.
"""

from django.apps import AppConfig, apps


class Lazy(AppConfig):
    """An app whose models are imported by whoever needs them."""

    def import_models(self) -> None:
        """Leave that to others."""
        self.models = apps.all_models[self.label]


class ContentTypes(Lazy):
    """Django's content types, which the models of its auth name."""

    name = "django.contrib.contenttypes"


class Auth(Lazy):
    """Django's sign-in."""

    name = "django.contrib.auth"
