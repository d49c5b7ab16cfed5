"""Rechecking versions: flags open and close by themselves, and the verdict's history is kept."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from agreements.actions.indexing import index_touched
from agreements.actions.keeping import keep_assessments, keep_findings
from agreements.evidence import Evidence, Unread, read_anew, read_evidence, standing_on, with_texts
from agreements.findings import Found, InText
from agreements.flags import CheckedContact, CheckResult, check
from agreements.models import AgreementContact, Flag, Party, RuleSet, VerdictPeriod, Version
from contacts.history import by_the_system, record_all
from contacts.models import Event
from municipalities.models import Organisation

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


def batches(version_ids: Sequence[int], size: int | None = None) -> Iterator[Sequence[int]]:
    """The versions in portions for recheck."""
    size = size or BATCH
    for start in range(0, len(version_ids), size):
        yield version_ids[start : start + size]


@transaction.atomic
def recheck(*, version_ids: Collection[int], now: datetime.datetime) -> Tally:
    """Check a batch of versions and bring flags and verdicts up to date; queries do not grow with the batch.

    Two runs at once wait for each other at the version's lock, so one flag comes of them. A version that is no longer
    being written or in force loses its flags.
    """
    locked = Version.objects.select_for_update(of=("self",)).filter(pk__in=version_ids)
    versions = list(locked.defer("frozen").order_by("pk"))
    standing = standing_on(timezone.localdate(now))
    changes = Changes(now, standing.rule_set)
    for evidence in read_evidence(versions, standing):
        read = read_anew(evidence)
        result = check(with_texts(evidence.case, read) if read else evidence.case)
        changes.read += read
        changes.assessed |= {c.pk: c for c in evidence.case.contacts if c.kept is None}
        changes.compare(evidence, result)
        changes.compare_verdict(evidence, result)
    changes.write()
    Version.objects.filter(pk__in=[version.pk for version in versions]).update(checked_at=now)
    return changes.tally(len(versions))


@dataclass
class Changes:
    """What a batch of checks comes to, collected so that it is written with a handful of queries."""

    now: datetime.datetime
    rule_set: RuleSet | None = None
    opened: list[Flag] = field(default_factory=list)
    closed: list[Flag] = field(default_factory=list)
    reworded: list[Flag] = field(default_factory=list)
    as_before: int = 0
    verdicts_over: list[VerdictPeriod] = field(default_factory=list)
    verdicts_new: list[VerdictPeriod] = field(default_factory=list)
    read: list[tuple[Unread, Sequence[InText]]] = field(default_factory=list)
    assessed: dict[int, CheckedContact] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def compare(self, evidence: Evidence, result: CheckResult) -> None:
        """Open what is new, close what is mended, see again what is still there."""
        found = {(item.rule, item.subject): item for item in result.found}
        for key, item in found.items():
            flag = evidence.flags.get(key)
            if flag is None:
                self._open(evidence.version, item)
            elif reword(flag, item):
                self.reworded.append(flag)
            else:
                self.as_before += 1
        for key, flag in evidence.flags.items():
            if key not in found:
                self._close(evidence.version, flag)

    def _open(self, version: Version, item: Found) -> None:
        self.opened.append(new_flag(version, item, self.now))
        after = told_of(item.details) | {"rule": item.rule, "subject": item.subject}
        after |= {"reason": item.reason, "mend": item.mend}
        self.events.append(by_the_system("flag.opened", subject=version.subject, after=after))

    def _close(self, version: Version, flag: Flag) -> None:
        flag.closed_at, flag.closed_by, flag.last_seen = self.now, CLOSED_BY_CHECK, version.checked_at or flag.last_seen
        self.closed.append(flag)
        before = told_of(flag.details) | {"rule": flag.rule, "subject": flag.subject, "reason": flag.reason}
        after = {"closed_by": CLOSED_BY_CHECK}
        self.events.append(by_the_system("flag.closed", subject=version.subject, before=before, after=after))

    def compare_verdict(self, evidence: Evidence, result: CheckResult) -> None:
        """Start a new period when the verdict or the level has changed."""
        current, judged = evidence.verdict, judgement(result, self.rule_set)
        old = judgement_of(current) if current else UNJUDGED
        if old == judged:
            return
        if current is not None:
            current.until = self.now
            self.verdicts_over.append(current)
        if judged != UNJUDGED:
            self.verdicts_new.append(VerdictPeriod(version=evidence.version, since=self.now, **judged._asdict()))
        self._tell_verdict(evidence.version, old, judged)

    def _tell_verdict(self, version: Version, old: Judgement, new: Judgement) -> None:
        if old.verdict != new.verdict:
            verdicts = [{"verdict": told.verdict or None} for told in (old, new)]
            self._tell("agreement.verdict", version, *verdicts)
        if (old.level, old.short_of) != (new.level, new.short_of):
            levels = [{"level": told.level, "short_of": told.short_of} for told in (old, new)]
            self._tell("agreement.level", version, *levels)

    def _tell(self, type: str, version: Version, before: dict[str, Any], after: dict[str, Any]) -> None:
        self.events.append(by_the_system(type, subject=version.subject, before=before, after=after))

    def write(self) -> None:
        """Closing comes before opening: one verdict at a time, one open flag per rule and subject."""
        Flag.objects.bulk_update(self.closed, ["closed_at", "closed_by", "last_seen"])
        Flag.objects.bulk_update(self.reworded, REWORDED)
        reopened, new = self._come_back()
        Flag.objects.bulk_update(reopened, REOPENED)
        Flag.objects.bulk_create(new)
        VerdictPeriod.objects.bulk_update(self.verdicts_over, ["until"])
        VerdictPeriod.objects.bulk_create(self.verdicts_new)
        keep_findings(self.read)
        keep_assessments(self.assessed.values())
        if self.reworded:  # nothing for an agreement's history, but whoever keeps a page must see that it is old
            self.events.append(by_the_system("flags.reworded", subject="flags", after={"number": len(self.reworded)}))
        record_all(self.events)

    def _come_back(self) -> tuple[list[Flag], list[Flag]]:
        """The opened flags as old rows to open again, and as new rows."""
        if not self.opened:
            return [], []
        versions = {flag.version_id for flag in self.opened}
        closed = Flag.objects.filter(version__in=versions, closed_at__isnull=False).order_by("pk")
        known = {(flag.version_id, flag.rule, flag.subject): flag for flag in closed}
        reopened, new = [], []
        for flag in self.opened:
            old = known.get((flag.version_id, flag.rule, flag.subject))
            if old is None:
                new.append(flag)
            else:
                reopened.append(open_again(old, flag))
        return reopened, new

    def tally(self, agreements: int) -> Tally:
        unchanged = len(self.reworded) + self.as_before
        return Tally(agreements, opened=len(self.opened), closed=len(self.closed), unchanged=unchanged)


class Judgement(NamedTuple):
    """What a period says of a version; the fields of VerdictPeriod."""

    verdict: str
    level: str
    short_of: list[str]
    rule_set_id: int | None


UNJUDGED = Judgement("", "", [], None)


def judgement(result: CheckResult, rule_set: RuleSet | None) -> Judgement:
    judged_by = rule_set.pk if rule_set and result.level else None
    return Judgement(str(result.verdict or ""), str(result.level or ""), list(result.short_of), judged_by)


def judgement_of(period: VerdictPeriod) -> Judgement:
    return Judgement(period.verdict, period.level, period.short_of, period.rule_set_id)


def told_of(details: Mapping[str, Any]) -> dict[str, Any]:
    """What history must know of a flag's details to cover names in it."""
    return {"named": details["named"]} if "named" in details else {}


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
        organisation_id=item.organisation or None,
        mender_id=item.mender,
        first_seen=now,
        opened_at=now,
        last_seen=now,
    )


