"""Permissions and roles as data. Who holds a role is in Membership; what it gives is here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Permission(models.TextChoices):
    """What can be granted on an organisation. The codenames are the ones in Organisation.Meta.permissions."""

    READ_AGREEMENTS = "read_agreements", "Läsa överenskommelser och kontaktytor"
    EDIT_AGREEMENTS = "edit_agreements", "Skriva, föreslå och granska överenskommelser"
    EDIT_CONTACTS = "edit_contacts", "Ändra den egna organisationens kontaktytor och innehavare"
    SIGN_AGREEMENTS = "sign_agreements", "Underteckna överenskommelser"
    SEE_NAMES = "see_names", "Se namn på personer"
    READ_NATION = "read_nation", "Läsa hela landets överenskommelser och täckning"
    EDIT_TEMPLATE = "edit_template", "Ändra den nationella mallen"
    EDIT_RULES = "edit_rules", "Ändra den nationella lägsta nivån"
    ADMINISTER = "administer", "Administrera systemet"


NATIONAL = frozenset({Permission.READ_NATION, Permission.EDIT_TEMPLATE, Permission.EDIT_RULES, Permission.ADMINISTER})


class Role(models.TextChoices):
    MUNICIPAL_COORDINATOR = "municipal_coordinator", "Samordnare, kommun"
    MUNICIPAL_SIGNATORY = "municipal_signatory", "Undertecknare, kommun"
    AF_COORDINATOR = "af_coordinator", "Samordnare, Arbetsförmedlingen"
    AF_SIGNATORY = "af_signatory", "Undertecknare, Arbetsförmedlingen"
    READER = "reader", "Läsare"
    SKR_OFFICER = "skr_officer", "Handläggare, SKR"
    SKR_READER = "skr_reader", "Läsare, SKR"
    ADMINISTRATOR = "administrator", "Systemadministratör"


@dataclass(frozen=True)
class RoleDefinition:
    """Which kinds of organisation a role fits, and what it gives there."""

    kinds: frozenset[str]
    permissions: frozenset[Permission]


_MUNICIPALITY = frozenset({"municipality"})
_AF = frozenset({"af", "af_region", "af_unit"})
_SKR = frozenset({"skr"})
_COORDINATOR = frozenset(
    {
        Permission.READ_AGREEMENTS,
        Permission.EDIT_AGREEMENTS,
        Permission.EDIT_CONTACTS,
        Permission.SEE_NAMES,
    }
)
_SIGNATORY = frozenset({Permission.READ_AGREEMENTS, Permission.SIGN_AGREEMENTS, Permission.SEE_NAMES})

DEFINITIONS: dict[Role, RoleDefinition] = {
    Role.MUNICIPAL_COORDINATOR: RoleDefinition(_MUNICIPALITY, _COORDINATOR),
    Role.MUNICIPAL_SIGNATORY: RoleDefinition(_MUNICIPALITY, _SIGNATORY),
    Role.AF_COORDINATOR: RoleDefinition(_AF, _COORDINATOR),
    Role.AF_SIGNATORY: RoleDefinition(_AF, _SIGNATORY),
    Role.READER: RoleDefinition(_MUNICIPALITY | _AF, frozenset({Permission.READ_AGREEMENTS, Permission.SEE_NAMES})),
    Role.SKR_OFFICER: RoleDefinition(
        _SKR,
        frozenset(
            {
                Permission.READ_AGREEMENTS,
                Permission.EDIT_CONTACTS,
                Permission.READ_NATION,
                Permission.SEE_NAMES,
                Permission.EDIT_TEMPLATE,
                Permission.EDIT_RULES,
            }
        ),
    ),
    Role.SKR_READER: RoleDefinition(_SKR, frozenset({Permission.READ_AGREEMENTS, Permission.READ_NATION})),
    Role.ADMINISTRATOR: RoleDefinition(_SKR, frozenset({Permission.ADMINISTER})),
}


def fits(role: Role, kind: str) -> bool:
    """Whether the role can be held in an organisation of this kind."""
    return kind in DEFINITIONS[role].kinds
