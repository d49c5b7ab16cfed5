"""Rows for tests, made by the product's own actions so that they are what users get."""

from __future__ import annotations

import datetime
from typing import Any

from agreements.actions import negotiating, opening, signing, writing
from agreements.models import OpenedText, Party, Version
from contacts import actions as contact_actions
from contacts.models import ContactPoint, Function, User
from contacts.proof import Proof
from contacts.roles import Role
from municipalities.models import County, Municipality, MunicipalityGroup, MunicipalityShape, Organisation
from tests.cast import Cast, user_with_role

TODAY = datetime.date(2026, 11, 22)

FILLED: dict[str, dict[str, Any]] = {
    "parties": {"employment_service_part": "<p>Enheterna i Jämtlands län.</p>"},
    "background": {"local_situation": "<p>Arbetslösheten är högst bland unga utan gymnasieutbildning.</p>"},
    "goals": {
        "goals": [
            {
                "what": "Fler unga i arbete eller studier",
                "target": "75 av 100",
                "due": "2027-12-31",
                "responsible": "Arbetsmarknadschef",
            }
        ]
    },
    "target_groups": {"groups": ["young"], "delimitation": "<p>Unga mellan 16 och 24 år.</p>"},
    "organisation": {
        "forums": [
            {
                "level": level,
                "forum": forum,
                "meetings_per_year": times,
                "municipality_function": "Arbetsmarknadschef",
                "af_function": "Enhetschef",
            }
            for level, forum, times in (("strategic", "Styrgrupp", 2), ("operative", "Arbetsgrupp", 6))
        ]
    },
    "measures": {
        "measures": [
            {
                "name": "Gemensam kartläggning",
                "category": None,
                "municipality_function": "Jobbcoach",
                "af_function": "Arbetsförmedlare lokal samverkan",
            }
        ]
    },
    "job_tracks": {"used": "no", "reason": "Arbetsgivarnas behov kartläggs först."},
    "employers": {"cooperation": "<p>Gemensamma besök hos arbetsgivare.</p>"},
    "presence": {"form": "booked", "description": "<p>Bokade möten på medborgarkontoret.</p>"},
    "routines": {
        "handover": "<p>Överlämning sker i trepartsmöte.</p>",
        "transition": "<p>Planeringen görs gemensamt.</p>",
    },
    "information": {
        "channels": ["sdk"],
        "data_protection_municipality": "Dataskyddsombud",
        "data_protection_af": "Dataskyddsombud",
    },
    "follow_up": {
        "times_per_year": 1,
        "meetings": [{"date": "2027-05-15", "focus": "Målen", "responsible": "Avtalssamordnare"}],
    },
    "annex_action_plan": {
        "actions": [
            {
                "activity": "Gemensam rutin för trepartssamtal",
                "responsible": "Enhetschef försörjningsstöd",
                "due": "2027-03-31",
                "status": "planned",
            }
        ]
    },
}


def municipality(code: str, name: str, *, county: str = "23", region: Organisation | None = None) -> Organisation:
    """A municipality with its county and group, as the reference data makes them."""
    region = region or af_region("Nord")
    county_row, _ = County.objects.get_or_create(code=county, defaults={"name": f"Län {county}", "af_region": region})
    group, _ = MunicipalityGroup.objects.get_or_create(code="B3", defaults={"name": "Större stad"})
    organisation = Organisation.objects.create(
        kind=Organisation.Kind.MUNICIPALITY,
        side=Organisation.Side.MUNICIPALITY,
        name=f"{name} kommun",
        short_name=name.removesuffix("s"),
        mail_domain=f"{name.lower().removesuffix('s')}.se".replace("ö", "o").replace("å", "a").replace("ä", "a"),
    )
    facts = Municipality.objects.create(
        organisation=organisation,
        code=code,
        county=county_row,
        group=group,
        population=10_000,
        population_year=2025,
    )
    MunicipalityShape.objects.create(municipality=facts, path="M0 0h9v9h-9z", min_x=0, min_y=0, max_x=9, max_y=9)
    return organisation


def af_region(short_name: str) -> Organisation:
    root, _ = Organisation.objects.get_or_create(
        kind=Organisation.Kind.AF,
        name="Arbetsförmedlingen",
        defaults={"side": Organisation.Side.AF, "short_name": "Arbetsförmedlingen"},
    )
    region, _ = Organisation.objects.get_or_create(
        kind=Organisation.Kind.AF_REGION,
        name=f"Arbetsförmedlingen, region {short_name}",
        defaults={
            "side": Organisation.Side.AF,
            "short_name": short_name,
            "parent": root,
            "mail_domain": "arbetsformedlingen.se",
        },
    )
    return region


def contact_facts(organisation: Organisation, level: str, **changes: Any) -> dict[str, Any]:
    """Good, function-bound facts of a contact point at a level."""
    function = Function.objects.filter(side=organisation.side, level=level, other=False).first()
    assert function is not None
    return {
        "function_id": function.pk,
        "function_text": "",
        "level": level,
        "unit": "Arbetsmarknadsenheten",
        "mailbox": f"arbetsmarknad@{organisation.mail_domain}",
        "phone": "063-14 30 00",
        "sdk_address": "",
        "postal_address": "",
        "deputy_id": None,
    } | changes


