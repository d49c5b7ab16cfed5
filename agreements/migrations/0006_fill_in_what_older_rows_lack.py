"""Older flags were opened when they were first seen; older templates get the hash of their national text."""

import hashlib
import json

from django.db import migrations
from django.db.models import F


def fill_in(apps, schema_editor):
    apps.get_model("agreements", "Flag").objects.update(opened_at=F("first_seen"))
    for template in apps.get_model("agreements", "TemplateVersion").objects.filter(locked_hash=""):
        sections = list(template.sections.order_by("position").values_list("key", "locked"))
        joined = json.dumps([list(section) for section in sections], ensure_ascii=False, separators=(",", ":"))
        template.locked_hash = hashlib.sha256(joined.encode()).hexdigest()
        template.save(update_fields=["locked_hash"])


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_judge_the_lowest_level_and_keep_what_was_read")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
