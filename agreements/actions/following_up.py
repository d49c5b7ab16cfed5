"""Noting that a follow-up has been held (section 17, rule N11), whether or not it was planned, and mending the note."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.actions.followed import (
    FOLLOWED,
    NOT_IN_FORCE,
    clean_text,
    entered_for,
    identity_complaints,
    lock_followed,
    refuse,
)
from agreements.content import clean_line
from agreements.dates import spelled
from agreements.models import FollowUp, Version
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User

LONGEST: Final = 3000
MOST_FUNCTIONS: Final = 40


@dataclass(frozen=True)
class Held:
    """What came of a follow-up. took_part: functions, never persons."""

    held_on: datetime.date
    summary: str = ""
    decisions: str = ""
    took_part: tuple[str, ...] = ()


@transaction.atomic
def note_follow_up(
    *,
    by: User,
    version_id: int,
    held_on: datetime.date,
    summary: str,
    today: datetime.date,
    decisions: str = "",
    took_part: Iterable[str] = (),
) -> FollowUp:
    """Note a follow-up that was not planned. Raises NotAllowed, Refused; Version.DoesNotExist."""
    whole = lock_followed(version_id, by=by, today=today)
    held = Held(held_on, summary, decisions, tuple(took_part))
    facts = _cleaned(whole.version, held, today)
    row = FollowUp(agreement=whole.version.agreement, **facts)
    _write(row)
    after = _told(row) | {"for": entered_for(by, whole, today)}
    record("agreement.followed_up", by=by, subject=whole.version.subject, after=after, pending=True)
    return row


@transaction.atomic
def hold_meeting(*, by: User, version_id: int, meeting_id: int, held: Held, today: datetime.date) -> FollowUp:
    """Note that a planned meeting was held; of one that is noted already, mend the note. Raises NotAllowed, Refused."""
    whole = lock_followed(version_id, by=by, today=today)
    rows = FollowUp.objects.select_for_update(of=("self",))
    row = rows.get(pk=meeting_id, agreement=whole.version.agreement_id)
    if row.cancelled_at is not None:
        raise Refused("Mötet är inställt. Anteckna uppföljningen för sig.")
    facts = _cleaned(whole.version, held, today)
    before = _told(row) if row.held_on else {}
    if before and all(getattr(row, name) == value for name, value in facts.items()):
        return row
    for name, value in facts.items():
        setattr(row, name, value)
    row.revision += 1
    row.changed_at = timezone.now()
    _write(row)
    event = "agreement.follow_up_corrected" if before else "agreement.followed_up"
    after = _told(row) | {"for": entered_for(by, whole, today)}
    record(event, by=by, subject=whole.version.subject, before=before, after=after, pending=True)
    return row


def _cleaned(version: Version, held: Held, today: datetime.date) -> dict[str, Any]:
    functions = list(dict.fromkeys(filter(None, map(clean_line, held.took_part))))
    texts = {"summary": clean_text(held.summary), "decisions": clean_text(held.decisions)}
    refuse(follow_up_complaints(version, held.held_on, texts["summary"], today, texts["decisions"], functions))
    return texts | {"held_on": held.held_on, "took_part": functions}


def _write(row: FollowUp) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "one_follow_up_of_an_agreement_a_day" not in str(error):
            raise
        raise Refused("Den dagens uppföljning är redan antecknad.") from error


def _told(row: FollowUp) -> dict[str, Any]:
    facts = {"id": row.pk, "held_on": str(row.held_on), "summary": row.summary, "decisions": row.decisions}
    return facts | {"took_part": row.took_part, "planned_on": str(row.planned_on) if row.planned_on else ""}


def follow_up_complaints(
    version: Version,
    held_on: datetime.date,
    summary: str,
    today: datetime.date,
    decisions: str = "",
    took_part: Collection[str] = (),
) -> dict[str, str]:
    """What is wrong with a follow-up: field → Swedish message."""
    found = {}
    if version.state not in FOLLOWED:
        found["held_on"] = NOT_IN_FORCE
    elif held_on > today:
        found["held_on"] = "Anteckna uppföljningen när den har hållits."
    elif version.period_start and version.number == 1 and held_on < version.period_start:
        found["held_on"] = f"Överenskommelsen började gälla {spelled(version.period_start)}."
    texts = {"summary": summary, "decisions": decisions}
    found |= {name: f"Högst {LONGEST} tecken får plats." for name, text in texts.items() if len(text) > LONGEST}
    if len(took_part) > MOST_FUNCTIONS or any(len(function) > 200 for function in took_part):
        found["took_part"] = f"Högst {MOST_FUNCTIONS} funktioner om 200 tecken får plats."
    return found | identity_complaints(texts | {"took_part": list(took_part)})
