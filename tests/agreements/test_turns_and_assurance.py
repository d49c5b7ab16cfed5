"""Pure rules of signing: whose turn, how sure, when to remind."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import pytest

from agreements.asking import step_due
from agreements.assurance import HIDDEN, LEVELS, method_words, rank, why_not_proven, without_numbers
from agreements.models.signature import IDENTITY_NUMBER
from agreements.turns import next_to_sign, order_words, why_wait
from contacts.proof import Proof

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)


@dataclass
class Placed:
    pk: int
    name: str
    turn: int = 0


def parties(*turns: int) -> list[Placed]:
    return [Placed(pk, name, turn) for pk, (name, turn) in enumerate(zip("ABC", turns, strict=False))]


def proof(level: str = "password", minutes: int = 0) -> Proof:
    return Proof("password", level, NOW - datetime.timedelta(minutes=minutes), {})


@pytest.mark.parametrize(
    ("turns", "signed", "due"),
    [
        ((0, 0, 0), (), "ABC"),
        ((0, 0, 0), (1,), "AC"),
        ((1, 0, 0), (), "BC"),
        ((1, 0, 0), (1,), "C"),
        ((1, 0, 0), (1, 2), "A"),
        ((0, 0), (0, 1), ""),
    ],
)
def test_whose_turn_it_is(turns: tuple[int, ...], signed: tuple[int, ...], due: str) -> None:
    assert "".join(party.name for party in next_to_sign(parties(*turns), signed)) == due


def test_who_waits_is_told_for_whom() -> None:
    rows = parties(1, 0, 0)

    assert "B och C undertecknar före A" in why_wait(rows[0], rows, ())
    assert why_wait(rows[1], rows, ()) == ""
    assert why_wait(rows[0], rows, {1, 2}) == ""


def test_an_order_is_said_and_none_is_not() -> None:
    assert order_words(parties(1, 0, 0)) == "B och C, därefter A"
    assert order_words(parties(0, 0, 0)) == ""


@pytest.mark.parametrize(
    ("given", "demanded", "said"),
    [
        (None, "password", "Bekräfta att det är du"),
        (proof(minutes=11), "password", "Bekräfta att det är du"),
        (proof(minutes=-1), "password", "Bekräfta att det är du"),
        (proof(minutes=10), "password", ""),
        (proof("loa3"), "two_factor", ""),
        (proof("password"), "loa3", "krävs tillitsnivå 3. Du har bekräftat med lösenord"),
        (proof("made up"), "password", "krävs lösenord"),
    ],
)
def test_a_proof_is_fresh_and_sure_enough_or_told_why_not(given: Proof | None, demanded: str, said: str) -> None:
    why = why_not_proven(given, demanded=demanded, minutes=10, now=NOW)

    assert said in why if said else why == ""


def test_the_levels_are_in_order() -> None:
    assert [rank(level) for level in LEVELS] == [0, 1, 2, 3, 4]
    assert rank("") == -1


def test_method_and_level_are_said_in_plain_words() -> None:
    assert method_words("totp", "two_factor") == "Lösenord och engångskod (nivå: två faktorer)"
    assert method_words("", "") == ""


@pytest.mark.parametrize("number", ["19811218-9876", "811218-9876", "198112189876", "811278-9873", "sub:811218+9876"])
def test_what_looks_like_a_personnummer_is_not_kept(number: str) -> None:
    assert without_numbers({"sub": number, "login": "chef@ostersund.se"}, IDENTITY_NUMBER) == {
        "sub": HIDDEN,
        "login": "chef@ostersund.se",
    }


@pytest.mark.parametrize("harmless", ["2026-11-25T12:00:00+00:00", "a811218987612b", "063-14 30 00", "9912349876"])
def test_other_numbers_are_kept(harmless: str) -> None:
    assert re.search(IDENTITY_NUMBER, harmless) is None


@pytest.mark.parametrize(
    ("days", "told", "due"),
    [
        (0, (), 0),
        (0, (0,), None),
        (6, (0,), None),
        (7, (0,), 7),
        (9, (), 7),
        (20, (0,), 14),
        (20, (0, 14), None),
        (400, (0, 7), 28),
        (-1, (), None),
    ],
)
def test_the_latest_step_alone_is_told_however_late(days: int, told: tuple[int, ...], due: int | None) -> None:
    assert step_due(days, (0, 7, 14, 28), told) == due
