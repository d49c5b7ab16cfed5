from django.apps import AppConfig


class NationwideConfig(AppConfig):
    name = "nationwide"
    verbose_name = "Nationell överblick"
