"""The demonstration's logins, as data: made by load_demo, shown on the login page in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass

from contacts.roles import Role
from municipalities.models import Organisation

PASSWORD = "demo-portalen-2026"  # noqa: S105 - shown to everybody, and never made outside demo mode
"""One password for every demo login."""

Kind = Organisation.Kind


@dataclass(frozen=True)
class DemoLogin:
    """One invented person with one role; kind and organisation name the row the role is held in."""

    email: str
    name: str
    role: Role
    kind: Organisation.Kind
    organisation: str
    can: str
    """What the role lets one try, for the login page."""

    password: str = PASSWORD

    @property
    def role_text(self) -> str:
        return str(self.role.label)

    @property
    def is_staff(self) -> bool:
        """Whether the login also opens the administration."""
        return self.role is Role.ADMINISTRATOR


OSTERSUND, ARE = "Östersunds kommun", "Åre kommun"
NORD = "Arbetsförmedlingen, region Nord"
SKR = "Sveriges Kommuner och Regioner"

LOGINS: tuple[DemoLogin, ...] = (
    DemoLogin(
        "sara.lindfors@ostersund.example",
        "Sara Lindfors",
        Role.MUNICIPAL_COORDINATOR,
        Kind.MUNICIPALITY,
        OSTERSUND,
        "Skriver överenskommelsen och sköter kommunens kontaktytor.",
    ),
    DemoLogin(
        "karl.nygren@ostersund.example",
        "Karl Nygren",
        Role.MUNICIPAL_SIGNATORY,
        Kind.MUNICIPALITY,
        OSTERSUND,
        "Undertecknar för kommunen.",
    ),
    DemoLogin(
        "ali.hassan@nord.example",
        "Ali Hassan",
        Role.AF_COORDINATOR,
        Kind.AF_REGION,
        NORD,
        "Granskar, skickar tillbaka eller godtar för Arbetsförmedlingen.",
    ),
    DemoLogin(
        "eva.sundin@nord.example",
        "Eva Sundin",
        Role.AF_SIGNATORY,
        Kind.AF_REGION,
        NORD,
        "Undertecknar för Arbetsförmedlingen.",
    ),
    DemoLogin(
        "lena.berg@ostersund.example",
        "Lena Berg",
        Role.READER,
        Kind.MUNICIPALITY,
        OSTERSUND,
        "Läser kommunens sidor, utan namn och utan att kunna ändra.",
    ),
    DemoLogin(
        "siv.akesson@skr.example",
        "Siv Åkesson",
        Role.SKR_OFFICER,
        Kind.SKR,
        SKR,
        "Läser hela landet, sköter mallen och lägsta nivån.",
    ),
    DemoLogin(
        "per.oberg@skr.example",
        "Per Öberg",
        Role.SKR_READER,
        Kind.SKR,
        SKR,
        "Läser hela landet, utan namn.",
    ),
    DemoLogin(
        "ada.wallin@skr.example",
        "Ada Wallin",
        Role.ADMINISTRATOR,
        Kind.SKR,
        SKR,
        "Ser alla behörigheter och öppnar administrationen.",
    ),
    DemoLogin(
        "ulla.jonsson@are.example",
        "Ulla Jonsson",
        Role.MUNICIPAL_COORDINATOR,
        Kind.MUNICIPALITY,
        ARE,
        "En utomstående: ser ingenting av Östersunds sidor.",
    ),
)
