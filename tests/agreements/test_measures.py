"""What a goal's texts say in numbers, and how far it is to the target: pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.measures import Direction, parse, parse_value, plain_number, round_steps, way

UP, DOWN = Direction.UP, Direction.DOWN


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("25 %", "25", "%", None),
        ("25 procent fullföljer", "25", "%", None),
        ("minst 40", "40", "", UP),
        ("40 per år", "40", "", None),
        ("Högst 10 procent", "10", "%", DOWN),
        ("ned till 8 veckor", "8", "", DOWN),
        ("75 av 100 inom sex månader", "75", "av 100", None),
        ("1 200 ungdomar", "1200", "", None),
        ("1\u00a0200", "1200", "", None),
        ("1.500 kr", "1500", "kr", None),
        ("62,5", "62.5", "", None),
        ("\u22123,5 %", "-3.5", "%", None),
        ("minst 40 senast 2027", "40", "", UP),
        ("År 2027 minst 30", "30", "", UP),
        ("Den 12 december 2026 ska 9 vara klara", "9", "", None),
        ("öka från 20 % till 40 %", "40", "%", UP),
        ("2000 personer", "2000", "", None),
    ],
)
def test_the_number_that_is_meant_is_found(text: str, value: str, unit: str, bound: Direction | None) -> None:
    found = parse(text)

    assert found is not None
    assert (found.value, found.unit, found.bound) == (Decimal(value), unit, bound)


@pytest.mark.parametrize("text", ["", "halvera", "2027", "senast 2027", "30–40", "12 december 2026", "B2B", "v.12"])
def test_where_no_single_number_is_meant_none_is_found(text: str) -> None:
    assert parse(text) is None


@given(st.text())
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    parse(text)


@given(st.decimals(min_value=-999_999, max_value=999_999, places=2))
def test_a_number_that_is_written_out_is_read_back(number: Decimal) -> None:
    assert parse_value(plain_number(number)) == number


@pytest.mark.parametrize(
    ("text", "unit", "complaint"),
    [("många", "", "som ett tal"), ("62 %", "av 100", "av 100"), ("62,125", "", "2 decimaler")],
)
def test_a_value_that_says_something_else_is_refused(text: str, unit: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_value(text, unit)


def test_a_value_may_look_like_a_year() -> None:
    assert parse_value("2026") == 2026


@pytest.mark.parametrize(
    ("baseline", "target", "value", "share"),
    [
        ("62 av 100", "75 av 100", 62, 0),
        ("62 av 100", "75 av 100", 70, 61),
        ("62 av 100", "75 av 100", 75, 100),
        ("62 av 100", "75 av 100", 50, 0),
        ("", "minst 40", 10, 25),
        ("6 veckor", "2 veckor", 4, 50),
        ("6 veckor", "2 veckor", 1, 100),
        ("", "högst 10 %", 20, None),
        ("", "högst 10 %", 9, 100),
        ("20 personer", "40 %", 10, 25),
        ("20", "bättre", 10, None),
    ],
)
def test_the_way_to_the_target_is_told_in_percent(baseline: str, target: str, value: int, share: Any) -> None:
    assert way(baseline, target).share(Decimal(value)) == share


def test_a_goal_goes_down_when_its_target_is_lower_than_where_it_began() -> None:
    assert way("120 hushåll", "90 hushåll").direction is DOWN
    assert way("90", "minst 60").is_reached(Decimal(60))


@given(st.decimals(-10_000, 10_000, places=2), st.decimals(0, 50_000, places=2))
def test_the_steps_beside_a_curve_are_few_and_hold_all_of_it(low: Decimal, span: Decimal) -> None:
    steps = list(round_steps(low, low + span))

    assert steps[0] <= low
    assert steps[-1] >= low + span
    assert 2 <= len(steps) <= 6


@pytest.mark.parametrize("typed", ["1e400", "12e-3", "12abc", "ca 5", "55 stycken av 80", "12-14", "1,234"])
def test_a_value_that_is_more_or_less_than_a_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"tal|decimaler"):
        parse_value(typed)


@pytest.mark.parametrize(
    ("typed", "value"), [("62,5", "62.5"), ("75 av 100", "75"), ("25 %", "25"), ("1 200 kr", "1200")]
)
def test_a_value_may_carry_its_unit(typed: str, value: str) -> None:
    assert parse_value(typed) == Decimal(value)
