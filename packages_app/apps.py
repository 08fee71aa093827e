"""Django's entry for the app."""

from django.apps import AppConfig


class PackagesAppConfig(AppConfig):
    """The index."""

    name = "packages_app"
    verbose_name = "Package index"

    def ready(self) -> None:
        """Register the checks."""
        from packages_app import checks  # noqa: F401, PLC0415 - registers on import, once apps are ready
