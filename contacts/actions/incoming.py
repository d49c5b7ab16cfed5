"""Mail that comes back: only what carries the mark of a letter we sent to that very address counts."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.db import DataError, transaction

from contacts.actions.bouncing import mark_unreachable
from contacts.bounces import (
    MAX_BYTES,
    Notification,
    Outcome,
    answered_letter,
    is_automatic_reply,
    notifications,
    parse,
)
from contacts.history import record
from contacts.models import Event, Letter

logger = logging.getLogger(__name__)


class Taken(StrEnum):
    """What a message was. IGNORED: nothing of ours, or nothing that can be trusted."""

    HARD = "hard"
    REFUSED = "refused"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    AUTOMATIC = "automatic"
    IGNORED = "ignored"


TOLD: Final[dict[Taken, str]] = {
    Taken.HARD: "letter.bounced",
    Taken.REFUSED: "letter.refused",
    Taken.DELAYED: "letter.delayed",
    Taken.DELIVERED: "letter.delivered",
    Taken.AUTOMATIC: "letter.auto_replied",
}


@transaction.atomic
def take(*, raw: bytes, now: datetime.datetime) -> list[Taken]:
    """Draw the consequences of one message. The same message again changes nothing."""
    message = parse(raw)
    if message is None:
        return [Taken.IGNORED]
    if is_automatic_reply(message):
        letter = _sent(answered_letter(message))
        return [_note(letter, Taken.AUTOMATIC, "") if letter else Taken.AUTOMATIC]
    return [_take(found, now) for found in notifications(message)] or [Taken.IGNORED]


def _sent(mark: str) -> Letter | None:
    """The letter with the mark, locked, if it has left."""
    rows = Letter.objects.select_for_update(of=("self",)).filter(sent_at__isnull=False)
    return rows.filter(mark=mark).first() if mark else None


def _take(found: Notification, now: datetime.datetime) -> Taken:
    letter = _sent(found.letter)
    if letter is None or letter.recipient != found.recipient:
        return Taken.IGNORED
    if found.outcome is Outcome.HARD and letter.bounced_at is None:
        letter.bounced_at = now
        letter.save(update_fields=["bounced_at"])
        mark_unreachable(mailbox=letter.recipient, reason=found.reason or found.status, now=now)
    return _note(letter, Taken(found.outcome.value), found.reason)


def _note(letter: Letter, taken: Taken, reason: str) -> Taken:
    """Let history tell what came, once for each letter. What an automatic reply says is nobody's business."""
    subject = f"contact_point:{letter.contact_point_id}"
    known = Event.objects.about(subject).filter(type=TOLD[taken], after__letter=letter.pk)
    if letter.contact_point_id is not None and not known.exists():
        after = {"letter": letter.pk, "recipient": letter.recipient, "reason": reason}
        record(TOLD[taken], by=None, subject=subject, after=after)
    return taken


def take_maildir(*, folder: Path, now: datetime.datetime) -> list[Taken]:
    """Take every new message of a Maildir, and move each to `cur` when it is read.

    A message that can't be read is moved as well, marked as flagged, so that it does not stop the others.
    """
    return [taken for path in _new_messages(folder) for taken in _take_file(path, folder / "cur", now)]


def _new_messages(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in (folder / "new").iterdir() if path.is_file())


def _take_file(path: Path, read: Path, now: datetime.datetime) -> list[Taken]:
    taken, flags = [Taken.IGNORED], "S"
    try:
        if path.stat().st_size <= MAX_BYTES:
            taken = take(raw=path.read_bytes(), now=now)
    except FileNotFoundError:  # another worker was first
        return []
    except (ValueError, LookupError, AttributeError, TypeError, DataError) as error:  # what headers may hold
        logger.warning("a message could not be read (%s): %s", type(error).__name__, path.name)
        flags = "FS"
    with suppress(FileNotFoundError):
        path.replace(read / f"{path.name.partition(':')[0]}:2,{flags}")
    return taken
