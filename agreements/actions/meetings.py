"""Planning follow-up meetings, moving and cancelling them. Those that are held are noted in actions.following_up."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from agreements.actions.followed import clean_text, entered_for, identity_complaints, lock_followed, refuse
from agreements.content import clean_line
from agreements.models import FollowUp
from contacts.errors import Refused, Stale
from contacts.history import record
from contacts.models import User

YEARS_AHEAD: Final = 5
MOST_AGENDA: Final = 3000
MOST_PLANNED: Final = 100
NOT_PLANNED: Final = "Mötet är redan hållet eller inställt och kan inte ändras."


@dataclass(frozen=True)
class Meeting:
    """What is planned."""

    kind: str
    planned_on: datetime.date
    starts_at: datetime.time | None = None
    ends_at: datetime.time | None = None
    place: str = ""
    link: str = ""
    forum: str = ""
    level: str = ""
    responsible: str = ""
    agenda: str = ""


def meeting_complaints(meeting: Meeting, today: datetime.date, before: datetime.date | None = None) -> dict[str, str]:
    """What is wrong: field → Swedish message. before: the day it is moved from, which may have passed."""
    found: dict[str, str] = {}
    if meeting.planned_on < today and meeting.planned_on != before:
        found["planned_on"] = "Dagen har passerat. Är mötet redan hållet antecknar du det som hållet i stället."
    elif meeting.planned_on.year > today.year + YEARS_AHEAD:
        found["planned_on"] = f"Planera högst {YEARS_AHEAD} år framåt."
    if meeting.ends_at and meeting.starts_at is None:
        found["starts_at"] = "Skriv också när mötet börjar."
    elif meeting.ends_at and meeting.starts_at and meeting.ends_at <= meeting.starts_at:
        found["ends_at"] = "Mötet ska sluta senare än det börjar."
    if meeting.kind == FollowUp.Kind.FORUM and not meeting.forum:
        found["forum"] = "Välj vilket forum som följer upp."
    if meeting.link and urlsplit(meeting.link).scheme not in ("http", "https"):
        found["link"] = "Skriv en adress som börjar med https://."
    if len(meeting.agenda) > MOST_AGENDA:
        found["agenda"] = f"Högst {MOST_AGENDA} tecken får plats."
    return found | identity_complaints(asdict(meeting))


def cleaned(meeting: Meeting) -> dict[str, Any]:
    facts = asdict(meeting)
    facts |= {name: clean_line(facts[name]) for name in ("place", "link", "forum", "responsible")}
    return facts | {"agenda": clean_text(meeting.agenda)}


@transaction.atomic
def plan_meeting(*, by: User, version_id: int, meeting: Meeting, today: datetime.date) -> FollowUp:
    """A meeting to come. Raises NotAllowed, Refused; Version.DoesNotExist."""
    whole = lock_followed(version_id, by=by, today=today)
    refuse(meeting_complaints(meeting, today))
    agreement = whole.version.agreement
    if FollowUp.objects.planned().filter(agreement=agreement).count() >= MOST_PLANNED:
        raise Refused(f"Det finns redan {MOST_PLANNED} planerade möten. Ställ in de som inte blir av.")
    row = FollowUp.objects.create(agreement=agreement, **cleaned(meeting))
    after = told(row) | {"for": entered_for(by, whole, today)}
    record("agreement.meeting_planned", by=by, subject=whole.version.subject, after=after)
    return row


@transaction.atomic
def change_meeting(
    *, by: User, version_id: int, meeting_id: int, meeting: Meeting, revision: int, today: datetime.date
) -> FollowUp:
    """Move a planned meeting, or change what is to be done at it. Raises Stale when somebody changed it meanwhile."""
    whole = lock_followed(version_id, by=by, today=today)
    row = _lock_planned(whole.version.agreement_id, meeting_id)
    if row.revision != revision:
        raise Stale(row)
    refuse(meeting_complaints(meeting, today, row.planned_on))
    before, facts = told(row), cleaned(meeting)
    if all(getattr(row, name) == value for name, value in facts.items()):
        return row
    for name, value in facts.items():
        setattr(row, name, value)
    _save(row, *facts)
    after = told(row) | {"for": entered_for(by, whole, today)}
    record("agreement.meeting_changed", by=by, subject=whole.version.subject, before=before, after=after)
    return row


@transaction.atomic
def cancel_meeting(*, by: User, version_id: int, meeting_id: int, reason: str, today: datetime.date) -> FollowUp:
    """Cancel a planned meeting. It stays in the list with its reason. Raises NotAllowed, Refused."""
    whole = lock_followed(version_id, by=by, today=today)
    row = _lock_planned(whole.version.agreement_id, meeting_id)
    reason = clean_line(reason)
    if not reason:
        raise Refused("Skriv ett skäl, så att den andra parten förstår varför.")
    refuse(identity_complaints({"reason": reason}))
    row.cancelled_at, row.cancelled_reason = timezone.now(), reason[:400]
    _save(row, "cancelled_at", "cancelled_reason")
    after = {"id": row.pk, "planned_on": str(row.planned_on), "reason": row.cancelled_reason}
    after["for"] = entered_for(by, whole, today)
    record("agreement.meeting_cancelled", by=by, subject=whole.version.subject, after=after)
    return row


def _lock_planned(agreement_id: int, meeting_id: int) -> FollowUp:
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=meeting_id, agreement=agreement_id)
    if not row.is_planned:
        raise Refused(NOT_PLANNED)
    return row


def _save(row: FollowUp, *fields: str) -> None:
    row.revision += 1
    row.changed_at = timezone.now()
    row.save(update_fields=[*fields, "revision", "changed_at"])


def told(row: FollowUp) -> dict[str, Any]:
    """The plan as history keeps it."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "planned_on": str(row.planned_on),
        "starts_at": f"{row.starts_at:%H:%M}" if row.starts_at else "",
        "ends_at": f"{row.ends_at:%H:%M}" if row.ends_at else "",
        "place": row.place,
        "link": row.link,
        "forum": row.forum,
        "level": row.level,
        "responsible": row.responsible,
        "agenda": row.agenda,
    }
