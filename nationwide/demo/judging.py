"""What the check says of the invented agreements: its own words and rows, dated to when it would have said so."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from agreements.actions.checking import Changes
from agreements.deadlines import NOTICE_BEFORE_END, Leaving, months_before
from agreements.evidence import Evidence
from agreements.findings import InText, read_text
from agreements.flags import NOTHING, Case, CheckResult, Mender, check
from agreements.lowest_level import Facts
from agreements.models import Flag, FollowUp, RuleSet, TemplateVersion, VerdictPeriod
from agreements.rows import ContactRow, Described, PartyRow, described, mender_of, party_facts, party_text
from agreements.states import State
from contacts.mailboxes import gets_letters
from contacts.models import Event
from nationwide.demo.bulk import copy_rows
from nationwide.demo.points import Registers
from nationwide.demo.rows import Built, whole_of
from nationwide.demo.timeline import Moment, days, moment

FOLLOW_UP_MONTHS = 13


@dataclass(frozen=True)
class Surroundings:
    """What of the country matters to the check of one agreement."""

    rule_set: RuleSet
    reserves: Mapping[int, int]
    followed_up: Mapping[int, list[datetime.date]]
    begun: Mapping[str, list[Moment]]
    """By unit: when each of its versions was begun."""
    template: TemplateVersion
    """The newest one in force."""
    now: Moment

    @property
    def first_day(self) -> datetime.date:
        return self.template.valid_from or datetime.date.min

    def template_on(self, on: datetime.date) -> int:
        """The number of the template in force on a day."""
        return self.template.number if on >= self.first_day else self.template.number - 1


def surroundings(
    all_built: Iterable[Built],
    registers: Registers,
    followed: Iterable[FollowUp],
    rule_set: RuleSet,
    template: TemplateVersion,
    now: Moment,
) -> Surroundings:
    """All of it, from rows that are written."""
    followed_up: defaultdict[int, list[datetime.date]] = defaultdict(list)
    for row in followed:
        if row.held_on is not None:
            followed_up[row.agreement_id].append(row.held_on)
    begun: defaultdict[str, list[Moment]] = defaultdict(list)
    for built in (built for built in all_built if not built.plan.discarded):
        begun[built.unit.seed].append(built.plan.steps.created)
    return Surroundings(rule_set, reserves(registers), followed_up, begun, template, now)


def reserves(registers: Registers) -> dict[int, int]:
    """Each organisation's function that mends what no function of an agreement's own does."""
    found: dict[int, int] = {}
    for organisation, slots in registers.kept.items():
        rows = [kept.row for kept in slots.values()]
        mending = [(row.function.mends, row.pk) for row in rows if row.function.mends is not None and gets_letters(row)]
        if mending:
            found[organisation] = min(mending)[1]
    return found


@dataclass
class Judge:
    """Checks versions one by one, each in its own time, and collects flags, verdicts and their history."""

    around: Surroundings
    flags: dict[int, Flag] = field(default_factory=dict)
    verdicts: list[VerdictPeriod] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def judge(self, built: Built) -> None:
        """At every moment at which the check would have had something new to say; flags close when it ends."""
        if built.plan.discarded:
            return
        over = built.plan.ended
        texts = {s.key: read_text(s.template_section.fields, s.content) for s in built.sections if s.content}
        evidence = Evidence(built.version, EMPTY)
        for at in sorted(set(moments(built, self.around))):
            evidence = self._compare(evidence, check(case_at(built, at, texts, self.around)), at)
        if over:
            evidence = self._compare(evidence, check(ended(case_at(built, over, texts, self.around))), over)
            for begun in (begun for begun in self.around.begun[built.unit.seed] if begun > over):
                evidence = self._compare(evidence, NOTHING, begun)

    def _compare(self, evidence: Evidence, result: CheckResult, at: Moment) -> Evidence:
        """What the check would have written at that moment, and what it would have known the next time."""
        changes = Changes(at, self.around.rule_set)
        changes.compare(evidence, result)
        changes.compare_verdict(evidence, result)
        for event in changes.events:
            event.at = at
        self.flags |= {id(flag): flag for flag in changes.opened}
        self.verdicts += changes.verdicts_new
        self.events += changes.events
        open_now = [flag for flag in (*evidence.flags.values(), *changes.opened) if flag.closed_at is None]
        verdict = changes.verdicts_new[0] if changes.verdicts_new else evidence.verdict
        if verdict is not None and verdict.until is not None:
            verdict = None
        return replace(evidence, flags={(flag.rule, flag.subject): flag for flag in open_now}, verdict=verdict)

    def write(self) -> list[Event]:
        """Write flags and verdicts; the history is returned, to be put among the rest."""
        copy_rows(list(self.flags.values()))
        copy_rows(self.verdicts)
        return self.events


EMPTY = Case(
    state=State.DRAFT,
    texts={},
    contacts=(),
    facts=Facts(datetime.date.min, (), (), {}, None, None, None, 1, 1, True, 0, 0),
)


def moments(built: Built, around: Surroundings) -> Iterator[Moment]:
    """When it was begun and completed, when a contact point changed, a new template, and what the calendar brings."""
    plan, now = built.plan, around.now
    over = plan.ended or now
    brought = [plan.steps.created]
    if plan.bound:
        brought += [plan.steps.signed[-1], *(moment(day, 2) for day in calendar_days(built, over.date()))]
    if built.unit.changed:
        brought.append(built.unit.changed)
    for notice in built.notices:
        last_months = (moment(months_before(notice.last_day, months), 2) for months in NOTICE_BEFORE_END)
        brought += [notice.given_at, *(day for day in last_months if day > notice.given_at)]
    brought.append(moment(around.first_day, 2))
    if not plan.ended:
        brought.append(last_night(now))
    yield from (at for at in brought if plan.steps.created <= at < over)


def last_night(now: Moment) -> Moment:
    """When everything was checked the last time; the same all day, so that the same day gives the same."""
    return moment(now.date(), 0)


def ended(case: Case) -> Case:
    """The same when its days are over: the municipality stands alone unless something new has been begun."""
    return replace(case, state=State.ENDED, is_lapsed=not case.has_successor)


def calendar_days(built: Built, last: datetime.date) -> Iterator[datetime.date]:
    """The days on which an agreement in force is told of its end, or of a year without a follow-up."""
    if built.plan.end:
        yield from (months_before(built.plan.end, months) for months in NOTICE_BEFORE_END)
    day = built.plan.start
    while (day := months_before(day, -FOLLOW_UP_MONTHS) + days(1)) < last:
        yield day


def case_at(built: Built, at: Moment, texts: Mapping[str, list[InText]], around: Surroundings) -> Case:
    """The version as the check would have seen it at that moment."""
    as_begun = built.began_before_change and built.unit.changed is not None and at < built.unit.changed
    whole, on = whole_of(built, as_begun=as_begun), at.date()
    holders = {kept.row.pk: kept.holders for kept in built.kept}
    points = {
        row.contact_point.pk: described(row.contact_point, holders[row.contact_point.pk], on) for row in whole.contacts
    }
    rows = [ContactRow(0, c.contact_point.pk, c.level, c.party.organisation_id, c.party.name) for c in whole.contacts]
    signed = built.plan.bound is not None and at >= built.plan.steps.signed[-1]
    told = tuple(
        Leaving(notice.leaving.organisation_id, notice.leaving.name, notice.last_day, has_other=False)
        for notice in built.notices
        if notice.given_at <= at
    )
    later = [begun for begun in around.begun[built.unit.seed] if built.plan.steps.created < begun <= at]
    return Case(
        state=State.IN_FORCE if signed else State.DRAFT,
        texts=texts,
        contacts=tuple(points[row.contact_point].at(row, (row.level,)) for row in rows),
        facts=facts_at(built, on, around, signed=signed, noticed=bool(told)),
        rule_set=around.rule_set.settings,
        menders=tuple(menders(party_rows(built, signed=signed), rows, points, around)),
        lines=tuple(party_text(party_rows(built, signed=signed))),
        has_successor=bool(later),
        under_notice=bool(told) and built.version.notice_until is not None,
        leaving=() if built.version.notice_until else told,
    )


def party_rows(built: Built, *, signed: bool) -> Iterator[PartyRow]:
    for place, party in enumerate(built.parties):
        own = built.signatures[place] if signed else None
        signature = (own.function, own.decision_reference) if own else (None, None)
        written = (party.name, party.case_number, party.unit, party.signing_function)
        yield PartyRow(0, party.organisation_id, party.side, *written, *signature)


def facts_at(built: Built, on: datetime.date, around: Surroundings, *, signed: bool, noticed: bool) -> Facts:
    version = built.version
    followed_up = [day for day in around.followed_up[version.agreement_id] if day <= on]
    return Facts(
        on=on,
        parties=tuple(party_facts(row) for row in party_rows(built, signed=signed)),
        contacts=(),
        content={section.key: section.content for section in built.sections},
        start=version.period_start,
        end=version.last_day if noticed else version.period_end,
        revision=version.revision_date,
        template=version.template.number,
        current_template=around.template_on(on),
        locked_text_unchanged=True,
        identity_numbers=0,
        other_agreements=0,
        latest_follow_up=max(followed_up, default=None),
    )


def menders(
    parties: Iterable[PartyRow], rows: list[ContactRow], points: Mapping[int, Described], around: Surroundings
) -> Iterator[Mender]:
    for party in parties:
        own = (points[row.contact_point] for row in rows if row.organisation == party.organisation)
        yield mender_of(party, own, around.reserves.get(party.organisation))
