"""Load the national template versions that ship with the portal; the text of one already there is never touched."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from agreements.document import locked_hash
from agreements.fields import parse
from agreements.models import TemplateSection, TemplateVersion
from contacts.history import record

SOURCE = Path(__file__).resolve().parents[2] / "data"


def read(path: Path) -> dict[str, Any]:
    with path.open("rb") as source:
        return tomllib.load(source)


class Command(BaseCommand):
    help = "Load and publish the shipped national template versions that are missing. Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in sorted(SOURCE.glob("national_template_*")):
            self.stdout.write(load(folder))


@transaction.atomic
def load(folder: Path) -> str:
    """Load one version; says what was done. A malformed field definition raises before anything is written."""
    facts = read(folder / "version.toml")
    sections = [read(path) for path in sorted(folder.glob("*.toml")) if path.name != "version.toml"]
    for section in sections:
        for field in section.get("fields", []):
            parse(field)
    version, created = TemplateVersion.objects.get_or_create(
        number=facts["number"],
        defaults={
            "name": facts["name"],
            "note": facts["note"],
            "locked_hash": locked_hash((section["key"], section["locked"]) for section in sections),
        },
    )
    if not created:
        return f"template {version.number}: already there"
    TemplateSection.objects.bulk_create(
        TemplateSection(
            version=version,
            key=section["key"],
            number=section["number"],
            position=position,
            title=section["title"],
            guidance=section["guidance"],
            locked=section["locked"],
            definition=section.get("fields", []),
        )
        for position, section in enumerate(sections)
    )
    version.valid_from, version.published_at = facts["valid_from"], timezone.now()
    version.save(update_fields=["valid_from", "published_at"])
    record("template.loaded", by=None, subject=version.subject)
    return f"template {version.number}: {len(sections)} sections loaded"
