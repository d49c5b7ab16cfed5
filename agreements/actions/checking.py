"""Rechecking versions: flags open and close by themselves, and the verdict's history is kept."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from agreements.document import SectionSource
from agreements.flags import CheckedContact, CheckResult, Found, check
from agreements.gather import section_source
from agreements.models import AgreementContact, Flag, Section, TemplateSection, VerdictPeriod, Version
from contacts.history import record
from contacts.judging import contact_facts
from contacts.models import Event, Holder

CLOSED_BY_CHECK = "Kontrollen"


@dataclass
class Tally:
    """How many versions were checked, and how many flags were opened, closed and left as they were."""

    agreements: int = 0
    opened: int = 0
    closed: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{key: value + getattr(other, key) for key, value in asdict(self).items()})


@transaction.atomic
def recheck(*, version_ids: Collection[int], now: datetime.datetime) -> Tally:
    """Check a batch of versions and bring flags and verdicts up to date; queries do not grow with the batch.

    Two runs at once wait for each other at the version's lock, so one flag comes of them.
    """
    living = Version.objects.living().select_for_update(of=("self",)).filter(pk__in=version_ids)
    versions = list(living.defer("frozen").order_by("pk"))
    ids = [version.pk for version in versions]
    sources = _sources(versions)
    contacts = _contacts(ids, timezone.localdate(now))
    flags = _open_flags(ids)
    verdicts = {row.version_id: row for row in VerdictPeriod.objects.filter(version__in=ids, until__isnull=True)}
    tally = Tally(agreements=len(versions))
    for version in versions:
        result = check(sources[version.pk], contacts[version.pk])
        tally += _apply(version, result, flags[version.pk], now)
        _keep_verdict(version, result, verdicts.get(version.pk), now)
    Version.objects.filter(pk__in=ids).update(checked_at=now)
    return tally


def _sources(versions: list[Version]) -> dict[int, list[SectionSource]]:
    """Each version's sections with local content; locked text is national and not checked."""
    templates = {version.template_id for version in versions}
    by_id = {ts.pk: ts for ts in TemplateSection.objects.filter(version__in=templates).defer("locked", "guidance")}
    found: defaultdict[int, list[SectionSource]] = defaultdict(list)
    for section in Section.objects.filter(version__in=[v.pk for v in versions]).exclude(content={}):
        found[section.version_id].append(section_source(by_id[section.template_section_id], section))
    return found


def _contacts(version_ids: list[int], today: datetime.date) -> dict[int, list[CheckedContact]]:
    rows = list(
        AgreementContact.objects.filter(version__in=version_ids).select_related(
            "contact_point__function", "contact_point__organisation", "party"
        )
    )
    holders: defaultdict[int, list[Holder]] = defaultdict(list)
    for holder in Holder.objects.current(today).filter(contact_point__in={row.contact_point_id for row in rows}):
        holders[holder.contact_point_id].append(holder)
    found: defaultdict[int, dict[int, CheckedContact]] = defaultdict(dict)
    for row in rows:
        point = row.contact_point
        facts = contact_facts(point, holders[point.pk])
        found[row.version_id][point.pk] = CheckedContact(point.pk, point.name, row.party.name, facts)
    return defaultdict(list, {pk: list(points.values()) for pk, points in found.items()})


def _open_flags(version_ids: list[int]) -> dict[int, dict[tuple[str, str], Flag]]:
    flags: defaultdict[int, dict[tuple[str, str], Flag]] = defaultdict(dict)
    for flag in Flag.objects.open().filter(version__in=version_ids):
        flags[flag.version_id][flag.rule, flag.subject] = flag
    return flags


def _apply(version: Version, result: CheckResult, flags: dict[tuple[str, str], Flag], now: datetime.datetime) -> Tally:
    """Open what is new, close what is mended, refresh what is still there."""
    found = {(item.rule, item.subject): item for item in result.found}
    new = [item for key, item in found.items() if key not in flags]
    mended = [flag for key, flag in flags.items() if key not in found]
    kept = [flag for key, flag in flags.items() if key in found]
    for item in new:
        _open(version, item, now)
    for flag in mended:
        _close(version, flag, now)
    for flag in kept:
        item = found[flag.rule, flag.subject]
        flag.details, flag.reason, flag.mend, flag.last_seen = item.details, item.reason, item.mend, now
    Flag.objects.bulk_update(kept, ["details", "reason", "mend", "last_seen"])
    return Tally(opened=len(new), closed=len(mended), unchanged=len(kept))


def _open(version: Version, item: Found, now: datetime.datetime) -> None:
    Flag.objects.create(
        version=version,
        rule=item.rule,
        subject=item.subject,
        section_key=item.section,
        severity=item.severity,
        reason=item.reason,
        mend=item.mend,
        details=item.details,
        first_seen=now,
        last_seen=now,
    )
    after = {"rule": item.rule, "subject": item.subject, "reason": item.reason, "mend": item.mend}
    record("flag.opened", by=None, subject=version.subject, after=after)


def _close(version: Version, flag: Flag, now: datetime.datetime) -> None:
    flag.closed_at, flag.closed_by = now, CLOSED_BY_CHECK
    flag.save(update_fields=["closed_at", "closed_by"])
    before = {"rule": flag.rule, "subject": flag.subject, "reason": flag.reason}
    record("flag.closed", by=None, subject=version.subject, before=before, after={"closed_by": CLOSED_BY_CHECK})


def _keep_verdict(version: Version, result: CheckResult, current: VerdictPeriod | None, now: datetime.datetime) -> None:
    """Start a new period when the verdict has changed."""
    verdict = result.verdict
    if (current.verdict if current else None) == verdict:
        return
    if current is not None:
        current.until = now
        current.save(update_fields=["until"])
    if verdict is not None:
        VerdictPeriod.objects.create(version=version, verdict=verdict, since=now)
    record(
        "agreement.verdict",
        by=None,
        subject=version.subject,
        before={"verdict": current.verdict if current else None},
        after={"verdict": verdict},
    )


@transaction.atomic
def deliver_events(*, now: datetime.datetime, limit: int = 500) -> int:
    """Draw the consequences of pending events: recheck what they touch. The number delivered.

    Events that another worker holds are skipped; a killed worker's transaction gives its events back.
    """
    events = list(Event.objects.select_for_update(skip_locked=True).filter(pending=True).order_by("pk")[:limit])
    if events:
        recheck(version_ids=touched_versions({event.subject for event in events}), now=now)
        Event.objects.filter(pk__in=[event.pk for event in events]).update(pending=False)
    return len(events)


def touched_versions(subjects: Iterable[str]) -> list[int]:
    """The living versions that the events are about: an agreement's own, or those resting on a contact point."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for subject in subjects:
        kind, _, pk = subject.partition(":")
        ids[kind].add(int(pk))
    living = Version.objects.living()
    of_agreements = living.filter(agreement__in=ids["agreement"]).values_list("pk", flat=True)
    of_contacts = living.filter(contacts__contact_point__in=ids["contact_point"]).values_list("pk", flat=True)
    return sorted({*of_agreements, *of_contacts})
