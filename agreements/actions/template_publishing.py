"""Publishing a template from a day on, taking it back before that day, and closing an old one for new agreements."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agreements.actions.rule_sets import RECHECK
from agreements.actions.template_drafts import demand_editor, facts_of, lock_draft
from agreements.document import locked_hash
from agreements.models import RuleSet, TemplateSection, TemplateVersion
from agreements.national.footing import Fault, SectionFacts, faults
from contacts.errors import Refused, Stale
from contacts.history import nudge, record
from contacts.models import User


def mark_of(version: TemplateVersion, sections: Sequence[TemplateSection]) -> str:
    """A name for exactly what stands in a draft: whoever publishes has seen this and nothing else."""
    facts = facts_of(version)
    said: list[object] = [facts.name, facts.note, facts.news]
    said += [[s.key, s.number, s.title, s.guidance, s.locked, s.definition] for s in sections]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]


def faults_of(sections: Sequence[TemplateSection], on: datetime.date) -> list[Fault]:
    """What is wrong with a draft, and which rules of the lowest level of that day would lose their footing."""
    rule_set = RuleSet.objects.in_force(on)
    return faults([section_facts(section) for section in sections], rule_set.settings if rule_set else None)


def section_facts(section: TemplateSection) -> SectionFacts:
    return SectionFacts(section.key, section.number, section.title, section.locked, section.fields)


@transaction.atomic
def publish(
    *, by: User, number: int, seen: str, valid_from: datetime.date, close_others: bool, now: datetime.datetime
) -> TemplateVersion:
    """Let new agreements be made from the draft from a day on. Nothing that is written on older versions changes.

    seen: the mark of what was shown. Raises Stale, Refused, NotAllowed or TemplateVersion.DoesNotExist.
    """
    draft = lock_draft(number, by=by)
    sections = list(draft.sections.all())
    if mark_of(draft, sections) != seen:
        raise Stale(draft)
    today = timezone.localdate(now)
    _refuse_day(draft, valid_from, today)
    for fault in faults_of(sections, valid_from):
        if fault.blocks:
            raise Refused(fault.message)
    closed = _close_others(draft, valid_from) if close_others else []
    draft.valid_from, draft.published_at = valid_from, now
    draft.locked_hash = locked_hash((section.key, section.locked) for section in sections)
    draft.save(update_fields=["valid_from", "published_at", "locked_hash"])
    after = {"number": draft.number, "valid_from": str(valid_from), "news": draft.news, "closed": closed}
    record("template.published", by=by, subject=draft.subject, after=after)
    if valid_from == today:
        transaction.on_commit(lambda: nudge(RECHECK))
    return draft


def _refuse_day(draft: TemplateVersion, valid_from: datetime.date, today: datetime.date) -> None:
    if valid_from < today:
        raise Refused("En mall kan inte börja gälla en dag som har varit.")
    published = TemplateVersion.objects.published()
    if later := published.filter(valid_from__gte=valid_from).order_by("-valid_from").first():
        raise Refused(f"{later.name} gäller från {later.valid_from}. Den nya ska gälla från en senare dag.")
    if published.exists() and not draft.news.strip():
        raise Refused("Skriv först vad som är nytt. Det visas för alla som skriver på en äldre mall.")


def _close_others(draft: TemplateVersion, day: datetime.date) -> list[int]:
    """Those that would still be open on the day are closed from it; their numbers."""
    still_open = TemplateVersion.objects.open_for_new_agreements(day).exclude(pk=draft.pk)
    numbers = list(still_open.values_list("number", flat=True))
    TemplateVersion.objects.filter(number__in=numbers).update(valid_to=day)
    return numbers


@transaction.atomic
def withdraw(*, by: User, number: int, today: datetime.date) -> TemplateVersion:
    """Take back a publication that has not begun to apply: it is a draft again, and what it closed is open.

    Raises Refused, NotAllowed or TemplateVersion.DoesNotExist.
    """
    demand_editor(by)
    version = TemplateVersion.objects.select_for_update(of=("self",)).get(number=number)
    if version.is_draft:
        raise Refused("Mallen är inte publicerad.")
    if version.valid_from is None or version.valid_from <= today:
        raise Refused("Mallen gäller redan. Den kan bara ersättas av en ny version.")
    if TemplateVersion.objects.drafts().exists():
        raise Refused("Det finns ett nyare utkast. Kasta det först.")
    if version.agreement_versions.exists():
        raise Refused("Det finns överenskommelser på mallen.")
    opened = list(TemplateVersion.objects.filter(valid_to=version.valid_from).values_list("number", flat=True))
    TemplateVersion.objects.filter(number__in=opened).update(valid_to=None)
    before = {"number": version.number, "valid_from": str(version.valid_from)}
    version.valid_from, version.published_at, version.locked_hash = None, None, ""
    version.save(update_fields=["valid_from", "published_at", "locked_hash"])
    record("template.withdrawn", by=by, subject=version.subject, before=before, after={"opened": opened})
    return version


@transaction.atomic
def close(*, by: User, number: int, valid_to: datetime.date | None, today: datetime.date) -> TemplateVersion:
    """Close a published version for new agreements from a day on, or with None open it again.

    Raises Refused, NotAllowed or TemplateVersion.DoesNotExist.
    """
    demand_editor(by)
    version = TemplateVersion.objects.select_for_update(of=("self",)).get(number=number)
    if version.is_draft or version.valid_from is None:
        raise Refused("Ett utkast är inte öppet för nya överenskommelser.")
    if valid_to is not None:
        _refuse_to_close(version, valid_to, today)
    if version.valid_to == valid_to:
        return version
    before = {"number": version.number, "valid_to": str(version.valid_to) if version.valid_to else None}
    version.valid_to = valid_to
    version.save(update_fields=["valid_to"])
    after = {"valid_to": str(valid_to) if valid_to else None}
    record("template.closed", by=by, subject=version.subject, before=before, after=after)
    return version


def _refuse_to_close(version: TemplateVersion, valid_to: datetime.date, today: datetime.date) -> None:
    if valid_to < today:
        raise Refused("Mallen kan inte stängas från en dag som har varit.")
    if version.valid_from and valid_to < version.valid_from:
        raise Refused(f"Mallen gäller från {version.valid_from} och kan inte stängas före den dagen.")
    others = TemplateVersion.objects.published().exclude(pk=version.pk).filter(valid_from__lte=valid_to)
    if not others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_to)).exists():
        raise Refused("Då finns det ingen mall att starta en överenskommelse från. Publicera en ny först.")
