"""Take in mail that comes back: bounces, delays and automatic replies to letters of ours."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contacts.actions.incoming import Taken, take, take_maildir
from contacts.bounces import MAX_BYTES


class Command(BaseCommand):
    help = "Read one message from standard input, for a mail server's pipe, or every new message of a Maildir."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--maildir", type=Path, help="read new messages here, and move them to cur")

    def handle(self, *args: Any, maildir: Path | None, **options: Any) -> None:
        now = timezone.now()
        if maildir is None:
            taken = take(raw=sys.stdin.buffer.read(MAX_BYTES + 1), now=now)
        elif is_maildir(maildir):
            taken = take_maildir(folder=maildir, now=now)
        else:
            raise CommandError(f"{maildir} is not a Maildir: it lacks the folders new and cur.")
        self.stdout.write(told(taken))


def is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in ("new", "cur"))


def told(taken: list[Taken]) -> str:
    """For example "hard: 1, ignored: 2"."""
    counts = Counter(taken)
    return ", ".join(f"{kind.value}: {counts[kind]}" for kind in Taken if counts[kind]) or "nothing new"
