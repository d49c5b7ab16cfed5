"""Random histories of a small country: every number on every day is what a naive recount says, and as long as its list.

Municipalities sign alone or jointly, leave, amend, run out, begin drafts and throw them away, are judged, and judged
otherwise afterwards; facts are corrected after they were reported.
"""

import datetime
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agreements.ending import months_after
from agreements.models import RuleSet, TemplateVersion, VerdictPeriod
from agreements.states import State
from nationwide.changes import changes_between
from nationwide.counting import LABELS, Criteria, filter_rows, map_numbers, summarise
from nationwide.coverage import read_rows
from nationwide.head import head_of
from nationwide.tally import read_tallies
from nationwide.trend import TOPICS, numbers_of
from tests.factories import af_region
from tests.nationwide.rows import agreement, country, noon

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2023, 1, 1)
SPAN = 900
CHANGED = datetime.date(2024, 1, 1)
DAYS = [FIRST + datetime.timedelta(days=days) for days in (0, 150, 364, 365, 366, 500, 700, SPAN)]
BASES = [Criteria(), Criteria(county="23"), Criteria(group="B3", size="10000")]


@dataclass
class Told:
    """A version as the history tells it, in plain lists."""

    template: int
    created: datetime.date
    bound: dict[int, tuple[datetime.date, datetime.date | None]] = field(default_factory=dict)
    drafting: set[int] = field(default_factory=set)
    discarded: datetime.date | None = None
    verdicts: list[tuple[datetime.date, datetime.date | None, str, str]] = field(default_factory=list)
    doubts: list[tuple[datetime.date, datetime.date | None]] = field(default_factory=list)


class World:
    """Five municipalities, and what happens to them: written to the database and told to the recount."""

    def __init__(self):
        self.places = country(3) + country(2, first=50, county="01", region=af_region("Syd"))
        self.templates = [
            TemplateVersion.objects.get_or_create(
                number=number, defaults={"name": "Mall", "valid_from": day, "published_at": noon(day)}
            )[0]
            for number, day in enumerate((FIRST, CHANGED), start=1)
        ]
        self.rule_set = RuleSet.objects.get(number=1)
        self.told: list[Told] = []
        self.versions = []

    def is_free(self, who, start, end):
        last = end or datetime.date.max
        taken = [told.bound[pk] for told in self.told for pk in who if pk in told.bound]
        return all(last <= begun or (ended or datetime.date.max) <= start for begun, ended in taken)

    def sign(self, who, start, length, verdict, level):
        end = start + datetime.timedelta(days=length) if length else None
        who = {place.pk: place for place in (self.places[number] for number in who)}
        if self.is_free(who, start, end):
            template = self.templates[start >= CHANGED]
            created = start - datetime.timedelta(days=20)
            version = agreement(*who.values(), start=start, end=end, created=created, template=template)
            self.keep(version, Told(template.number, created, dict.fromkeys(who, (start, end))))
            self.judge(len(self.told) - 1, start, verdict, level)

    def draft(self, who, start, length, *_):
        place = self.places[who[0]]
        discarded = start + datetime.timedelta(days=length) if length else None
        gone = {"state": State.DISCARDED, "discarded_at": noon(discarded)} if discarded else {"state": State.DRAFT}
        version = agreement(place, created=start, template=self.templates[0], **gone)
        self.keep(version, Told(1, start, drafting={place.pk}, discarded=discarded))

    def keep(self, version, told):
        self.versions.append(version)
        self.told.append(told)

    def judge(self, place, day, verdict, level):
        """From a day on; what stood before ends there."""
        told, version = self.told[place], self.versions[place]
        told.verdicts = [period for period in told.verdicts if period[0] < day]
        version.verdicts.filter(since__gte=noon(day)).delete()
        if told.verdicts:
            since, _, *was = told.verdicts.pop()
            told.verdicts.append((since, day, *was))
            version.verdicts.filter(since=noon(since)).update(until=noon(day))
        told.verdicts.append((day, None, verdict, level))
        by = self.rule_set if level else None
        VerdictPeriod.objects.create(version=version, verdict=verdict, level=level, rule_set=by, since=noon(day))

    def rejudge(self, who, start, _length, verdict, level):
        if self.told:
            place = who[0] % len(self.told)
            self.judge(place, start, verdict, level)

    def leave(self, who, day, *_):
        """One municipality of an agreement leaves; the others stay."""
        for told, version in zip(self.told, self.versions, strict=True):
            for pk, (start, end) in told.bound.items():
                if pk == self.places[who[0]].pk and start < day and (end is None or day < end):
                    told.bound[pk] = (start, day)
                    version.parties.filter(organisation_id=pk).update(in_force=DateRange(start, day))

    def amend(self, who, day, length, verdict, level):
        """All leave for a new version that begins where the old one ends."""
        for number in who:
            self.leave([number], day)
        self.sign(who, day, length, verdict, level)

    def doubt(self, who, day, length, *_):
        """The contacts stand as not confirmed for some days."""
        if self.told:
            place = who[0] % len(self.told)
            until = day + datetime.timedelta(days=length) if length else None
            times = {"opened_at": noon(day), "closed_at": noon(until) if until else None}
            subject = f"contact:{len(self.told[place].doubts)}"
            facts = {"rule": "not_confirmed", "section_key": "contacts", "severity": "warning"}
            self.versions[place].flags.create(subject=subject, **facts, **times)
            self.told[place].doubts.append((day, until))


