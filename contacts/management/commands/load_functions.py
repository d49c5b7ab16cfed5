"""Load the controlled list of contact functions; what is changed in the administration is not overwritten."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from contacts.models import Function

SOURCE = Path(__file__).resolve().parents[2] / "data" / "functions.toml"


class Command(BaseCommand):
    help = "Load the contact functions that are missing. Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        with SOURCE.open("rb") as source:
            rows = tomllib.load(source)["functions"]
        with transaction.atomic():
            known = set(Function.objects.values_list("key", flat=True))
            new = [Function(**row, position=position) for position, row in enumerate(rows) if row["key"] not in known]
            Function.objects.bulk_create(new)
        self.stdout.write(f"{len(rows)} functions, {len(new)} new")
