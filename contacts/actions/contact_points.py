"""What changes contact points and their holders."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from contacts.access import Permission, reach_of
from contacts.actions.questions import end_question
from contacts.errors import NotAllowed, Refused, Stale
from contacts.history import record
from contacts.models import Confirmation, ContactPoint, Function, Holder, User
from contacts.rules import complaints, identity_complaints
from municipalities.models import Organisation

CONTACT_FIELDS = (
    "function_id",
    "function_text",
    "level",
    "unit",
    "mailbox",
    "phone",
    "sdk_address",
    "postal_address",
    "deputy_id",
)


def _demand(user: User, organisation_id: int) -> None:
    if not reach_of(user).may(Permission.EDIT_CONTACTS, [organisation_id]):
        raise NotAllowed


def _facts(point: ContactPoint) -> dict[str, Any]:
    return {field: getattr(point, field) for field in CONTACT_FIELDS} | {"function": point.name}


def _refuse_bad(organisation: Organisation, facts: Mapping[str, Any]) -> None:
    """What no contact point may be, whoever writes it."""
    function = Function.objects.get(pk=facts["function_id"])
    if function.side != organisation.side:
        raise Refused("Funktionen hör inte till den här sortens organisation.")
    if function.other and not facts["function_text"]:
        raise Refused("Skriv funktionens namn.")
    for complaint in complaints(facts).values():
        raise Refused(complaint)
    if facts["deputy_id"] and not ContactPoint.objects.active().of(organisation.pk).filter(pk=facts["deputy_id"]):
        raise Refused("Ersättaren ska vara en annan av organisationens kontaktytor.")


@transaction.atomic
def add_contact_point(*, by: User, organisation: Organisation, facts: Mapping[str, Any]) -> ContactPoint:
    """A new contact point; facts has the keys of CONTACT_FIELDS. Raises NotAllowed or Refused."""
    _demand(by, organisation.pk)
    _refuse_bad(organisation, facts)
    point = ContactPoint.objects.create(
        organisation=organisation,
        confirmed_at=timezone.now(),
        **{field: facts[field] for field in CONTACT_FIELDS},
    )
    record("contact_point.added", by=by, subject=f"contact_point:{point.pk}", after=_facts(point), pending=True)
    return point


@transaction.atomic
def change_contact_point(*, by: User, contact_point_id: int, facts: Mapping[str, Any], revision: int) -> ContactPoint:
    """Change a contact point's function or channels. Raises Stale when someone saved after `revision` was read."""
    point = _lock(contact_point_id, by)
    if point.revision != revision:
        raise Stale(point)
    _refuse_bad(point.organisation, facts)
    if facts["deputy_id"] == point.pk:
        raise Refused("En funktion kan inte vara ersättare för sig själv.")
    before = _facts(point)
    for field in CONTACT_FIELDS:
        setattr(point, field, facts[field])
    if before["mailbox"] != point.mailbox:
        point.bounced_at = None
    point.revision += 1
    point.confirmed_at = timezone.now()
    point.save(update_fields=[*CONTACT_FIELDS, "bounced_at", "revision", "confirmed_at"])
    end_question(contact_point_id=point.pk, answer=Confirmation.Answer.CHANGED, now=point.confirmed_at)
    point = ContactPoint.objects.with_function().get(pk=point.pk)
    record(
        "contact_point.changed",
        by=by,
        subject=f"contact_point:{point.pk}",
        before=before,
        after=_facts(point),
        pending=True,
    )
    return point


def _lock(contact_point_id: int, by: User) -> ContactPoint:
    """An active contact point of an organisation whose contacts the user may change, locked."""
    point = (
        ContactPoint.objects.select_for_update(of=("self",))
        .select_related("organisation", "function")
        .get(pk=contact_point_id)
    )
    _demand(by, point.organisation_id)
    if point.ended_on is not None:
        raise Refused("Kontaktytan har upphört och kan inte ändras.")
    return point


