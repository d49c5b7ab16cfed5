"""The night's work: every agreement checked, from cold and with texts unchanged, alone and by one and two workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from agreements.actions import rechecking
from agreements.models import CheckRun, Section
from bench.method import Aim, mark, table
from contacts.models import ContactPoint

COLD, WARM = Aim(6, "× reading"), Aim(2, "× reading")
TWO_WORKERS = Aim(0.65, "× one worker")
PATIENCE = 1800.0


def measure() -> dict[str, Any]:
    """Each figure from processes of their own, on the database of the running scale."""
    forget_what_was_read()
    cold, warm = by_command(), by_command()
    one, two = by_workers(1), by_workers(2)
    report(cold, warm, one, two)
    return {
        "cold": cold,
        "warm": warm,
        "one_worker_seconds": one,
        "two_workers_seconds": two,
        "two_to_one": round(two / one, 2),
    }


def forget_what_was_read() -> None:
    """As when the check itself has changed: every text and every contact point must be judged anew."""
    Section.objects.exclude(checked_as="").update(checked_as="")
    ContactPoint.objects.exclude(assessed_as="").update(assessed_as="")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE agreements_section, contacts_contactpoint")


def by_command() -> dict[str, Any]:
    """`recheck --all --json`, and the most memory its process held."""
    with tempfile.TemporaryFile() as output:
        started = subprocess.Popen([sys.executable, "manage.py", "recheck", "--all", "--json"], stdout=output)
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            raise SystemExit("recheck failed")
        output.seek(0)
        measured: dict[str, Any] = json.loads(output.read())
    return measured | {"most_memory_mb": usage.ru_maxrss // 1024}


def by_workers(number: int) -> float:
    """Seconds from the start of a run, with every text to read, to its end."""
    forget_what_was_read()
    with workers(number):
        run = rechecking.start_run(by=None, now=timezone.now())
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = CheckRun.objects.get(pk=run.pk)
            if found.finished_at:
                return round((found.finished_at - found.started_at).total_seconds(), 2)
            time.sleep(0.05)
    raise SystemExit("the workers did not finish")


@contextmanager
def workers(number: int) -> Iterator[None]:
    """A Celery worker with so many processes, warm before the clock starts."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "worker.log"
        words = ("-m", "celery", "--app=config", "--quiet", "worker", f"--concurrency={number}", "--loglevel=INFO")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *words, "--without-gossip", "--without-mingle"],
                stdout=output,
                stderr=output,
                env=os.environ | {"LOG_LEVEL": "INFO"},
                start_new_session=True,
            )
        try:
            while b" ready." not in log.read_bytes():
                time.sleep(0.05)
            time.sleep(1)
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def report(cold: dict[str, Any], warm: dict[str, Any], one: float, two: float) -> None:
    print("\nRecheck of every agreement beside reading the same rows\n")
    lines = [
        (name, *found.values(), aim, mark(aim.met(found["ratio"])))
        for name, found, aim in (("every text read anew", cold, COLD), ("texts unchanged", warm, WARM))
    ]
    print(table(("", *cold, "aim", ""), lines))
    share = two / one
    print(f"\nBy workers, every text read anew: one {one} s, two {two} s: {share:.2f} × ({TWO_WORKERS}) ", end="")
    print(mark(TWO_WORKERS.met(share)))
