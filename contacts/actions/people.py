"""What changes logins and roles. The administrator's verbs; by=None is the system (demo data, first administrator)."""

from __future__ import annotations

import datetime

from django.db import transaction

from contacts.access import Permission, reach_of, synchronise
from contacts.errors import NotAllowed, Refused
from contacts.history import record
from contacts.models import Membership, User
from contacts.personbound import Confidence, email_kind
from contacts.roles import Role, fits
from municipalities.models import Organisation

SHARED_MAILBOX = (
    "Adressen ser ut som en delad brevlåda. Som kontakt är den rätt, men en inloggning hör alltid till en person: "
    "skriv personens egen adress."
)


@transaction.atomic
def add_user(*, by: User | None, email: str, name: str, password: str) -> User:
    """A new login, without any role yet. Raises Refused for a shared mailbox or an address that is taken."""
    demand_administrator(by)
    email = email.strip().lower()
    if is_shared(email):
        raise Refused(SHARED_MAILBOX)
    if User.objects.filter(email=email).exists():
        raise Refused("Det finns redan en användare med den e-postadressen.")
    user = User.objects.create_user(email, password, name=name)
    record("user.added", by=by, subject=f"user:{user.pk}", after={"user": user.pk})
    return user


def is_shared(email: str) -> bool:
    """Whether the address clearly belongs to a function; what only may do so is let through."""
    judged = email_kind(email)
    return judged.kind != "personal" and judged.confidence is Confidence.STRONG


@transaction.atomic
def close_user(*, by: User, user: User, today: datetime.date) -> User:
    """Close a login: it can't be used any more, and all its roles end. The row stays, for history's sake."""
    demand_administrator(by)
    if by.pk == user.pk:
        raise Refused("Du kan inte stänga din egen inloggning.")
    for membership in Membership.objects.filter(user=user, to_date__isnull=True).select_related("organisation"):
        end_role(by=by, membership=membership, today=today)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("user.closed", by=by, subject=f"user:{user.pk}", before={"user": user.pk})
    return user


@transaction.atomic
def change_user(*, by: User, user: User, name: str, password: str = "") -> User:
    """Correct a person's name; a new password, when one is given, ends the person's sessions."""
    demand_administrator(by)
    renamed = User.objects.filter(pk=user.pk).exclude(name=name).update(name=name)
    user.name = name
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    after = {"user": user.pk, "renamed": bool(renamed), "password": bool(password)}
    record("user.changed", by=by, subject=f"user:{user.pk}", after=after)
    return user


@transaction.atomic
def give_role(
    *, by: User | None, user: User, organisation: Organisation, role: Role, today: datetime.date
) -> Membership:
    """Give a user a role in an organisation."""
    demand_administrator(by)
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
    """End a role from today; what it gave is gone at once, the row stays. Refused for the last administrator."""
    demand_administrator(by)
    if by is not None and membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(membership, today)
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


def _keep_an_administrator(leaving: Membership, today: datetime.date) -> None:
    """Someone must be left who can give roles; the rows are locked, so that two can't leave at once."""
    held = Membership.objects.select_for_update(of=("self",)).filter(role=Role.ADMINISTRATOR).order_by("pk")
    if not any(m.pk != leaving.pk and m.user.is_active for m in held.current(today).select_related("user")):
        raise Refused("Portalen måste ha minst en systemadministratör. Ge rollen till någon annan först.")


def demand_administrator(by: User | None) -> None:
    if by is not None and not reach_of(by).nationally(Permission.ADMINISTER):
        raise NotAllowed