def contact_point(organisation: Organisation, level: str = "strategic", *, by: User, **changes: Any) -> ContactPoint:
    return contact_actions.add_contact_point(
        by=by, organisation=organisation, facts=contact_facts(organisation, level, **changes)
    )


def draft(cast: Cast, *, municipality: Organisation | None = None, by: User | None = None) -> Version:
    """An empty draft between the cast's municipality (or another one) and AF region Nord."""
    return writing.start_agreement(
        by=by or cast.coordinator,
        municipalities=[municipality or cast.ostersund],
        af=cast.nord,
        today=TODAY,
    )


def fill(version: Version, cast: Cast, *, by: User | None = None) -> Version:
    """Everything a version needs before it can be proposed."""
    by = by or cast.coordinator
    sections = {section.key: section for section in version.sections.select_related("template_section")}
    for key, content in FILLED.items():
        raw = _with_category(sections[key], content)
        writing.save_section(by=by, version_id=version.pk, key=key, raw=raw, revision=_revision(version, key))
    parties = list(version.parties.all())
    facts = {p.pk: {"unit": "Arbetsmarknadsnämnden", "signing_function": "Förvaltningschef"} for p in parties}
    writing.save_parties(
        by=by, version_id=version.pk, key="parties", changes=facts, revision=_revision(version, "parties")
    )
    period = writing.Period(TODAY, datetime.date(2028, 12, 31), datetime.date(2027, 12, 1), 6)
    writing.save_period(
        by=by, version_id=version.pk, key="validity", period=period, revision=_revision(version, "validity")
    )
    choose_all(version, parties, cast, by=by)
    version.refresh_from_db()
    return version


def _with_category(section: Any, content: dict[str, Any]) -> dict[str, Any]:
    """Measures take the first of the template's own categories."""
    if section.key != "measures":
        return content
    columns = section.template_section.fields[0].columns
    first = next(column for column in columns if column.key == "category").options[0][0]
    return {"measures": [row | {"category": first} for row in content["measures"]]}


def _revision(version: Version, key: str) -> int:
    return version.sections.get(key=key).revision


def choose_all(version: Version, parties: list[Party], cast: Cast, *, by: User) -> None:
    chosen = []
    for party in parties:
        editor = cast.af_coordinator if party.side == "af" else by
        for level in ("strategic", "operative"):
            point = contact_point(party.organisation, level, by=editor)
            chosen.append(writing.ChosenContact(party.pk, point.pk, level))
    writing.choose_contacts(
        by=by, version_id=version.pk, key="contacts", chosen=chosen, revision=_revision(version, "contacts")
    )


def proposed(cast: Cast, **how: Any) -> Version:
    version = fill(draft(cast, **how), cast, by=how.get("by"))
    return negotiating.propose(by=how.get("by") or cast.coordinator, version_id=version.pk)


def accepted(cast: Cast, **how: Any) -> Version:
    return negotiating.accept(by=cast.af_coordinator, version_id=proposed(cast, **how).pk)


def decision(**changes: Any) -> signing.Decision:
    facts: dict[str, Any] = {
        "function": "Förvaltningschef",
        "kind": "delegation",
        "reference": "AMN 2026/118",
        "date": TODAY,
    }
    return signing.Decision(**facts | changes)


def proof(now: datetime.datetime, **changes: Any) -> Proof:
    """Of who one is, just given: by password unless said otherwise."""
    facts: dict[str, Any] = {"method": "password", "level": "password", "at": now, "evidence": {"login": "chef"}}
    return Proof(**facts | changes)


def opened(version: Version, user: User, *, now: datetime.datetime) -> None:
    """The user has been shown the fixed text."""
    facts = {"text_hash": version.text_hash, "how": OpenedText.How.PAGE, "now": now}
    opening.note_opened(by=user, version=version, **facts)


def sign_party(version: Version, party: Party, user: User, *, now: datetime.datetime, **changes: Any) -> Version:
    """Opened, proven and signed."""
    if version.text_hash:
        opened(version, user, now=now)
    facts: dict[str, Any] = {"decision": decision(), "seen_hash": version.text_hash, "proof": proof(now)}
    return signing.sign(by=user, version_id=version.pk, party_id=party.pk, now=now, **facts | changes)


def sign_for(version: Version, side: str, user: User, *, now: datetime.datetime, **changes: Any) -> Version:
    return sign_party(version, version.parties.get(side=side), user, now=now, **changes)


def in_force(
    cast: Cast, *, municipality: Organisation | None = None, by: User | None = None, signatory: User | None = None
) -> Version:
    """A version signed by both parties today."""
    now = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)
    version = accepted(cast, municipality=municipality, by=by) if municipality else accepted(cast)
    sign_for(version, "municipality", signatory or cast.signatory, now=now)
    version = sign_for(version, "af", cast.af_signatory, now=now)
    version.refresh_from_db()
    return version


def member(organisation: Organisation, role: Role) -> User:
    """A new user with one role."""
    return user_with_role(f"{role}.{organisation.pk}@exempel.se", "Test Person", organisation, role)
