"""`manage.py personcheck FILE|- --format jsonl|text`: the check on a text file; needs neither database nor servers."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.personbound import report


class Command(BaseCommand):
    help = "Find names, personal addresses, telephone numbers and identity numbers in a text file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        report.arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report.run(options["file"], options["format"], sys.stdout)
        except report.UnreadableInput as problem:
            raise CommandError(str(problem), returncode=2) from problem