REWORDED = ("severity", "details", "reason", "mend", "organisation_id", "mender_id")
"""What of a flag follows what the check says now."""
REOPENED = (*REWORDED, "opened_at", "last_seen", "times_opened", "closed_at", "closed_by")


def words_of(item: Found) -> tuple[Any, ...]:
    return item.severity, item.details, item.reason, item.mend, item.organisation or None, item.mender


def reword(flag: Flag, item: Found) -> bool:
    """Let the flag say what the check says now; whether that was something else."""
    new = words_of(item)
    if tuple(getattr(flag, name) for name in REWORDED) == new:
        return False
    for name, value in zip(REWORDED, new, strict=True):
        setattr(flag, name, value)
    return True


def open_again(old: Flag, new: Flag) -> Flag:
    """The old row, open since now and counting how often; a waiver that has not run out still holds."""
    for name in (*REWORDED, "opened_at", "last_seen"):
        setattr(old, name, getattr(new, name))
    old.closed_at, old.closed_by = None, ""
    old.times_opened += 1
    return old


@transaction.atomic
def deliver_events(*, now: datetime.datetime, limit: int = 500) -> int:
    """Draw the consequences of pending events: recheck what they touch. The number delivered.

    Events that another worker holds are skipped; a killed worker's transaction gives its events back.
    """
    events = list(Event.objects.select_for_update(skip_locked=True).filter(pending=True).order_by("pk")[:limit])
    if events:
        subjects = {event.subject for event in events}
        for batch in batches(touched_versions(subjects)):
            recheck(version_ids=batch, now=now)
        index_touched(subjects)
        Event.objects.filter(pk__in=[event.pk for event in events]).update(pending=False)
    return len(events)


def touched_versions(subjects: Iterable[str]) -> list[int]:
    """The versions that the events are about: an agreement's own, or those resting on a contact point.

    With an agreement go the others of the same municipalities: what is about to end, or has, may have a successor now.
    Asked one by one, since joined into one question the database reads every version there is.
    """
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for subject in subjects:
        kind, _, pk = subject.partition(":")
        ids[kind].add(int(pk))
    ours = Party.objects.filter(version__agreement__in=ids["agreement"], side=Organisation.Side.MUNICIPALITY)
    kommuner = list(ours.values_list("organisation", flat=True).distinct())
    resting = AgreementContact.objects.filter(contact_point__in=ids["contact_point"])
    candidates = {
        *Version.objects.filter(agreement__in=ids["agreement"]).values_list("pk", flat=True),
        *Party.objects.filter(organisation__in=kommuner).values_list("version", flat=True),
        *resting.values_list("version", flat=True),
    }
    return list(Version.objects.watched().filter(pk__in=candidates).order_by("pk").values_list("pk", flat=True))
