"""Rechecking versions: flags open and close by themselves, and the verdict's history is kept."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.utils import timezone

from agreements.evidence import Evidence, read_evidence
from agreements.flags import CheckResult, Found, check
from agreements.models import Flag, VerdictPeriod, Version
from contacts.history import by_the_system, record_all
from contacts.models import Event

CLOSED_BY_CHECK = "Kontrollen"
BATCH = 200
"""Versions that are held in memory, and locked, at a time."""


@dataclass
class Tally:
    """How many versions were checked, and how many flags were opened, closed and left as they were."""

    agreements: int = 0
    opened: int = 0
    closed: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{key: value + getattr(other, key) for key, value in asdict(self).items()})


def batches(version_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The versions in portions for recheck."""
    for start in range(0, len(version_ids), BATCH):
        yield version_ids[start : start + BATCH]


@transaction.atomic
def recheck(*, version_ids: Collection[int], now: datetime.datetime) -> Tally:
    """Check a batch of versions and bring flags and verdicts up to date; queries do not grow with the batch.

    Two runs at once wait for each other at the version's lock, so one flag comes of them.
    """
    living = Version.objects.living().select_for_update(of=("self",)).filter(pk__in=version_ids)
    versions = list(living.defer("frozen").order_by("pk"))
    changes = Changes(now)
    for evidence in read_evidence(versions, today=timezone.localdate(now)):
        result = check(evidence.sources, evidence.contacts)
        changes.compare(evidence, result)
        changes.compare_verdict(evidence, result)
    changes.write()
    Version.objects.filter(pk__in=[version.pk for version in versions]).update(checked_at=now)
    return changes.tally(len(versions))


@dataclass
class Changes:
    """What a batch of checks comes to, collected so that it is written with a handful of queries."""

    now: datetime.datetime
    opened: list[Flag] = field(default_factory=list)
    closed: list[Flag] = field(default_factory=list)
    reworded: list[Flag] = field(default_factory=list)
    as_before: list[Flag] = field(default_factory=list)
    verdicts_over: list[VerdictPeriod] = field(default_factory=list)
    verdicts_new: list[VerdictPeriod] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def compare(self, evidence: Evidence, result: CheckResult) -> None:
        """Open what is new, close what is mended, see again what is still there."""
        found = {(item.rule, item.subject): item for item in result.found}
        for key, item in found.items():
            flag = evidence.flags.get(key)
            if flag is None:
                self._open(evidence.version, item)
            else:
                (self.reworded if reword(flag, item) else self.as_before).append(flag)
        for key, flag in evidence.flags.items():
            if key not in found:
                self._close(evidence.version, flag)

    def _open(self, version: Version, item: Found) -> None:
        self.opened.append(new_flag(version, item, self.now))
        after = {"rule": item.rule, "subject": item.subject, "reason": item.reason, "mend": item.mend}
        self.events.append(by_the_system("flag.opened", subject=version.subject, after=after))

    def _close(self, version: Version, flag: Flag) -> None:
        flag.closed_at, flag.closed_by = self.now, CLOSED_BY_CHECK
        self.closed.append(flag)
        before = {"rule": flag.rule, "subject": flag.subject, "reason": flag.reason}
        after = {"closed_by": CLOSED_BY_CHECK}
        self.events.append(by_the_system("flag.closed", subject=version.subject, before=before, after=after))

    def compare_verdict(self, evidence: Evidence, result: CheckResult) -> None:
        """Start a new period when the verdict has changed."""
        version, current, verdict = evidence.version, evidence.verdict, result.verdict
        old = current.verdict if current else None
        if old == verdict:
            return
        if current is not None:
            current.until = self.now
            self.verdicts_over.append(current)
        if verdict is not None:
            self.verdicts_new.append(VerdictPeriod(version=version, verdict=verdict, since=self.now))
        before, after = {"verdict": old}, {"verdict": verdict}
        self.events.append(by_the_system("agreement.verdict", subject=version.subject, before=before, after=after))

    def write(self) -> None:
        """Closing comes before opening: one verdict at a time, one open flag per rule and subject."""
        Flag.objects.bulk_update(self.closed, ["closed_at", "closed_by"])
        Flag.objects.bulk_update(self.reworded, ["details", "reason", "mend"])
        seen = [flag.pk for flag in (*self.reworded, *self.as_before)]
        Flag.objects.filter(pk__in=seen).update(last_seen=self.now)
        Flag.objects.bulk_create(self.opened)
        VerdictPeriod.objects.bulk_update(self.verdicts_over, ["until"])
        VerdictPeriod.objects.bulk_create(self.verdicts_new)
        record_all(self.events)

    def tally(self, agreements: int) -> Tally:
        unchanged = len(self.reworded) + len(self.as_before)
        return Tally(agreements, opened=len(self.opened), closed=len(self.closed), unchanged=unchanged)


def new_flag(version: Version, item: Found, now: datetime.datetime) -> Flag:
    return Flag(
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


def reword(flag: Flag, item: Found) -> bool:
    """Let the flag say what the check says now; whether that was something else."""
    if (flag.details, flag.reason, flag.mend) == (item.details, item.reason, item.mend):
        return False
    flag.details, flag.reason, flag.mend = item.details, item.reason, item.mend
    return True


@transaction.atomic
def deliver_events(*, now: datetime.datetime, limit: int = 500) -> int:
    """Draw the consequences of pending events: recheck what they touch. The number delivered.

    Events that another worker holds are skipped; a killed worker's transaction gives its events back.
    """
    events = list(Event.objects.select_for_update(skip_locked=True).filter(pending=True).order_by("pk")[:limit])
    if events:
        for batch in batches(touched_versions({event.subject for event in events})):
            recheck(version_ids=batch, now=now)
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
