"""What is changed from the overview: which measures everybody may see."""

from __future__ import annotations

from django.db import transaction

from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed
from contacts.history import record
from contacts.models import User
from nationwide.models import Disclosure

SUBJECT = "nation"


@transaction.atomic
def disclose(*, by: User, measure: str) -> Disclosure:
    """Let everybody see a measure, of today and of every earlier day. Done already, it is left as it was."""
    _demand_editor(by)
    row, is_new = Disclosure.objects.get_or_create(measure=Disclosure.Measure(measure))
    if is_new:
        record("measure.disclosed", by=by, subject=SUBJECT, after={"measure": row.measure})
    return row


@transaction.atomic
def withhold(*, by: User, measure: str) -> None:
    """Keep a measure within the portal again."""
    _demand_editor(by)
    taken, _ = Disclosure.objects.filter(measure=measure).delete()
    if taken:
        record("measure.withheld", by=by, subject=SUBJECT, before={"measure": measure})


def _demand_editor(user: User) -> None:
    if not reach_of(user).nationally(Permission.EDIT_RULES):
        raise NotAllowed
