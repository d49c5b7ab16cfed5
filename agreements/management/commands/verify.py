"""Say whether a file is a copy of ours: `manage.py verify FILE`.

Exit status: 0 valid (also when a later version has replaced it), 1 changed, 2 unknown or not to be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agreements.seal_source import from_settings
from agreements.sealing import sealer
from agreements.verified import told
from agreements.verifying import CannotRead, Outcome, Verdict, verify

STATUS: Final = {
    Verdict.VALID: 0,
    Verdict.REPLACED: 0,
    Verdict.ELSEWHERE: 0,
    Verdict.CHANGED: 1,
    Verdict.UNKNOWN: 2,
}


class Command(BaseCommand):
    help = "Verify a PDF. Exit status 0: valid, 1: changed, 2: unknown or not to be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the PDF, or - for standard input")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--names", action="store_true", help="name those who signed")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pdf = sys.stdin.buffer.read() if options["file"] == "-" else Path(options["file"]).read_bytes()
            outcome = verify(pdf)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}", returncode=2) from None
        except CannotRead as refusal:
            self._answer({"verdict": "unreadable", "reason": str(refusal)}, options["json"])
            raise SystemExit(2) from None
        self._answer(facts(outcome, pdf, names=options["names"]), options["json"])
        raise SystemExit(STATUS[outcome.verdict])

    def _answer(self, found: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2, default=str))
            return
        for key, value in found.items():
            self.stdout.write(f"{key}: {value}")


def facts(outcome: Outcome, pdf: bytes, *, names: bool) -> dict[str, Any]:
    """Everything that is known, the file's own seals examined anew."""
    found: dict[str, Any] = {"verdict": str(outcome.verdict), "sha256": outcome.sha256}
    if outcome.added_to:
        found["added_to"] = True
    page = told(outcome, names=names)
    if page.agreement:
        found |= page.agreement.as_dict()
    workshop = sealer() if from_settings() else None
    if workshop:
        examined = workshop.examine(pdf)
        found["seals_hold"] = examined.holds
        found["seals"] = [each.line for each in examined.seals]
    return found
