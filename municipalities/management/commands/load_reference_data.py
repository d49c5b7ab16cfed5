from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from municipalities.actions import load_reference_data


class Command(BaseCommand):
    help = "Loads municipalities, counties, AF regions, SKR groups and map shapes. Can be run again any time."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="also bring rows that exist back to the files, over what an administrator has changed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_reference_data(overwrite=options["overwrite"])
        self.stdout.write(
            f"{loaded.municipalities} municipalities, {loaded.counties} counties, {loaded.groups} groups, "
            f"{loaded.regions} AF regions, {loaded.shapes} shapes ({loaded.written} rows written)"
        )
