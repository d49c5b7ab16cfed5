"""Look through everything that is stored: missing, changed and orphaned files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from agreements.actions.auditing import check_some, remove_orphans, start_check
from agreements.archive_check import Finding
from agreements.models import ArchiveCheck
from agreements.stored import KINDS


class Command(BaseCommand):
    help = (
        "Compare every stored file with the row that names it. Exit status 0: all is well, 1: something is missing, "
        "changed or orphaned."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a JSON object a line: each finding, then the sum")
        parser.add_argument(
            "--remove-orphans", action="store_true", help="remove files that no row names and that are older than a day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["json"]
        if options["remove_orphans"]:
            for finding in remove_orphans(now=timezone.now()):
                self.say(finding, as_json, removed=True)
        check = start_check(now=timezone.now())
        try:
            for finding in self.findings(check):
                self.say(finding, as_json)
        except OSError as error:
            raise CommandError(f"The storage does not answer: {error}") from None
        self.sum_up(check, as_json)
        if check.faults:
            sys.exit(1)

    def findings(self, check: ArchiveCheck) -> Iterator[Finding]:
        total = sum(kind.count() for kind in KINDS)
        with tqdm(total=total, unit="file", disable=None, file=self.stderr) as bar:
            while batch := check_some(check=check, now=timezone.now()):
                bar.update(batch.checked)
                yield from batch.findings

    def say(self, finding: Finding, as_json: bool, *, removed: bool = False) -> None:
        facts = finding._asdict() | ({"removed": True} if removed else {})
        words = "removed" if removed else str(finding.fault)
        self.stdout.write(json.dumps(facts) if as_json else f"{words:9} {finding.name} {finding.of}".rstrip())

    def sum_up(self, check: ArchiveCheck, as_json: bool) -> None:
        names = ("checked", "size", "missing", "changed", "orphaned")
        facts = {name: getattr(check, name) for name in names}
        told = ", ".join(f"{value} {name}" for name, value in facts.items() if name != "size")
        self.stdout.write(json.dumps(facts) if as_json else f"{told} ({check.size} bytes)")
