"""The pure counting: no database, no clock."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.states import State
from nationwide.counting import DIMENSIONS, Criteria, breakdown, filter_rows, map_numbers, percent, summarise
from nationwide.rules import Binding, Part, Place, Status, row_of, size_of

DAY = datetime.date(2024, 6, 1)
EVE = DAY - datetime.timedelta(days=1)
MORROW = DAY + datetime.timedelta(days=1)


def place(number=1, *, county="23", region=1, group="B3"):
    name = f"Kommun {number}"
    return Place(
        number, f"{number:04d}", name, name, name.lower(), county, f"Län {county}", region, f"R{region}",
        group, "Grupp", 1000 + number,
    )  # fmt: skip


def part(version=1, *, state=State.IN_FORCE, start=None, end=None, created=datetime.date(2023, 1, 1), **more):
    facts = {"agreement": version, "template": 1, "discarded": None, "verdict": "", **more}
    return Part(version=version, state=state, created=created, start=start, end=end, **facts)


def status(*parts):
    return row_of(place(), parts, DAY).status


def test_a_municipality_without_agreements_has_none():
    assert status() == Status.NONE


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (DAY, None, Status.SIGNED),
        (EVE, MORROW, Status.SIGNED),
        (EVE, DAY, Status.EXPIRED),
        (MORROW, None, Status.IN_WORK),
    ],
)
def test_the_days_in_force_decide(start, end, expected):
    assert status(part(start=start, end=end)) == expected


@pytest.mark.parametrize("state", [State.DRAFT, State.PROPOSED, State.ACCEPTED, State.SIGNING])
def test_a_version_being_negotiated_is_in_work_from_the_day_it_was_begun(state):
    assert status(part(state=state, created=DAY)) == Status.IN_WORK
    assert status(part(state=state, created=MORROW)) == Status.NONE


def test_a_discarded_draft_was_in_work_until_it_was_discarded():
    assert status(part(state=State.DISCARDED, discarded=MORROW)) == Status.IN_WORK
    assert status(part(state=State.DISCARDED, discarded=DAY)) == Status.NONE


def test_an_agreement_in_force_counts_before_its_renewal():
    row = row_of(place(), [part(2, state=State.DRAFT), part(1, start=EVE)], DAY)

    assert (row.status, row.version) == (Status.SIGNED, 1)


def test_work_on_a_new_agreement_counts_before_the_expired_one():
    assert status(part(1, start=EVE, end=DAY), part(2, state=State.DRAFT)) == Status.IN_WORK


def test_the_latest_of_several_expired_agreements_is_told():
    older, newer = datetime.date(2023, 1, 1), datetime.date(2024, 1, 1)
    row = row_of(place(), [part(2, start=older, end=newer), part(1, start=older, end=EVE)], DAY)

    assert (row.version, row.last_day) == (1, EVE - datetime.timedelta(days=1))


def test_a_version_that_ended_without_binding_anybody_counts_as_none():
    assert status(part(state=State.ENDED)) == Status.NONE


def test_only_an_agreement_in_force_is_judged():
    signed = row_of(place(), [part(start=EVE, verdict="mixed")], DAY)
    unjudged = row_of(place(), [part(start=EVE)], DAY)
    expired = row_of(place(), [part(start=EVE, end=DAY, verdict="mixed")], DAY)

    assert [row.binding for row in (signed, unjudged, expired)] == ["mixed", "unjudged", "none"]


@pytest.mark.parametrize(
    ("last", "expected"),
    [(None, "open"), (datetime.date(2024, 12, 1), "soon"), (datetime.date(2024, 12, 2), "later"), (DAY, "soon")],
)
def test_it_expires_soon_when_its_last_day_is_within_six_months(last, expected):
    row = row_of(place(), [part(start=EVE, end=last and last + datetime.timedelta(days=1))], DAY)

    assert row.expiry == expected


@pytest.mark.parametrize(("current", "expected"), [(None, "current"), (1, "current"), (2, "older"), (0, "current")])
def test_an_agreement_is_made_from_the_template_of_the_day_or_from_an_older_one(current, expected):
    assert row_of(place(), [part(start=EVE, current_template=current)], DAY).edition == expected


def test_contacts_that_are_not_confirmed_are_told():
    rows = [row_of(place(), [part(start=EVE, unconfirmed=unconfirmed)], DAY) for unconfirmed in (False, True)]

    assert [row.confirmation for row in rows] == ["confirmed", "unconfirmed"]


def test_municipalities_are_of_a_size():
    assert [size_of(people) for people in (0, 9_999, 10_000, 49_999, 99_999, 1_000_000)] == [
        "0", "0", "10000", "20000", "50000", "100000",
    ]  # fmt: skip


def test_search_takes_a_name_or_a_whole_code():
    rows = [row_of(place(number), [], DAY) for number in (1, 2, 12)]

    assert [row.code for row in filter_rows(rows, Criteria(q="KOMMUN 1"))] == ["0001", "0012"]
    assert [row.code for row in filter_rows(rows, Criteria(q="0002"))] == ["0002"]


@pytest.mark.parametrize(
    ("count", "of", "expected"), [(0, 0, 0), (0, 9, 0), (9, 9, 100), (1, 900, 1), (899, 900, 99), (1, 3, 33)]
)
def test_a_percentage_is_none_or_all_only_when_it_is(count, of, expected):
    assert percent(count, of) == expected


days = st.dates(datetime.date(2024, 5, 25), datetime.date(2024, 6, 5))
parts = st.builds(
    part,
    st.integers(1, 5),
    state=st.sampled_from(State.values),
    start=st.none() | days,
    end=st.none() | days,
    created=days,
    discarded=st.none() | days,
    verdict=st.sampled_from(["", "function_bound", "mixed", "person_bound", "unreachable"]),
)
places = st.builds(
    place,
    st.integers(1, 9999),
    county=st.sampled_from(["01", "23"]),
    region=st.integers(1, 2),
    group=st.sampled_from(["A1", "C9"]),
)
countries = st.lists(st.tuples(places, st.lists(parts, max_size=4)), max_size=12).map(
    lambda country: [row_of(where, what, DAY) for where, what in country]
)
bases = st.sampled_from([Criteria(), Criteria(county="23"), Criteria(region=1, group="A1")])


@settings(max_examples=40, deadline=None)
@given(countries, bases)
def test_every_number_is_the_length_of_its_list(rows, base):
    summary = summarise(rows, base)
    lines = [line for _, lines in summary.breakdowns for line in lines]
    numbers = [summary.whole, *summary.statuses, *summary.bindings]
    numbers += [number for line in lines for number in (line.whole, *line.statuses, *line.bindings)]
    numbers += map_numbers(filter_rows(rows, base), base, "binding")

    assert [number.size for number in numbers] == [len(filter_rows(rows, n.criteria)) for n in numbers]


@settings(max_examples=40, deadline=None)
@given(countries, bases)
def test_the_parts_add_up_to_the_whole(rows, base):
    summary = summarise(rows, base)

    assert sum(number.size for number in summary.statuses) == summary.whole.size
    assert sum(number.size for number in summary.bindings) == summary.signed.size
    for _, lines in summary.breakdowns:
        assert sum(line.whole.size for line in lines) == summary.whole.size


@given(st.lists(parts, max_size=6, unique_by=lambda part: part.version))
def test_the_order_of_the_versions_does_not_matter(versions):
    assert row_of(place(), versions, DAY) == row_of(place(), versions[::-1], DAY)


def test_a_breakdown_stands_in_the_official_order():
    rows = [row_of(place(number, county=county), [], DAY) for number, county in ((1, "25"), (2, "01"))]
    by_county = next(dimension for dimension in DIMENSIONS if dimension.key == "county")

    assert [line.label for line in breakdown(rows, by_county, Criteria())] == ["Län 01", "Län 25"]


def test_every_verdict_has_a_word():
    assert {b.value for b in Binding} >= {"function_bound", "mixed", "person_bound", "unreachable"}
