from __future__ import annotations

import argparse
import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from nationwide.coverage import read_rows
from nationwide.exports import as_csv, as_json
from nationwide.rules import EARLIEST


class Command(BaseCommand):
    help = "Prints how every municipality stands on a day."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--on", type=day, default=None, metavar="DATE", help="YYYY-MM-DD; today if left out")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        rows = read_rows(on)
        text = as_json(rows, on) if options["format"] == "json" else as_csv(rows)
        self.stdout.write(text, ending="")


def day(text: str) -> datetime.date:
    """A day that can be shown: neither before the national template nor in the future."""
    try:
        on = datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2023-03-15") from None
    if not EARLIEST <= on <= timezone.localdate():
        raise argparse.ArgumentTypeError(f"{on} is outside {EARLIEST} to today")
    return on
