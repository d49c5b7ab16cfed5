"""Letting a flag be for a time, with a reason; it returns by itself when the time is up."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import transaction

from agreements.actions.checking import told_of
from agreements.actions.locking import demand
from agreements.content import clean_line
from agreements.deadlines import months_before
from agreements.flags import NEVER_WAIVED
from agreements.gather import Whole
from agreements.models import Flag
from contacts.access import Permission
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User
from contacts.personbound import find_identity_numbers

LONGEST_MONTHS: Final = 12
SHORTEST_REASON: Final = 3


@transaction.atomic
def waive_flag(*, by: User, flag_id: int, reason: str, until: datetime.date, today: datetime.date) -> Flag:
    """Leave the flag's people in peace until the end of a day. Raises NotAllowed, Refused; Flag.DoesNotExist."""
    flag = _lock(flag_id, by)
    reason = clean_line(reason)
    for complaint in waiver_complaints(flag.rule, reason, until, today).values():
        raise Refused(complaint)
    flag.waived_until, flag.waived_reason, flag.waived_by = until, reason, by.name
    flag.save(update_fields=["waived_until", "waived_reason", "waived_by"])
    _tell("flag.waived", flag, by, {"until": str(until), "reason": reason})
    return flag


@transaction.atomic
def end_waiver(*, by: User, flag_id: int, today: datetime.date) -> Flag:
    """Let the flag count again from now on. One that is not waived is left as it is. Raises NotAllowed, Refused."""
    flag = _lock(flag_id, by)
    if flag.is_waived(today):
        flag.waived_until, flag.waived_reason, flag.waived_by = None, "", ""
        flag.save(update_fields=["waived_until", "waived_reason", "waived_by"])
        _tell("flag.waiver_ended", flag, by, {})
    return flag


def waiver_complaints(rule: str, reason: str, until: datetime.date, today: datetime.date) -> dict[str, str]:
    """What is wrong with a waiver: field → Swedish message."""
    found = {}
    if rule in NEVER_WAIVED:
        found["reason"] = "Det här går inte att undanta. Numret måste tas bort."
    elif len(reason) < SHORTEST_REASON:
        found["reason"] = "Skriv ett skäl, så att andra förstår varför det får vänta."
    elif find_identity_numbers(reason):
        found["reason"] = "Skälet får inte innehålla personnummer."
    if until < today:
        found["until"] = "Dagen har passerat."
    elif until > months_before(today, -LONGEST_MONTHS):
        found["until"] = f"Högst {LONGEST_MONTHS} månader fram. Därefter får det prövas igen."
    return found


def _lock(flag_id: int, by: User) -> Flag:
    flag = Flag.objects.select_for_update(of=("self",)).select_related("version").get(pk=flag_id)
    demand(by, Permission.EDIT_AGREEMENTS, Whole(flag.version))
    if flag.closed_at is not None:
        raise Refused("Det är redan rättat.")
    return flag


def _tell(type: str, flag: Flag, by: User, after: dict[str, str]) -> None:
    facts = told_of(flag.details) | {"rule": flag.rule, "subject": flag.subject, "flag_reason": flag.reason}
    record(type, by=by, subject=flag.version.subject, before={}, after=facts | after)
