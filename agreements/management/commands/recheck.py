"""Check agreements anew by hand: all of them, or some; and measure what it costs."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from agreements.actions.checking import Tally, batches, recheck
from agreements.evidence import read_evidence, standing_on
from agreements.models import Version


class QueryCounter:
    """Counts queries without keeping their text: memory stays flat."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


class Command(BaseCommand):
    help = "Check versions that are being written or in force: flags open and close by themselves."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, help="ids of versions to check")
        parser.add_argument("--all", action="store_true", help="check every version")
        parser.add_argument("--json", action="store_true", help="print the measurements as JSON, without progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["ids"]) == options["all"]:
            raise CommandError("Give the ids of versions, or --all.")
        ids = watched(None if options["all"] else options["ids"])
        if options["json"]:
            self.stdout.write(json.dumps(measure(ids)))
            return
        tally = Tally()
        for batch in shown(ids):
            tally += recheck(version_ids=batch, now=timezone.now())
        self.stdout.write(
            f"{tally.agreements} agreements checked: {tally.opened} flags opened, {tally.closed} closed, "
            f"{tally.unchanged} as before"
        )


def watched(ids: Sequence[int] | None) -> list[int]:
    """The versions to check. Raises CommandError for an id that is none of them."""
    versions = Version.objects.watched().order_by("pk")
    if ids is None:
        return list(versions.values_list("pk", flat=True))
    found = list(versions.filter(pk__in=ids).values_list("pk", flat=True))
    missing = sorted(set(ids) - set(found))
    if missing:
        raise CommandError(f"No version in work or in force with id {', '.join(map(str, missing))}.")
    return found


def shown(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The batches, with a progress bar on stderr."""
    with tqdm(total=len(ids), unit=" agreements", file=sys.stderr) as bar:
        for batch in batches(ids):
            yield batch
            bar.update(len(batch))


def measure(ids: Sequence[int]) -> dict[str, float]:
    """Check every batch, and right after merely read the same rows: what the checking costs beside the reading."""
    tally, seconds, load_seconds, queries = Tally(), 0.0, 0.0, QueryCounter()
    for batch in batches(ids):
        with connection.execute_wrapper(queries):
            started = time.perf_counter()
            tally += recheck(version_ids=batch, now=timezone.now())
            seconds += time.perf_counter() - started
        started = time.perf_counter()
        merely_read(batch)
        load_seconds += time.perf_counter() - started
    return {
        "agreements": tally.agreements,
        "seconds": round(seconds, 3),
        "load_seconds": round(load_seconds, 3),
        "ratio": round(seconds / load_seconds, 2) if load_seconds else 0.0,
        "opened": tally.opened,
        "closed": tally.closed,
        "unchanged": tally.unchanged,
        "queries": queries.count,
    }


def merely_read(batch: Sequence[int]) -> None:
    versions = list(Version.objects.filter(pk__in=batch).defer("frozen").order_by("pk"))
    read_evidence(versions, standing_on(timezone.localdate()))
