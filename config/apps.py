"""Makes the ground an app, so that its checks are found."""

from importlib import import_module

from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "config"
    verbose_name = "Portalen"

    def ready(self) -> None:
        import_module("config.checks")
