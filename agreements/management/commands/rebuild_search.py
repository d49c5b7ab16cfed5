"""Make anew what the search knows."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand

from agreements.actions import indexing
from agreements.models import SearchDocument


class Command(BaseCommand):
    help = "Compare what the search knows with everything there is, and make what differs anew."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--from-nothing", action="store_true", help="first forget all that the search knows")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        if options["from_nothing"]:
            SearchDocument.objects.all().delete()
        written = indexing.index_all()
        seconds = time.perf_counter() - started
        self.stdout.write(f"{written} rows written, {SearchDocument.objects.count()} known: {seconds:.1f} s")
