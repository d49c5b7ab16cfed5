"""Who acts in the demonstration: the printed logins, and invented colleagues who can't log in."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from contacts.access import grant_all
from contacts.actions import give_role
from contacts.demo import LOGINS
from contacts.models import Membership, User
from contacts.roles import Role
from municipalities.models import Organisation
from nationwide.demo.bulk import copy_rows
from nationwide.demo.people import chance, invent

FIRST_DAY = datetime.date(2022, 12, 1)
COLLEAGUE_DOMAIN = "kollega.example"
"""Addresses nobody has. Colleagues sign and write in the story, and have no password."""

ROLES = {
    Organisation.Side.MUNICIPALITY: (Role.MUNICIPAL_COORDINATOR, Role.MUNICIPAL_SIGNATORY),
    Organisation.Side.AF: (Role.AF_COORDINATOR, Role.AF_SIGNATORY),
}


@dataclass(frozen=True)
class Actor:
    """A user in a function, as history shows them."""

    user: User
    function: str


@dataclass(frozen=True)
class Staff:
    coordinator: Actor
    signatory: Actor


def make_logins() -> None:
    """The printed logins with their roles; a password is hashed once, however many have it."""
    hashed = {password: make_password(password) for password in {login.password for login in LOGINS}}
    for login in LOGINS:
        organisation = Organisation.objects.get(kind=login.kind, name=login.organisation)
        facts = {
            "name": login.name,
            "is_staff": login.is_staff,
            "is_active": True,
            "password": hashed[login.password],
        }
        user, _ = User.objects.update_or_create(email=login.email, defaults=facts)
        give_role(by=None, user=user, organisation=organisation, role=login.role, today=FIRST_DAY)


def make_staff(organisations: Iterable[Organisation], *, seed: int) -> dict[int, Staff]:
    """A coordinator and a signatory of every organisation: the printed login where there is one, else a colleague."""
    organisations = list(organisations)
    known = {(m.organisation_id, m.role): m for m in Membership.objects.select_related("user", "organisation")}
    new = [
        Membership(user=colleague(organisation, role, seed), organisation=organisation, role=role, from_date=FIRST_DAY)
        for organisation in organisations
        for role in ROLES[Organisation.Side(organisation.side)]
        if (organisation.pk, role) not in known
    ]
    copy_rows([membership.user for membership in new])
    copy_rows(new)
    grant_all(new)
    known |= {(m.organisation_id, m.role): m for m in new}
    actors = {key: Actor(m.user, str(m)) for key, m in known.items()}
    return {
        organisation.pk: Staff(*(actors[organisation.pk, role] for role in ROLES[Organisation.Side(organisation.side)]))
        for organisation in organisations
    }


def colleague(organisation: Organisation, role: Role, seed: int) -> User:
    person = invent(chance("colleague", seed, organisation.name, role))
    local = person.address(f"{role.value}-{organisation.pk}.{COLLEAGUE_DOMAIN}".replace("_", "-"))
    return User(email=local, name=person.name, password=make_password(None))
