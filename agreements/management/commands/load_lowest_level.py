"""Load the rule sets of the lowest level that ship with the portal; one already there is never touched."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from agreements import lowest_level
from agreements.models import RuleSet
from contacts.history import record

SOURCE = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load and publish the shipped rule sets of the national lowest level that are missing. Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in sorted(SOURCE.glob("lowest_level_*.toml")):
            self.stdout.write(load(path))


@transaction.atomic
def load(path: Path) -> str:
    """Load one rule set; says what was done. A rule that does not exist raises before anything is written."""
    with path.open("rb") as source:
        facts = tomllib.load(source)
    rules = lowest_level.stored(lowest_level.loaded(facts.pop("rules")))
    defaults = {**facts, "rules": rules, "published_at": timezone.now()}
    rule_set, created = RuleSet.objects.get_or_create(number=facts["number"], defaults=defaults)
    if created:
        record("rule_set.loaded", by=None, subject=rule_set.subject, after={"valid_from": str(rule_set.valid_from)})
    return f"rule set {rule_set.number}: {f'{len(rules)} rules loaded' if created else 'already there'}"
