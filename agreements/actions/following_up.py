"""Noting that a follow-up has been held (section 17, rule N11)."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction

from agreements.actions.locking import demand, lock
from agreements.content import clean_line
from agreements.gather import Whole
from agreements.models import FollowUp, Version
from agreements.states import State
from contacts.access import Permission
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User
from contacts.personbound import find_identity_numbers


@transaction.atomic
def note_follow_up(
    *, by: User, version_id: int, held_on: datetime.date, summary: str, today: datetime.date
) -> FollowUp:
    """Note a follow-up of an agreement in force. Raises NotAllowed, Refused; Version.DoesNotExist."""
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    version = whole.version
    summary = clean_line(summary)
    for complaint in follow_up_complaints(version, held_on, summary, today).values():
        raise Refused(complaint)
    try:
        with transaction.atomic():
            row = FollowUp.objects.create(agreement=version.agreement, held_on=held_on, summary=summary)
    except IntegrityError as error:
        if "one_follow_up_of_an_agreement_a_day" not in str(error):
            raise
        raise Refused("Den dagens uppföljning är redan antecknad.") from error
    after = {"held_on": str(held_on), "summary": summary}
    record("agreement.followed_up", by=by, subject=version.subject, after=after, pending=True)
    return row


def follow_up_complaints(
    version: Version, held_on: datetime.date, summary: str, today: datetime.date
) -> dict[str, str]:
    """What is wrong with a follow-up: field → Swedish message."""
    found = {}
    if version.state != State.IN_FORCE:
        found["held_on"] = "Bara en gällande överenskommelse följs upp."
    elif held_on > today:
        found["held_on"] = "Anteckna uppföljningen när den har hållits."
    elif version.period_start and version.number == 1 and held_on < version.period_start:
        found["held_on"] = f"Överenskommelsen började gälla {version.period_start}."
    if find_identity_numbers(summary):
        found["summary"] = "Skriv inte något personnummer här."
    return found
