"""Personnummer and samordningsnummer. The numbers are made from dates and checksums, not from persons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.personbound import find, find_identity_numbers
from contacts.personbound.identity_numbers import checksum_holds, is_identity_number


def texts(text):
    return [each.text for each in find_identity_numbers(text)]


@pytest.mark.parametrize(
    "number",
    [
        "850101-1236", "8501011236", "19850101-1236", "198501011236", "19850101 1236", "850101+1236", "19850101 - 1236",
        "1985-01-01-1236", "85 01 01-1236", "850101–1236",
    ],
)  # fmt: skip
def test_every_way_of_writing_it_is_found(number):
    assert texts(f"Deltagaren {number} har fått beslut.") == [number]


def test_a_coordination_number_has_sixty_added_to_the_day():
    number = with_checksum("850161123")
    found = find_identity_numbers(f"{number[:6]}-{number[6:]}")
    assert [each.reason for each in found] == ["Samordningsnummer: giltigt datum och kontrollsiffra"]


@pytest.mark.parametrize(
    "text", ["850101-1237", "851301-1233", "850230-1234", "212000-2528", "556036-0793", "2023-03-15", "8501011236789"]
)
def test_wrong_checksums_impossible_dates_and_organisations_are_left_alone(text):
    assert texts(text) == []


def test_a_right_checksum_does_not_help_an_impossible_date():
    for digits in ("851301123", "850230123", "850192123", "850100123"):
        number = with_checksum(digits)
        assert not is_identity_number(number)
        assert texts(f"{number[:6]}-{number[6:]}") == []


def test_the_century_must_be_one_that_people_live_in():
    assert not is_identity_number("17" + with_checksum("850101123"))


def test_the_century_decides_whether_a_leap_day_exists():
    number = with_checksum("000229123")
    assert is_identity_number("20" + number)
    assert not is_identity_number("19" + number)
    assert is_identity_number(number)


def test_ten_digits_that_may_be_a_mobile_number_need_a_cue():
    number = with_checksum("070512345")
    assert texts(f"Ring {number}") == []
    assert texts(f"Personnummer: {number}") == [number]
    assert texts(f"{number[:6]}-{number[6:]}") == [f"{number[:6]}-{number[6:]}"]


def test_the_number_hides_no_other_finding_beside_it():
    assert [each.kind.value for each in find("850101-1236, 063-14 30 00")] == ["personnummer", "phone_fixed"]


@given(st.dates(), st.integers(0, 999), st.booleans())
def test_every_date_with_a_right_checksum_is_found(day, serial, coordination):
    short = f"{day:%y%m}{day.day + 60 * coordination:02}{serial:03}"
    number = with_checksum(short)
    assert texts(f"x {number[:6]}-{number[6:]} y") == [f"{number[:6]}-{number[6:]}"]


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(1, 9))
def test_one_changed_digit_breaks_the_checksum(digits, change):
    right = with_checksum(digits)
    wrong = right[:-1] + str((int(right[-1]) + change) % 10)
    assert checksum_holds(right)
    assert not checksum_holds(wrong)


def with_checksum(nine):
    return next(nine + str(last) for last in range(10) if checksum_holds(nine + str(last)))


@pytest.mark.parametrize(
    "digits", ["", "85010112", "850101123", "85010112361", "8501011²36", "850101-1236", "8501011236 "]
)
def test_only_ten_or_twelve_plain_digits_are_asked_about(digits):
    assert not is_identity_number(digits)


def test_the_kind_of_number_is_told_by_its_day():
    number = with_checksum("850131123")
    (found,) = find_identity_numbers(f"{number[:6]}-{number[6:]}")
    assert found.reason == "Personnummer: giltigt datum och kontrollsiffra"
    assert (found.kind, found.confidence) == ("personnummer", "strong")


@pytest.mark.parametrize("digits", ["850160123", "850100123"])
def test_day_nought_is_no_day_with_sixty_added_either(digits):
    assert not is_identity_number(with_checksum(digits))


def test_the_checksum_of_a_known_number_holds():
    """Numbers of the tax agency's own examples, and one with another last digit."""
    assert checksum_holds("8112189876")
    assert checksum_holds("5108189167")
    assert not checksum_holds("8112189875")


@pytest.mark.parametrize("century", ["18", "19", "20"])
def test_people_are_born_in_three_centuries(century):
    assert is_identity_number(century + with_checksum("850101123"))


def test_a_leap_day_of_any_century_counts_when_none_is_written():
    assert is_identity_number(with_checksum("040229123"))
    assert is_identity_number(with_checksum("960229123"))
    assert not is_identity_number(with_checksum("970229123"))


def test_the_cue_stands_within_forty_characters():
    number = with_checksum("070512345")
    assert texts(f"pnr{' ' * 37}{number}") == [number]
    assert texts(f"pnr{' ' * 38}{number}") == []
    assert texts(f"PERSONNUMMER {number}") == [number]


def test_what_is_no_number_does_not_end_the_search():
    number, mobile = with_checksum("850101123"), with_checksum("070512345")
    dashed = f"{number[:6]}-{number[6:]}"
    assert texts(f"850101-1237 {dashed}") == [dashed]
    assert texts(f"Ring {mobile}, gäller {dashed}") == [dashed]


def test_numbers_far_apart_are_each_found_once():
    number = with_checksum("850101123")
    dashed = f"{number[:6]}-{number[6:]}"
    assert texts(f"{dashed}{' ord' * 20} {dashed}") == [dashed, dashed]
