"""`make run`: prepare what is missing, then web, worker and beat together."""

from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from config.run import run_portal


class Command(BaseCommand):
    help = "Run the whole portal: prepares what is missing, then web, worker and beat until Ctrl-C"

    requires_system_checks = (Tags.security, Tags.caches, Tags.files)  # quick ones; tests run them all

    def handle(self, *args: Any, **options: Any) -> None:
        run_portal()
