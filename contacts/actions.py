"""Everything that changes contact points, holders and memberships."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.access import Permission, reach_of, synchronise
from contacts.errors import NotAllowed, Refused, Stale
from contacts.history import record
from contacts.models import ContactPoint, Function, Holder, Membership, User
from contacts.personbound import find_identity_numbers
from contacts.roles import Role, fits
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
    if function.side not in (organisation.side, Organisation.Side.NONE):
        raise Refused("Funktionen hör inte till den här sortens organisation.")
    if function.other and not facts["function_text"]:
        raise Refused("Skriv funktionens namn.")
    if find_identity_numbers(" ".join(str(value) for value in facts.values())):
        raise Refused("Uppgifterna innehåller något som ser ut som ett personnummer. Ta bort det.")
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
def end_contact_point(*, by: User, contact_point_id: int, today: datetime.date) -> ContactPoint:
    """Make a contact point inactive. It is never deleted, but leaves every list one can pick from."""
    point = _lock(contact_point_id, by)
    point.ended_on = today
    point.revision += 1
    point.save(update_fields=["ended_on", "revision"])
    Holder.objects.filter(contact_point=point, to_date__isnull=True, from_date__gt=today).delete()
    Holder.objects.filter(contact_point=point, to_date__isnull=True).update(to_date=today)
    ContactPoint.objects.filter(deputy=point).update(deputy=None)
    record(
        "contact_point.ended",
        by=by,
        subject=f"contact_point:{point.pk}",
        before={"ended_on": None},
        after={"ended_on": str(today), "function": point.name},
        pending=True,
    )
    return point


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
    """Let somebody else hold the function from today; name "" leaves it vacant. The contact point is not touched."""
    point = _lock(contact_point_id, by)
    if find_identity_numbers(f"{name} {phone}"):
        raise Refused("Uppgifterna innehåller något som ser ut som ett personnummer. Ta bort det.")
    old = Holder.objects.select_for_update().filter(contact_point=point, to_date__isnull=True).first()
    if old is not None:
        old.to_date = max(today, old.from_date)
        old.save(update_fields=["to_date"])
    new = None
    if name:
        new = Holder.objects.create(contact_point=point, name=name, email=email, phone=phone, from_date=today)
    record(
        "holder.changed",
        by=by,
        subject=f"contact_point:{point.pk}",
        before={"holder": old.pk if old else None},
        after={"holder": new.pk if new else None, "function": point.name},
        pending=True,
    )
    return new


@transaction.atomic
def give_role(
    *, by: User | None, user: User, organisation: Organisation, role: Role, today: datetime.date
) -> Membership:
    """Give a user a role in an organisation; by=None is the system (demo data, first administrator)."""
    _demand_administrator(by)
    if not fits(role, organisation.kind):
        raise Refused(f"Rollen {role.label} passar inte i {organisation.name}.")
    membership, created = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, to_date=None, defaults={"from_date": today}
    )
    synchronise(user, organisation, on=today)
    if created:
        after = {"user": user.pk, "role": role, "from": str(today)}
        record("membership.given", by=by, subject=f"organisation:{organisation.pk}", after=after)
    return membership


@transaction.atomic
def end_role(*, by: User | None, membership: Membership, today: datetime.date) -> Membership:
    """End a role from today; what it gave is gone at once, the row stays."""
    _demand_administrator(by)
    membership.to_date = max(today, membership.from_date)
    membership.save(update_fields=["to_date"])
    synchronise(membership.user, membership.organisation, on=today)
    record(
        "membership.ended",
        by=by,
        subject=f"organisation:{membership.organisation_id}",
        before={"user": membership.user_id, "role": membership.role},
        after={"to": str(membership.to_date)},
    )
    return membership


def _demand_administrator(by: User | None) -> None:
    if by is not None and not reach_of(by).nationally(Permission.ADMINISTER):
        raise NotAllowed
