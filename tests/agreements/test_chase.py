"""Who is written to about what waits, and when."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from agreements.chase import Letter, Step, Waiting, letters_due, week_of

MONDAY = datetime.date(2026, 11, 2)
MAILBOXES = (
    (Step.RESPONSIBLE, "arbetsmarknad@ostersund.se"),
    (Step.DEPUTY, "ifo@ostersund.se"),
    (Step.OTHER_PARTY, "nord@arbetsformedlingen.se"),
    (Step.SKR, "arbetsmarknad@skr.se"),
)


def waiting(flag: int = 1, since: datetime.date = MONDAY, mailboxes: tuple = MAILBOXES) -> Waiting:
    return Waiting(flag, since, mailboxes)


def due(*items: Waiting, on: datetime.date, sent: set = frozenset()) -> list[Letter]:
    return letters_due(items, sent=sent, today=on)


def recipients(days: int, mailboxes: tuple = MAILBOXES) -> list[str]:
    item = waiting(mailboxes=mailboxes)
    return [letter.recipient for letter in due(item, on=MONDAY + datetime.timedelta(days=days))]


def test_the_responsible_function_is_written_to_at_once():
    assert recipients(0) == ["arbetsmarknad@ostersund.se"]


def test_the_deputy_is_written_to_after_two_weeks():
    assert recipients(13) == ["arbetsmarknad@ostersund.se"]
    assert recipients(14) == ["arbetsmarknad@ostersund.se", "ifo@ostersund.se"]


def test_the_other_party_and_skr_are_written_to_after_four_weeks():
    assert len(recipients(27)) == 2
    assert recipients(28) == [
        "arbetsmarknad@ostersund.se",
        "arbetsmarknad@skr.se",
        "ifo@ostersund.se",
        "nord@arbetsformedlingen.se",
    ]


def test_one_letter_holds_all_that_waits_for_a_mailbox():
    assert due(waiting(2), waiting(1), on=MONDAY) == [
        Letter("arbetsmarknad@ostersund.se", "2026-W45", {1: Step.RESPONSIBLE, 2: Step.RESPONSIBLE})
    ]


def test_a_second_run_in_the_same_week_sends_nothing():
    (letter,) = due(waiting(), on=MONDAY)

    sunday = MONDAY + datetime.timedelta(days=6)
    assert due(waiting(), on=sunday, sent={(letter.recipient, letter.week)}) == []


def test_a_new_week_brings_a_new_letter():
    sent = {("arbetsmarknad@ostersund.se", week_of(MONDAY))}

    assert len(due(waiting(), on=MONDAY + datetime.timedelta(days=7), sent=sent)) == 1


def test_where_the_responsible_function_cannot_be_reached_its_deputy_is_written_to_at_once():
    assert recipients(0, mailboxes=((Step.RESPONSIBLE, ""), *MAILBOXES[1:])) == ["ifo@ostersund.se"]


def test_where_no_function_can_be_reached_the_other_party_and_skr_are_written_to_at_once():
    """Alarm before the gap: nobody can mend it, and nobody there would ever be told."""
    assert recipients(0, mailboxes=MAILBOXES[2:]) == ["arbetsmarknad@skr.se", "nord@arbetsformedlingen.se"]


def test_where_nobody_at_all_can_be_reached_no_letter_is_written():
    assert recipients(400, mailboxes=()) == []


def test_the_same_address_in_two_roles_gets_one_letter():
    boxes = ((Step.RESPONSIBLE, "a@b.se"), (Step.DEPUTY, "A@b.se "))

    letters = due(waiting(mailboxes=boxes), on=MONDAY + datetime.timedelta(days=20))

    assert [(letter.recipient, letter.flags) for letter in letters] == [("a@b.se", {1: Step.RESPONSIBLE})]


def test_the_turn_of_the_year_has_its_iso_week():
    assert week_of(datetime.date(2027, 1, 1)) == "2026-W53"


@given(st.lists(st.integers(0, 400), max_size=60), st.integers(0, 30))
def test_however_often_it_runs_a_mailbox_gets_at_most_one_letter_a_week(days: list[int], opened: int):
    sent: set[tuple[str, str]] = set()
    item = waiting(since=MONDAY + datetime.timedelta(days=opened))
    for day in sorted(days):
        for letter in due(item, on=MONDAY + datetime.timedelta(days=day), sent=sent):
            assert (letter.recipient, letter.week) not in sent
            sent.add((letter.recipient, letter.week))
