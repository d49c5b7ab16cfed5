"""Starting an agreement and writing in it while it is a draft."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db import transaction

from agreements.actions.locking import acts_for
from agreements.content import passable, tidy, tidy_party
from agreements.desk import may_write, section_of, write
from agreements.gather import Whole
from agreements.models import (
    Agreement,
    AgreementContact,
    Party,
    Section,
    TemplateSection,
    TemplateVersion,
    Version,
)
from agreements.revisions import SAVED
from agreements.rules import period_errors
from agreements.states import FIXED, WORKING, State
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
    _refuse_bound(kommuner, today)
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


def _refuse_bound(kommuner: list[Organisation], today: datetime.date) -> None:
    """A municipality that is bound until further notice goes on from the agreement it has.

    One whose days have an end, by the period or after notice, may write the agreement that follows.
    """
    bound = Party.objects.filter(organisation__in=kommuner, in_force__contains=today, in_force__upper_inf=True)
    party = bound.first()
    if party is not None:
        raise Refused(f"{party.name} har en gällande överenskommelse. Börja på en ny version av den i stället.")


def bound_until(kommuner: Iterable[Organisation], today: datetime.date) -> list[tuple[str, datetime.date]]:
    """The municipalities that are bound today, each with its last day: a new agreement begins after it."""
    bound = Party.objects.filter(organisation__in=kommuner, in_force__contains=today, in_force__upper_inf=False)
    ends = bound.values_list("name", "in_force").order_by("name")
    return [(name, days.upper - datetime.timedelta(days=1)) for name, days in ends if days and days.upper]


def title_between(kommuner: list[Organisation], af: Organisation) -> str:
    names = [kommun.name for kommun in kommuner]
    together = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " och " + names[-1]
    return f"Överenskommelse mellan {together} och {af.name}"[:250]


@dataclass(frozen=True)
class Period:
    start: datetime.date | None
    end: datetime.date | None
    revision: datetime.date | None
    notice_months: int | None


@dataclass(frozen=True)
class ChosenContact:
    party_id: int
    contact_point_id: int
    level: str


@dataclass(frozen=True)
class Change:
    """What one save of a section holds; None where the section has no such part."""

    raw: Mapping[str, Any] | None = None
    parties: Mapping[int, Mapping[str, str]] | None = None
    period: Period | None = None
    chosen: Iterable[ChosenContact] | None = None


ChangeOf = Callable[[Whole], Change]


@dataclass(frozen=True)
class Autosaved:
    """What became of what was typed: the section as it is now, and what could not be saved, by content's paths."""

    section: Section
    complaints: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One part of a section that differs from what is saved: what history tells of it, and how it is written."""

    type: str
    before: dict[str, Any]
    after: dict[str, Any]
    write: Callable[[], object]


@transaction.atomic
def save(*, by: User, version_id: int, key: str, change: Change | ChangeOf, revision: int) -> Section:
    """Save every part of a section that has changed, or none of them.

    change: or what makes it of the section as it is, once that is locked. Raises Refused, InvalidContent, NotAllowed,
    Section.DoesNotExist, or Stale when somebody has saved something else since this revision.
    """
    whole = _locked(version_id, key, by)
    change = _made(change, whole)
    section = whole.sections[key]
    content = None if change.raw is None else tidy(section.template_section.fields, change.raw)
    return _write(whole, section, _parts(whole, section, change, content), by=by, revision=revision)


@transaction.atomic
def autosave(*, by: User, version_id: int, key: str, change: Change | ChangeOf, revision: int) -> Autosaved:
    """Save what can be saved of what is being typed; a value that can't be saved leaves what is stored.

    Raises what saving raises; InvalidContent only for what is no field of the section.
    """
    whole = _locked(version_id, key, by)
    change = _made(change, whole)
    section = whole.sections[key]
    content: dict[str, Any] | None = None
    complaints: dict[str, str] = {}
    if change.raw is not None:
        content, complaints = passable(section.template_section.fields, change.raw, section.content)
    parts = [_marked(part) for part in _parts(whole, section, change, content)]
    return Autosaved(_write(whole, section, parts, by=by, revision=revision), complaints)


def _locked(version_id: int, key: str, by: User) -> Whole:
    whole = section_of(version_id, key, by=by, lock=True)
    if whole is None:
        raise Section.DoesNotExist
    if not may_write(by, whole):
        raise NotAllowed
    return whole


def _made(change: Change | ChangeOf, whole: Whole) -> Change:
    made = change if isinstance(change, Change) else change(whole)
    if whole.version.state != State.DRAFT:
        raise Refused(FIXED[State(whole.version.state)])
    return made


def _parts(whole: Whole, section: Section, change: Change, content: dict[str, Any] | None) -> list[Part]:
    parts = [
        _parties_part(whole, change.parties) if change.parties is not None else None,
        _period_part(whole.version, change.period) if change.period is not None else None,
        _contacts_part(whole, list(change.chosen)) if change.chosen is not None else None,
        _content_part(section, content) if content is not None else None,
    ]
    return [part for part in parts if part is not None]


def _write(whole: Whole, section: Section, parts: list[Part], *, by: User, revision: int) -> Section:
    """Nothing is stale when nothing differs: an answer that was lost on its way can be asked for again."""
    if not parts:
        return section
    if section.revision != revision:
        raise Stale(section)
    for part in parts:
        part.write()
    write(section, by=by)
    for part in parts:
        record(part.type, by=by, subject=whole.version.subject, before=part.before, after=part.after, pending=True)
    return section


def _marked(part: Part) -> Part:
    """An autosaved text says so, that history can tell a sitting as one."""
    return replace(part, after=part.after | {"autosaved": True}) if part.type == SAVED else part


def _content_part(section: Section, content: dict[str, Any]) -> Part | None:
    if content == section.content:
        return None
    return Part(
        SAVED,
        {"section": section.key, "content": section.content},
        {"section": section.key, "content": content, "revision": section.revision + 1},
        partial(setattr, section, "content", content),
    )


def _period_part(version: Version, period: Period) -> Part | None:
    complaints = period_errors(period.start, period.end, period.revision)
    if complaints:
        raise Refused(" ".join(complaints.values()))
    before = _period_facts(version)
    version.period_start, version.period_end = period.start, period.end
    version.revision_date, version.notice_months = period.revision, period.notice_months
    after = _period_facts(version)
    columns = ["period_start", "period_end", "revision_date", "notice_months"]
    write = partial(version.save, update_fields=columns)
    return Part("agreement.period_saved", before, after, write) if after != before else None


def _period_facts(version: Version) -> dict[str, Any]:
    days = (version.period_start, version.period_end, version.revision_date)
    start, end, revision = (str(day) if day else None for day in days)
    return {"start": start, "end": end, "revision": revision, "notice_months": version.notice_months}


def _parties_part(whole: Whole, changes: Mapping[int, Mapping[str, str]]) -> Part | None:
    parties = {party.pk: party for party in whole.parties}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    changed: dict[int, dict[str, str]] = {}
    for pk, given in changes.items():
        if pk not in parties:
            raise Refused("Uppgiften hör inte till överenskommelsens parter.")
        party, facts = parties[pk], tidy_party(given)
        before[party.name] = {field: getattr(party, field) for field in facts}
        after[party.name] = facts
        if before[party.name] != facts:
            changed[pk] = facts
    return Part("agreement.parties_saved", before, after, partial(_write_parties, changed)) if changed else None


def _write_parties(changed: Mapping[int, Mapping[str, str]]) -> None:
    for pk, facts in changed.items():
        Party.objects.filter(pk=pk).update(**facts)


def _contacts_part(whole: Whole, chosen: list[ChosenContact]) -> Part | None:
    rows = list(dict.fromkeys(chosen))
    points = _without_strangers(whole, rows)
    saved = sorted(whole.contacts, key=lambda c: c.position)
    if [(c.party_id, c.contact_point_id, c.level) for c in saved] == [
        (row.party_id, row.contact_point_id, row.level) for row in rows
    ]:
        return None
    before = [{"level": c.level, "party": c.party.name, "function": c.contact_point.name} for c in whole.contacts]
    names = {party.pk: party.name for party in whole.parties}
    order = [party.pk for party in whole.parties]
    ordered = sorted(rows, key=lambda row: (Level.values.index(row.level), order.index(row.party_id)))
    after = [
        {"level": r.level, "party": names[r.party_id], "function": points[r.contact_point_id].name} for r in ordered
    ]
    write = partial(_write_contacts, whole.version, rows)
    return Part("agreement.contacts_chosen", {"contacts": before}, {"contacts": after}, write)


def _write_contacts(version: Version, rows: list[ChosenContact]) -> None:
    version.contacts.all().delete()
    AgreementContact.objects.bulk_create(
        AgreementContact(
            version=version,
            party_id=row.party_id,
            contact_point_id=row.contact_point_id,
            level=row.level,
            position=position,
        )
        for position, row in enumerate(rows)
    )


def _without_strangers(whole: Whole, rows: list[ChosenContact]) -> dict[int, ContactPoint]:
    """The contact points by id. Raises Refused when one is ended or belongs to another organisation than the party."""
    organisation_of = {party.pk: party.organisation_id for party in whole.parties}
    active = ContactPoint.objects.active().select_related("function")
    points = active.in_bulk([row.contact_point_id for row in rows])
    for row in rows:
        point = points.get(row.contact_point_id)
        if point is None or point.organisation_id != organisation_of.get(row.party_id) or row.level not in Level:
            raise Refused("En av kontaktytorna har upphört eller hör inte till parten. Ladda om sidan och välj igen.")
    return points


def save_section(*, by: User, version_id: int, key: str, raw: Mapping[str, Any], revision: int) -> Section:
    """Save a section's own fields alone."""
    return save(by=by, version_id=version_id, key=key, change=Change(raw=raw), revision=revision)


def save_period(*, by: User, version_id: int, key: str, period: Period, revision: int) -> Section:
    """Save section 19's dates alone."""
    return save(by=by, version_id=version_id, key=key, change=Change(period=period), revision=revision)


def save_parties(
    *, by: User, version_id: int, key: str, changes: Mapping[int, Mapping[str, str]], revision: int
) -> Section:
    """Save facts of the parties alone: party id → some of content.PARTY_LIMITS."""
    return save(by=by, version_id=version_id, key=key, change=Change(parties=changes), revision=revision)


def choose_contacts(*, by: User, version_id: int, key: str, chosen: Iterable[ChosenContact], revision: int) -> Section:
    """Set which contact points the version rests on (section 7), in the order given."""
    return save(by=by, version_id=version_id, key=key, change=Change(chosen=chosen), revision=revision)
