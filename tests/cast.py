"""The fixed cast of every test: ours, the counterpart's, the nation's, and one outsider who must always get 404."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from contacts.actions import give_role
from contacts.models import User
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
    return Cast(
        ostersund=ostersund,
        are=are,
        nord=nord,
        skr=skr,
        coordinator=user_with_role("samordnare@ostersund.se", "Sara Ordnare", ostersund, Role.MUNICIPAL_COORDINATOR),
        signatory=user_with_role("chef@ostersund.se", "Karl Chef", ostersund, Role.MUNICIPAL_SIGNATORY),
        reader=user_with_role("lasare@ostersund.se", "Lena Läsare", ostersund, Role.READER),
        af_coordinator=user_with_role("samordnare@af.se", "Ali Ordnare", nord, Role.AF_COORDINATOR),
        af_signatory=user_with_role("chef@af.se", "Eva Regionchef", nord, Role.AF_SIGNATORY),
        officer=user_with_role("handlaggare@skr.se", "Siv Handläggare", skr, Role.SKR_OFFICER),
        skr_reader=user_with_role("lasare@skr.se", "Per Läsare", skr, Role.SKR_READER),
        administrator=user_with_role("admin@skr.se", "Ada Administratör", skr, Role.ADMINISTRATOR),
        outsider=user_with_role("utanfor@are.se", "Ulla Utanför", are, Role.MUNICIPAL_COORDINATOR),
    )
