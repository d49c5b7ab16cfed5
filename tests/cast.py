"""The fixed cast of every test: ours, the counterpart's, the nation's, and one outsider who must always get 404."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from contacts.access import grant_all
from contacts.actions import give_role
from contacts.models import Membership, User
from contacts.roles import Role
from municipalities.models import Organisation

PASSWORD = "en lång hemlig mening 42"
FIRST_DAY = datetime.date(2022, 1, 1)


@dataclass(frozen=True)
class Cast:
    ostersund: Organisation
    are: Organisation
    nord: Organisation
    skr: Organisation
    coordinator: User
    signatory: User
    reader: User
    af_coordinator: User
    af_signatory: User
    officer: User
    skr_reader: User
    administrator: User
    outsider: User

    def by_name(self) -> dict[str, User]:
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def user_with_role(email: str, name: str, organisation: Organisation, role: Role) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name)
    give_role(by=None, user=user, organisation=organisation, role=role, today=FIRST_DAY)
    return user


def make_cast(ostersund: Organisation, are: Organisation, nord: Organisation) -> Cast:
    skr, _ = Organisation.objects.get_or_create(
        kind=Organisation.Kind.SKR,
        name="Sveriges Kommuner och Regioner",
        defaults={"side": Organisation.Side.NONE, "short_name": "SKR"},
    )
    roles = {
        "coordinator": ("samordnare@ostersund.se", "Sara Ordnare", ostersund, Role.MUNICIPAL_COORDINATOR),
        "signatory": ("chef@ostersund.se", "Karl Chef", ostersund, Role.MUNICIPAL_SIGNATORY),
        "reader": ("lasare@ostersund.se", "Lena Läsare", ostersund, Role.READER),
        "af_coordinator": ("samordnare@af.se", "Ali Ordnare", nord, Role.AF_COORDINATOR),
        "af_signatory": ("chef@af.se", "Eva Regionchef", nord, Role.AF_SIGNATORY),
        "officer": ("handlaggare@skr.se", "Siv Handläggare", skr, Role.SKR_OFFICER),
        "skr_reader": ("lasare@skr.se", "Per Läsare", skr, Role.SKR_READER),
        "administrator": ("admin@skr.se", "Ada Administratör", skr, Role.ADMINISTRATOR),
        "outsider": ("utanfor@are.se", "Ulla Utanför", are, Role.MUNICIPAL_COORDINATOR),
    }
    return Cast(ostersund=ostersund, are=are, nord=nord, skr=skr, **users_with_roles(roles))


def users_with_roles(roles: dict[str, tuple[str, str, Organisation, Role]]) -> dict[str, User]:
    """Many at once, since every test makes them: rows as `user_with_role` writes them, without their history."""
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(email=email, password=password, name=name) for email, name, *_ in roles.values()
    )
    memberships = [
        Membership(user=user, organisation=organisation, role=role, from_date=FIRST_DAY)
        for user, (*_, organisation, role) in zip(users, roles.values(), strict=True)
    ]
    grant_all(Membership.objects.bulk_create(memberships))
    return dict(zip(roles, users, strict=True))
