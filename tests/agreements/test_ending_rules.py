"""How agreements end and go on: months, notice, leaving and renewal as functions over plain data."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.ending import bound_until, how_ended, months_after, notice_ends, renewed, why_not_leave, why_not_renew
from agreements.states import WITHIN, Ending, Standing, State, standing_of

Date = datetime.date
days = st.dates(Date(2020, 1, 1), Date(2090, 12, 31))


@pytest.mark.parametrize(
    ("received", "months", "last"),
    [
        (Date(2026, 6, 15), 6, Date(2026, 12, 15)),
        (Date(2026, 9, 30), 3, Date(2026, 12, 30)),
        (Date(2026, 8, 31), 6, Date(2027, 2, 28)),
        (Date(2027, 8, 31), 6, Date(2028, 2, 29)),
        (Date(2026, 10, 31), 1, Date(2026, 11, 30)),
        (Date(2026, 12, 31), 12, Date(2027, 12, 31)),
        (Date(2026, 3, 3), 0, Date(2026, 3, 3)),
    ],
)
def test_months_of_notice_end_on_the_day_with_the_same_number(received: Date, months: int, last: Date) -> None:
    assert notice_ends(received, months, None) == last


def test_notice_never_reaches_beyond_the_period() -> None:
    assert notice_ends(Date(2026, 11, 22), 6, Date(2026, 12, 31)) == Date(2026, 12, 31)
    assert notice_ends(Date(2026, 11, 22), 6, Date(2030, 12, 31)) == Date(2027, 5, 22)


def test_without_a_period_of_notice_the_party_chooses_the_day() -> None:
    assert notice_ends(Date(2026, 11, 22), None, None) is None
    assert notice_ends(Date(2026, 11, 22), None, None, Date(2027, 1, 31)) == Date(2027, 1, 31)
    assert notice_ends(Date(2026, 11, 22), 3, None, Date(2026, 11, 30)) == Date(2027, 2, 22)


@given(days, st.integers(0, 60), st.none() | days)
def test_notice_ends_within_the_month_and_the_period(received: Date, months: int, end: Date | None) -> None:
    last = notice_ends(received, months, end)
    assert last is not None
    assert end is None or last <= end
    free = months_after(received, months)
    assert (free.year * 12 + free.month) - (received.year * 12 + received.month) == months
    assert free.day <= received.day


def test_one_of_several_leaves_alone_and_af_stays_with_the_last() -> None:
    bound = bound_until([1, 2], [9], Date(2028, 12, 31), {1: Date(2027, 5, 22)})
    assert bound.until == {1: Date(2027, 5, 23), 2: Date(2029, 1, 1), 9: Date(2029, 1, 1)}
    assert bound.notice_until is None
    both = bound_until([1, 2], [9], None, {1: Date(2027, 5, 22), 2: Date(2027, 8, 1)})
    assert both.until[9] == Date(2027, 8, 2)
    assert both.notice_until == Date(2027, 8, 1)


@given(st.sets(st.integers(1, 4), min_size=1), st.none() | days, st.dictionaries(st.integers(1, 4), days))
def test_nobody_is_bound_for_longer_than_the_period_and_af_until_the_last(
    municipalities: set[int], end: Date | None, leaving: dict[int, Date]
) -> None:
    bound = bound_until(municipalities, [9], end, leaving)
    for pk in municipalities:
        until = bound.until[pk]
        assert (until is None) == (end is None and pk not in leaving)
        assert bound.until[9] is None or (until is not None and until <= bound.until[9])
    assert (bound.notice_until is not None) == municipalities.issubset(leaving)


def test_how_it_ended_is_told_by_what_came_first() -> None:
    assert how_ended(replaced=True, notice_until=Date(2027, 1, 1)) == Ending.REPLACED
    assert how_ended(replaced=False, notice_until=Date(2027, 1, 1)) == Ending.TERMINATED
    assert how_ended(replaced=False, notice_until=None) == Ending.EXPIRED


def test_only_who_is_bound_today_leaves() -> None:
    today = Date(2026, 11, 22)
    assert why_not_leave(begins=today, ends=None, today=today, successor=None) == ""
    assert "börjar gälla 1 januari 2027" in why_not_leave(
        begins=Date(2027, 1, 1), ends=None, today=today, successor=None
    )
    assert "redan lämnat" in why_not_leave(begins=Date(2024, 1, 1), ends=today, today=today, successor=None)
    assert "Version 3" in why_not_leave(begins=today, ends=None, today=today, successor=3)


@pytest.mark.parametrize(
    ("start", "end", "today", "new"),
    [
        (Date(2024, 1, 1), Date(2026, 12, 31), Date(2026, 11, 22), (Date(2027, 1, 1), Date(2029, 12, 31))),
        (Date(2024, 2, 29), Date(2025, 2, 27), Date(2025, 1, 1), (Date(2025, 2, 28), Date(2026, 2, 27))),
        (Date(2024, 3, 15), Date(2025, 3, 14), Date(2025, 1, 1), (Date(2025, 3, 15), Date(2026, 3, 14))),
        (Date(2024, 1, 10), Date(2024, 1, 19), Date(2024, 1, 1), (Date(2024, 1, 20), Date(2024, 1, 29))),
        (Date(2024, 1, 1), Date(2024, 12, 31), Date(2025, 2, 1), (Date(2025, 2, 1), Date(2026, 1, 31))),
    ],
)
def test_a_renewal_is_as_long_and_starts_the_day_after(
    start: Date, end: Date, today: Date, new: tuple[Date, Date]
) -> None:
    found = renewed(start, end, None, today=today)
    assert (found.start, found.end) == new


@given(days, st.integers(1, 4000), st.integers(0, 4000), days)
def test_a_renewed_period_is_in_order(start: Date, length: int, back: int, today: Date) -> None:
    end = start + datetime.timedelta(days=length)
    revision = max(start, end - datetime.timedelta(days=back))
    new = renewed(start, end, revision, today=today)
    assert new.start > end
    assert new.start >= today
    assert new.start < new.end
    assert new.revision is not None
    assert new.start <= new.revision <= new.end
    assert abs((new.end - new.start).days - length) <= 3


def test_what_has_no_end_or_has_been_given_notice_is_not_renewed() -> None:
    assert why_not_renew(Date(2026, 12, 31), under_notice=False) == ""
    assert "tills vidare" in why_not_renew(None, under_notice=False)
    assert "uppsagd" in why_not_renew(Date(2026, 12, 31), under_notice=True)


@given(st.sampled_from(list(State)), st.sampled_from(list(Ending)), st.booleans(), st.booleans())
def test_a_standing_lies_within_its_state(state: State, ended_as: Ending, under_notice: bool, amending: bool) -> None:
    standing = standing_of(state, ended_as=ended_as, under_notice=under_notice, amending=amending)
    assert WITHIN[standing] == state
    assert (standing == Standing.NOTICE_GIVEN) == (state == State.IN_FORCE and under_notice)
