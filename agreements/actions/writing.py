"""Starting an agreement and writing in it while it is a draft."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements.actions.locking import acts_for, lock_draft
from agreements.content import tidy, tidy_party
from agreements.gather import Whole
from agreements.models import Agreement, AgreementContact, Party, Section, TemplateSection, TemplateVersion, Version
from agreements.rules import period_errors
from agreements.states import WORKING
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused, Stale
from contacts.history import record
from contacts.models import ContactPoint, Level, User
from municipalities.models import Organisation


@transaction.atomic
def start_agreement(
    *, by: User, municipalities: Iterable[Organisation], af: Organisation, today: datetime.date
) -> Version:
    """A new draft from the newest open template, with one or several municipalities and one part of AF."""
    kommuner = list(municipalities)
    organisations = [*kommuner, af]
    _demand_parties(by, kommuner, af)
    template = newest_template(today)
    refuse_second_draft(kommuner)
    version = Version.objects.create(
        agreement=Agreement.objects.create(), template=template, title=title_between(kommuner, af)
    )
    Party.objects.bulk_create(
        Party(
            version=version,
            organisation=organisation,
            side=organisation.side,
            position=position,
            name=organisation.name,
            org_number=organisation.org_number,
        )
        for position, organisation in enumerate(organisations)
    )
    Section.objects.bulk_create(
        Section(version=version, template_section=ts, key=ts.key)
        for ts in TemplateSection.objects.filter(version=template).defer("locked", "guidance")
    )
    after = {
        "template": template.number,
        "parties": [organisation.name for organisation in organisations],
        "for": acts_for(by, Whole(version)),
    }
    record("agreement.started", by=by, subject=version.subject, after=after, pending=True)
    return version


def _demand_parties(by: User, kommuner: list[Organisation], af: Organisation) -> None:
    sides = [organisation.side for organisation in kommuner]
    if not kommuner or any(side != Organisation.Side.MUNICIPALITY for side in sides):
        raise Refused("Välj minst en kommun.")
    if af.side != Organisation.Side.AF:
        raise Refused("Välj den del av Arbetsförmedlingen som är part.")
    if not reach_of(by).may(Permission.EDIT_AGREEMENTS, [organisation.pk for organisation in [*kommuner, af]]):
        raise NotAllowed


def newest_template(today: datetime.date) -> TemplateVersion:
    template = TemplateVersion.objects.open_for_new_agreements(today).first()
    if template is None:
        raise Refused("Det finns ingen nationell mall som är öppen för nya överenskommelser.")
    return template


def refuse_second_draft(kommuner: list[Organisation]) -> None:
    """One single (samlad) agreement per municipality: a second one in work is refused (domain fact 1)."""
    list(Organisation.objects.select_for_update().filter(pk__in=[k.pk for k in kommuner]).order_by("pk"))
    busy = Party.objects.filter(organisation__in=kommuner, version__state__in=WORKING).first()
    if busy is not None:
        raise Refused(f"{busy.name} har redan en överenskommelse under arbete. Fortsätt i den i stället.")


def title_between(kommuner: list[Organisation], af: Organisation) -> str:
    names = [kommun.name for kommun in kommuner]
    together = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " och " + names[-1]
    return f"Överenskommelse mellan {together} och {af.name}"[:250]


@transaction.atomic
def save_section(*, by: User, version_id: int, key: str, raw: Mapping[str, Any], revision: int) -> Section:
    """Save a section's local content. Raises Stale, InvalidContent, Refused or NotAllowed; Section.DoesNotExist."""
    whole = lock_draft(version_id, by=by)
    section = _fresh_section(whole, key, revision)
    content = tidy(section.template_section.fields, raw)
    if content == section.content:
        return section
    before, section.content = section.content, content
    _touch(section, by)
    record(
        "agreement.section_saved",
        by=by,
        subject=whole.version.subject,
        before={"section": key, "content": before},
        after={"section": key, "content": content, "revision": section.revision},
        pending=True,
    )
    return section


def _fresh_section(whole: Whole, key: str, revision: int) -> Section:
    section = whole.version.sections.select_related("template_section").get(key=key)
    if section.revision != revision:
        raise Stale(section)
    return section


def _touch(section: Section, by: User) -> None:
    section.revision += 1
    section.changed_at = timezone.now()
    section.changed_by, section.changed_by_id = by.name, by.pk
    section.save(update_fields=["content", "revision", "changed_at", "changed_by", "changed_by_id"])


@dataclass(frozen=True)
class Period:
    start: datetime.date | None
    end: datetime.date | None
    revision: datetime.date | None
    notice_months: int | None


