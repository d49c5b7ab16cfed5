"""Beginning on a new version of an agreement that is in force, or has ended. The old version is not touched."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from agreements.actions.attaching import carry_attachments
from agreements.actions.locking import acts_for, demand, lock
from agreements.actions.upgrading import lay_out
from agreements.actions.writing import newest_template, refuse_second_draft, title_between
from agreements.content import carried
from agreements.fields import local
from agreements.gather import Whole
from agreements.models import AgreementContact, Notice, Party, Section, TemplateSection, Version
from agreements.rules import days_to_come, is_bound, why_not_amend
from agreements.states import State
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import record
from contacts.models import User
from municipalities.models import Organisation


@dataclass
class LeftBehind:
    """What did not come along: text that the new template has no place for, and contact points that have ended."""

    texts: list[dict[str, str]] = field(default_factory=list)
    contacts: list[dict[str, str]] = field(default_factory=list)


@transaction.atomic
def start_amendment(*, by: User, version_id: int, today: datetime.date) -> Version:
    """A new draft of the same agreement on the newest open template, with all that still holds of the old version.

    Raises NotAllowed; Refused when the agreement, or another one of its municipalities, is in work already.
    """
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    old = whole.version
    refuse_unamendable(old)
    parties = _parties(old, today)
    if not reach_of(by).may(Permission.EDIT_AGREEMENTS, [party.organisation_id for party in parties]):
        raise NotAllowed  # whoever has left does not write for those who stay
    _refuse_other_agreements(old, parties, today)
    new = _new_version(old, parties, today)
    behind = LeftBehind()
    _carry_texts(whole, new, behind)
    _carry_contacts(whole, new, _carry_parties(parties, new), behind)
    carry_attachments(old, new)
    lay_out(whole, new)
    record(
        "agreement.amended",
        by=by,
        subject=new.subject,
        before={"version": old.number, "template": old.template.number},
        after={
            "version": new.number,
            "template": new.template.number,
            "parties": [party.name for party in parties],
            "for": acts_for(by, whole),
            "texts_left": behind.texts,
            "contacts_left": behind.contacts,
        },
        pending=True,
    )
    return new


def refuse_unamendable(old: Version) -> None:
    """Raise Refused unless a new version can be built on this one."""
    later = Version.objects.filter(agreement=old.agreement_id, number__gt=old.number).exclude(state=State.DISCARDED)
    reason = why_not_amend(old.state, dict(later.values_list("number", "state")))
    if reason:
        raise Refused(reason)


def lives_elsewhere(whole: Whole, today: datetime.date) -> bool:
    """Whether a municipality of an agreement that has ended is in another one, in work or in force; not one it left."""
    kommuner = [party.organisation_id for party in whole.parties if party.side == Organisation.Side.MUNICIPALITY]
    parties = Party.objects.remaining(today).filter(organisation__in=kommuner, version__in=Version.objects.living())
    return parties.exclude(version__agreement=whole.version.agreement_id).exists()


def next_number(old: Version) -> int:
    last: int = Version.objects.filter(agreement=old.agreement_id).aggregate(last=Max("number"))["last"]
    return last + 1


def _parties(old: Version, today: datetime.date) -> list[Party]:
    """Those who are still bound, without whoever has left or is leaving; all of them when all leave or have left."""
    parties = list(old.parties.select_related("organisation"))
    leaving = set(Notice.objects.standing().filter(version=old).values_list("leaving", flat=True))
    bound = [party for party in parties if is_bound(party.in_force, today) and party.pk not in leaving]
    return bound if {party.side for party in bound} == {party.side for party in parties} else parties


def _refuse_other_agreements(old: Version, parties: list[Party], today: datetime.date) -> None:
    kommuner = [party.organisation for party in parties if party.side == Organisation.Side.MUNICIPALITY]
    refuse_second_draft(kommuner)
    bound = Party.objects.filter(organisation__in=kommuner).binding_from(today)
    other = bound.exclude(version__agreement=old.agreement_id).first()
    if other is not None:
        raise Refused(f"{other.name} har en annan gällande överenskommelse. Börja på en ny version av den i stället.")


def _new_version(old: Version, parties: list[Party], today: datetime.date) -> Version:
    """Dates that have passed are left for the parties to set anew."""
    kommuner = [party.organisation for party in parties if party.side == Organisation.Side.MUNICIPALITY]
    af = next(party.organisation for party in parties if party.side == Organisation.Side.AF)
    start, end, revision = days_to_come(today, old.period_start, old.period_end, old.revision_date)
    return Version.objects.create(
        agreement=old.agreement,
        number=next_number(old),
        template=newest_template(today),
        title=title_between(kommuner, af),
        period_start=start,
        period_end=end,
        revision_date=revision,
        notice_months=old.notice_months,
    )


def _carry_parties(parties: list[Party], new: Version) -> dict[int, Party]:
    """The parties of the new version by the id of the old; they are called what they are called today."""
    made = Party.objects.bulk_create(
        Party(
            version=new,
            organisation=party.organisation,
            side=party.side,
            position=position,
            name=party.organisation.name,
            unit=party.unit,
            org_number=party.org_number or party.organisation.org_number,
            case_number=party.case_number,
            signing_function=party.signing_function,
        )
        for position, party in enumerate(parties)
    )
    return {old.pk: party for old, party in zip(parties, made, strict=True)}


def _carry_texts(whole: Whole, new: Version, behind: LeftBehind) -> None:
    rows = []
    of_new = {ts.key: ts for ts in TemplateSection.objects.filter(version=new.template).defer("locked", "guidance")}
    for ts in whole.template_sections:
        old = whole.sections.get(ts.key)
        content: dict[str, Any] = old.content if old else {}
        place = of_new.get(ts.key)
        kept, lost = carried(place.fields, content) if place else ({}, list(content))
        labels = {spec.key: spec.label for spec in local(ts.fields)}
        behind.texts += [{"section": f"{ts.number} {ts.title}", "field": labels.get(key, key)} for key in lost]
        if place:
            rows.append(Section(version=new, template_section=place, key=place.key, content=kept))
    known = {row.key for row in rows}
    rows += [Section(version=new, template_section=ts, key=ts.key) for ts in of_new.values() if ts.key not in known]
    Section.objects.bulk_create(rows)


def _carry_contacts(whole: Whole, new: Version, parties: dict[int, Party], behind: LeftBehind) -> None:
    rows = []
    for contact in sorted(whole.contacts, key=lambda contact: contact.position):
        point, party = contact.contact_point, parties.get(contact.party_id)
        if party is None or point.ended_on is not None:
            behind.contacts.append({"level": contact.level, "party": contact.party.name, "function": point.name})
            continue
        rows.append(
            AgreementContact(
                version=new, party=party, contact_point=point, level=contact.level, position=contact.position
            )
        )
    AgreementContact.objects.bulk_create(rows)