@transaction.atomic
def confirm_contact_point(*, by: User, contact_point_id: int, revision: int, now: datetime.datetime) -> ContactPoint:
    """Say that the facts are right, as they were when `revision` was read. Raises Stale when they have changed since.

    A mailbox that has bounced is given another chance: the next letter tells whether it works.
    """
    point = _lock(contact_point_id, by)
    if point.revision != revision:
        raise Stale(point)
    bounced, point.bounced_at, point.confirmed_at = point.bounced_at, None, now
    point.save(update_fields=["bounced_at", "confirmed_at"])
    end_question(contact_point_id=point.pk, answer=Confirmation.Answer.CONFIRMED, now=now)
    record(
        "contact_point.confirmed",
        by=by,
        subject=f"contact_point:{point.pk}",
        before={"bounced_at": bounced.isoformat() if bounced else None},
        after={"function": point.name},
        pending=True,
    )
    return point


@transaction.atomic
def end_contact_point(*, by: User, contact_point_id: int, today: datetime.date) -> ContactPoint:
    """Make a contact point inactive. It is never deleted, but leaves every list one can pick from.

    Those it was deputy for are left without one, and their history says so.
    """
    left_alone = _lock_deputised(contact_point_id)
    point = _lock(contact_point_id, by)
    point.ended_on = today
    point.revision += 1
    point.save(update_fields=["ended_on", "revision"])
    Holder.objects.filter(contact_point=point, to_date__isnull=True, from_date__gt=today).delete()
    Holder.objects.filter(contact_point=point, to_date__isnull=True).update(to_date=today)
    end_question(contact_point_id=point.pk, answer=Confirmation.Answer.ENDED, now=timezone.now())
    for other in left_alone:
        _leave_without_deputy(other, point, by)
    record(
        "contact_point.ended",
        by=by,
        subject=f"contact_point:{point.pk}",
        before={"ended_on": None},
        after={"ended_on": str(today), "function": point.name},
        pending=True,
    )
    return point


def _lock_deputised(contact_point_id: int) -> list[ContactPoint]:
    """Those the contact point is deputy for; locked together with it, in one order, so that nobody waits in a ring."""
    rows = ContactPoint.objects.select_for_update(of=("self",)).order_by("pk")
    both = rows.filter(Q(pk=contact_point_id) | Q(deputy=contact_point_id, ended_on__isnull=True))
    return [row for row in both if row.pk != contact_point_id]


def _leave_without_deputy(point: ContactPoint, deputy: ContactPoint, by: User) -> None:
    point.deputy = None
    point.revision += 1
    point.save(update_fields=["deputy", "revision"])
    record(
        "contact_point.deputy_ended",
        by=by,
        subject=f"contact_point:{point.pk}",
        before={"deputy_id": deputy.pk, "deputy": deputy.name},
        after={"deputy_id": None},
        pending=True,
    )


@transaction.atomic
def change_holder(
    *,
    by: User,
    contact_point_id: int,
    name: str,
    email: str = "",
    phone: str = "",
    today: datetime.date,
) -> Holder | None:
    """Let somebody else hold the function from today; name "" leaves it vacant. The contact point is not touched.

    The same name again corrects that holder's own address and number.
    """
    point = _lock(contact_point_id, by)
    if identity_complaints({"name": name, "phone": phone}):
        raise Refused("Uppgifterna innehåller något som ser ut som ett personnummer. Ta bort det.")
    old = Holder.objects.select_for_update().filter(contact_point=point, to_date__isnull=True).first()
    if old is not None and old.name == name:
        new: Holder | None = _correct(old, email, phone)
    else:
        new = _replace(point, old, name, email, phone, today)
    record(
        "holder.changed",
        by=by,
        subject=f"contact_point:{point.pk}",
        before={"holder": old.pk if old else None},
        after={"holder": new.pk if new else None, "function": point.name},
        pending=True,
    )
    return new


def _correct(holder: Holder, email: str, phone: str) -> Holder:
    holder.email, holder.phone = email, phone
    holder.save(update_fields=["email", "phone"])
    return holder


def _replace(
    point: ContactPoint, old: Holder | None, name: str, email: str, phone: str, today: datetime.date
) -> Holder | None:
    """Close what the old holder has, and open for the new one, if there is one."""
    if old is not None:
        old.to_date = max(today, old.from_date)
        old.save(update_fields=["to_date"])
    if not name:
        return None
    return Holder.objects.create(contact_point=point, name=name, email=email, phone=phone, from_date=today)