@transaction.atomic
def save_period(*, by: User, version_id: int, key: str, period: Period, revision: int) -> Section:
    """Save section 19's dates. Raises Refused when they are out of order, Stale or NotAllowed."""
    whole = lock_draft(version_id, by=by)
    section = _fresh_section(whole, key, revision)
    complaints = period_errors(period.start, period.end, period.revision)
    if complaints:
        raise Refused(" ".join(complaints.values()))
    version = whole.version
    before = _period_facts(version)
    version.period_start, version.period_end = period.start, period.end
    version.revision_date, version.notice_months = period.revision, period.notice_months
    if _period_facts(version) == before:
        return section
    version.save(update_fields=["period_start", "period_end", "revision_date", "notice_months"])
    _touch(section, by)
    record(
        "agreement.period_saved",
        by=by,
        subject=version.subject,
        before=before,
        after=_period_facts(version),
        pending=True,
    )
    return section


def _period_facts(version: Version) -> dict[str, Any]:
    days = (version.period_start, version.period_end, version.revision_date)
    start, end, revision = (str(day) if day else None for day in days)
    return {"start": start, "end": end, "revision": revision, "notice_months": version.notice_months}


@transaction.atomic
def save_parties(
    *, by: User, version_id: int, key: str, changes: Mapping[int, Mapping[str, str]], revision: int
) -> Section:
    """Save facts of the parties: party id → some of content.PARTY_LIMITS. Raises InvalidContent, Refused, Stale."""
    whole = lock_draft(version_id, by=by)
    section = _fresh_section(whole, key, revision)
    parties = {party.pk: party for party in whole.parties}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for pk, facts in changes.items():
        if pk not in parties:
            raise Refused("Uppgiften hör inte till överenskommelsens parter.")
        party, facts = parties[pk], tidy_party(facts)
        before[party.name] = {field: getattr(party, field) for field in facts}
        after[party.name] = facts
        for field, value in facts.items():
            setattr(party, field, value)
        party.save(update_fields=list(facts))
    if before == after:
        return section
    _touch(section, by)
    record("agreement.parties_saved", by=by, subject=whole.version.subject, before=before, after=after, pending=True)
    return section


@dataclass(frozen=True)
class ChosenContact:
    party_id: int
    contact_point_id: int
    level: str


@transaction.atomic
def choose_contacts(*, by: User, version_id: int, key: str, chosen: Iterable[ChosenContact], revision: int) -> Section:
    """Set which contact points the version rests on (section 7), in the order given.

    Raises Refused when a contact point is ended or belongs to another organisation than the party.
    """
    whole = lock_draft(version_id, by=by)
    section = _fresh_section(whole, key, revision)
    rows = list(dict.fromkeys(chosen))
    _refuse_strangers(whole, rows)
    before = _contact_facts(whole)
    if [(c.party_id, c.contact_point_id, c.level) for c in sorted(whole.contacts, key=lambda c: c.position)] == [
        (row.party_id, row.contact_point_id, row.level) for row in rows
    ]:
        return section
    whole.version.contacts.all().delete()
    AgreementContact.objects.bulk_create(
        AgreementContact(
            version=whole.version,
            party_id=row.party_id,
            contact_point_id=row.contact_point_id,
            level=row.level,
            position=position,
        )
        for position, row in enumerate(rows)
    )
    _touch(section, by)
    after = _contact_facts(Whole(whole.version))
    record(
        "agreement.contacts_chosen",
        by=by,
        subject=whole.version.subject,
        before={"contacts": before},
        after={"contacts": after},
        pending=True,
    )
    return section


@dataclass(frozen=True)
class Change:
    """What one save of a section holds; None where the section has no such part."""

    raw: Mapping[str, Any] | None = None
    parties: Mapping[int, Mapping[str, str]] | None = None
    period: Period | None = None
    chosen: Iterable[ChosenContact] | None = None


@transaction.atomic
def save(*, by: User, version_id: int, key: str, change: Change, revision: int) -> Section:
    """Save every part of a section, or none of them. Raises what the saving of each part raises."""
    section = _fresh_section(lock_draft(version_id, by=by), key, revision)
    where: dict[str, Any] = {"by": by, "version_id": version_id, "key": key}
    if change.parties is not None:
        section = save_parties(**where, changes=change.parties, revision=section.revision)
    if change.period is not None:
        section = save_period(**where, period=change.period, revision=section.revision)
    if change.chosen is not None:
        section = choose_contacts(**where, chosen=change.chosen, revision=section.revision)
    if change.raw is not None:
        section = save_section(**where, raw=change.raw, revision=section.revision)
    return section


def _refuse_strangers(whole: Whole, rows: list[ChosenContact]) -> None:
    organisation_of = {party.pk: party.organisation_id for party in whole.parties}
    points = ContactPoint.objects.active().in_bulk([row.contact_point_id for row in rows])
    for row in rows:
        point = points.get(row.contact_point_id)
        if point is None or point.organisation_id != organisation_of.get(row.party_id) or row.level not in Level:
            raise Refused("En av kontaktytorna har upphört eller hör inte till parten. Ladda om sidan och välj igen.")


def _contact_facts(whole: Whole) -> list[dict[str, str]]:
    return [{"level": c.level, "party": c.party.name, "function": c.contact_point.name} for c in whole.contacts]
