"""What must be in place before the portal opens: tables, reference data, demo data, static files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from agreements.models import Agreement
from config.supervisor import say
from municipalities.models import Organisation


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("setup", "bringing the database up to date")
        call_command("migrate", verbosity=0, interactive=False)


def load_data() -> None:
    """Reference data always; invented agreements in demo mode only, and only into an empty portal."""
    if Organisation.objects.exists() and Agreement.objects.exists():
        return
    for command in ("load_reference_data", "load_functions", "load_national_template", "load_lowest_level"):
        say("setup", f"{command} …")
        call_command(command)
    if settings.DEMO and not Agreement.objects.exists():
        say("setup", "load_demo: inventing people and agreements …")
        call_command("load_demo", scale=1, seed=1)


def static_sources() -> Iterator[Path]:
    for entry in settings.STATICFILES_DIRS:
        folder = Path(str(entry[1] if isinstance(entry, tuple) else entry))
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def static_fingerprint() -> str:
    """Changes when any source file does; cheap, since only names, sizes and times are read."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements" / "base.txt").read_bytes())
    for path in static_sources():
        known = path.stat()
        digest.update(f"{path}:{known.st_size}:{known.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    mark = settings.VAR_DIR / "static.collected"
    print_now = static_fingerprint()
    if mark.exists() and mark.read_text() == print_now and settings.STATIC_ROOT.exists():
        return
    say("setup", "collecting static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(print_now)


def prepare() -> None:
    migrate()
    load_data()
    collect_static()
    connection.close()
