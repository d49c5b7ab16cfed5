"""Draw docs/life_cycle.md from the state table."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agreements.life_cycle import life_cycle


class Command(BaseCommand):
    help = "Draw docs/life_cycle.md from the table of states and moves. --check only compares."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the document is not up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        path, drawn = settings.BASE_DIR / "docs" / "life_cycle.md", life_cycle()
        if options["check"]:
            if not path.exists() or path.read_text() != drawn:
                raise CommandError("docs/life_cycle.md is not what the table says: run manage.py draw_life_cycle")
            return
        path.write_text(drawn)
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)} written")