VERBS = ["sign", "sign", "sign", "draft", "rejudge", "leave", "amend", "doubt"]
steps = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True),
        st.integers(0, SPAN).map(lambda days: FIRST + datetime.timedelta(days=days)),
        st.sampled_from([0, 30, 170, 190, 600]),
        st.sampled_from(["function_bound", "mixed", "person_bound", "unreachable"]),
        st.sampled_from(["met", "partly", "not_met", ""]),
    ),
    min_size=3,
    max_size=14,
)


def holds(day, since, until):
    return since <= day and (until is None or day < until)


def recount(world, place, day):
    """How a municipality stands on a day, by looking through everything that was told. {} without an agreement."""
    for told in world.told:
        if place.pk in told.bound and holds(day, *told.bound[place.pk]):
            return {"status": "signed", **judged(told, told.bound[place.pk][1], day)}
    for told in world.told:
        starts_later = place.pk in told.bound and told.created <= day < told.bound[place.pk][0]
        if starts_later or (place.pk in told.drafting and holds(day, told.created, told.discarded)):
            return {"status": "in_work"}
    ended = any((told.bound.get(place.pk, (day, None))[1] or day) < day for told in world.told)
    ended_today = any(told.bound.get(place.pk, (day, None))[1] == day for told in world.told)
    return {"status": "expired" if ended or ended_today else "none"}


def judged(told, end, day):
    verdicts = [period[2:] for period in told.verdicts if holds(day, *period[:2])]
    verdict, level = verdicts[0] if verdicts else ("", "")
    last = end - datetime.timedelta(days=1) if end else None
    return {
        "binding": verdict or "unjudged",
        "level": level or "unjudged",
        "expiry": "open" if last is None else "soon" if last <= months_after(day, 6) else "later",
        "confirmation": "unconfirmed" if any(holds(day, *doubt) for doubt in told.doubts) else "confirmed",
        "edition": "older" if day >= CHANGED and told.template == 1 else "current",
    }


def check(world, day, base):
    """Each way of counting against the recount, and each number against its list."""
    rows = read_rows(day)
    part = filter_rows(rows, base)
    kept = {row.organisation for row in part}
    stand = [recount(world, place, day) for place in world.places if place.pk in kept]
    counted = read_tallies([day], base)[0]
    numbers = [line.number for line in head_of(part, counted, base).headlines]
    for measure, labels in LABELS.items():
        expected = {key: sum(1 for one in stand if one.get(measure) == key) for key in labels}
        asked = [Criteria(**{measure: key}) for key in labels if key != "none" or measure == "status"]
        sizes = {getattr(one, measure): len(filter_rows(part, one)) for one in asked}
        assert sizes == {key: expected[key] for key in sizes}, (day, measure)
        assert {k: v for k, v in counted.sizes[measure].items() if v} == {k: v for k, v in expected.items() if v}
        numbers += [*map_numbers(part, base, measure), *numbers_of(counted, base, measure)]
    summary = summarise(rows, base)
    numbers += [number for _, lines in summary.breakdowns for line in lines for number in (line.whole, *line.statuses)]
    assert set(TOPICS) >= set(LABELS)
    assert [number.size for number in numbers] == [len(filter_rows(rows, number.criteria)) for number in numbers]


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps)
def test_every_number_on_every_day_is_what_a_recount_says_and_as_long_as_its_list(reference, history):
    with transaction.atomic():
        world = World()
        for verb, *how in history:
            getattr(world, verb)(*how)
        for place, day in enumerate(DAYS):
            check(world, day, BASES[place % len(BASES)])
        before, after = read_rows(DAYS[1]), read_rows(DAYS[-1])
        groups = {group.key: len(group.changes) for group in changes_between(before, after)}
        signed = [sum(row.is_signed for row in rows) for rows in (before, after)]
        assert signed[1] - signed[0] == groups.get("kom", 0) - groups.get("gick", 0)
        transaction.set_rollback(True)


@pytest.mark.parametrize("size", [3, 30])
def test_any_number_of_days_is_one_query(size, django_assert_num_queries):
    agreement(*country(size), start=FIRST, verdict="mixed")

    with django_assert_num_queries(1):
        assert [tally.signed for tally in read_tallies(DAYS, Criteria())] == [size] * len(DAYS)


@pytest.mark.parametrize(
    ("last", "expected"), [(datetime.date(2024, 7, 1), "soon"), (datetime.date(2024, 7, 2), "later")]
)
def test_the_database_counts_six_months_as_the_rules_do(last, expected):
    agreement(*country(1), start=FIRST, end=last + datetime.timedelta(days=1))

    (tally,) = read_tallies([CHANGED], Criteria())
    assert [row.expiry for row in read_rows(CHANGED)] == [expected]
    assert tally.sizes["expiry"] == {expected: 1}
