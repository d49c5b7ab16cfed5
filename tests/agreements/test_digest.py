"""The daily digest over real SMTP: one letter a day to a function mailbox, with all that is new and no names."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import tasks
from agreements.actions import commenting, digesting, negotiating
from agreements.actions.commenting import Said
from agreements.anchors import Place
from agreements.digest import EXCERPT, MOST_LINES, Addresses, News, chosen, excerpt
from agreements.models import Thread, ToldEvent, Version
from config.celery import TIMETABLE
from contacts.actions import letters
from contacts.models import ContactPoint, Letter, User
from contacts.rules import HIDDEN
from tests.cast import Cast, make_cast
from tests.factories import af_region, contact_point, draft, fill, municipality
from tests.mail_server import Sink, listening, text_of

DAY = datetime.timedelta(days=1)
OURS, THEIRS, SUPPORT = "samordning@ostersund.se", "samverkan@arbetsformedlingen.se", "esf@ostersund.se"


@pytest.fixture
def points(cast: Cast) -> dict[str, ContactPoint]:
    """A function that mends at each party, and one of ours that does not."""
    return {
        OURS: contact_point(cast.ostersund, "tactical", by=cast.coordinator, mailbox=OURS),
        THEIRS: contact_point(cast.nord, "tactical", by=cast.af_coordinator, mailbox=THEIRS),
        SUPPORT: contact_point(cast.ostersund, "operative", by=cast.coordinator, mailbox=SUPPORT),
    }


@pytest.fixture
def version(cast: Cast, points: dict[str, ContactPoint]) -> Version:
    return draft(cast)


def say(version: Version, by: User, text: str = "Hinner vi det?", **more: Any) -> Thread:
    said = Said(text, mentions=more.pop("mentions", ()))
    return commenting.begin_thread(by=by, version_id=version.pk, key="goals", place=Place(), said=said, **more)


def now_of(thread: Thread) -> datetime.datetime:
    return thread.created_at + datetime.timedelta(minutes=5)


def told(now: datetime.datetime) -> list[str]:
    known = set(Letter.objects.values_list("pk", flat=True))
    digesting.write_digests(now=now)
    return sorted(Letter.objects.exclude(pk__in=known).values_list("recipient", flat=True))


def test_the_other_partys_function_is_told_of_what_is_said(post: Sink, cast: Cast, version: Version) -> None:
    now = now_of(say(version, cast.coordinator))

    assert told(now) == [THEIRS]
    letters.send_due(now=now)

    [letter] = post.messages
    assert str(letter["To"]) == THEIRS
    assert str(letter["Subject"]).strip().startswith("Nytt: Överenskommelse mellan Östersunds kommun")
    for kind in ("plain", "html"):
        text = text_of(letter, kind)
        assert "Östersunds kommun kommenterade avsnitt 4 Gemensamma mål" in text
        assert "”Hinner vi det?”" in text
        assert f"https://portalen.example/overenskommelser/{version.pk}/samtal/goals/#trad-" in text
        assert "Sara Ordnare" not in text


def test_a_second_run_on_the_day_sends_nothing_and_the_next_day_only_what_is_new(
    post: Sink, cast: Cast, version: Version
) -> None:
    thread = say(version, cast.coordinator)
    now = now_of(thread)
    for minutes in (0, 1, 200):
        digesting.write_digests(now=now + datetime.timedelta(minutes=minutes))
        letters.send_due(now=now)
    assert post.recipients == [THEIRS]

    assert told(now + DAY) == []
    commenting.reply(by=cast.coordinator, thread_id=thread.pk, said=Said("Svara gärna."))
    assert told(now + DAY) == [THEIRS]
    text = Letter.objects.latest("pk").text
    assert "Svara gärna." in text
    assert "Hinner vi det?" not in text


def test_all_that_is_new_comes_in_one_letter(cast: Cast, version: Version) -> None:
    for number in range(12):
        thread = say(version, cast.coordinator, f"Fråga {number}.")

    assert told(now_of(thread)) == [THEIRS]
    text = Letter.objects.get().text
    assert text.count("kommenterade avsnitt") == MOST_LINES
    assert f"och {12 - MOST_LINES} till" in text


def test_a_letter_that_could_not_leave_is_replaced_and_nothing_is_lost(
    dead_post: int, cast: Cast, version: Version
) -> None:
    thread = say(version, cast.coordinator, "Den första")
    now = now_of(thread)
    assert told(now) == [THEIRS]
    letters.send_due(now=now)
    say(version, cast.coordinator, "Den andra")
    assert told(now + DAY) == [THEIRS]

    with listening(dead_post) as post:
        letters.send_due(now=now + DAY)
    [letter] = post.messages
    assert "Den första" in text_of(letter)
    assert "Den andra" in text_of(letter)


def test_a_mentioned_function_is_told_wherever_it_belongs(
    cast: Cast, version: Version, points: dict[str, ContactPoint]
) -> None:
    thread = say(version, cast.coordinator, mentions=(points[SUPPORT].pk,))

    assert told(now_of(thread)) == sorted([SUPPORT, THEIRS])
    assert "nämner er funktion" in Letter.objects.get(recipient=SUPPORT).text
    assert "nämner er funktion" not in Letter.objects.get(recipient=THEIRS).text


def test_of_internal_talk_a_letter_says_only_that_it_is_there(
    cast: Cast, version: Version, points: dict[str, ContactPoint]
) -> None:
    thread = say(version, cast.coordinator, "Hemligt.", internal=True, mentions=(points[SUPPORT].pk,))

    assert told(now_of(thread)) == [SUPPORT]
    assert "internt." in Letter.objects.get().text
    assert "Hemligt" not in Letter.objects.get().text + Letter.objects.get().html


def test_names_that_are_written_in_a_comment_are_covered(cast: Cast, version: Version) -> None:
    thread = say(version, cast.coordinator, "Fråga Anna Lindqvist, anna.lindqvist@ostersund.se.")

    told(now_of(thread))

    for body in (Letter.objects.get().text, Letter.objects.get().html):
        assert HIDDEN in body
        assert "indqvist" not in body


@pytest.mark.parametrize(
    "change", [{"bounced_at": "2026-11-20T12:00Z"}, {"mailbox": ""}, {"mailbox": "anna.berg@ostersund.se"}]
)
def test_a_mailbox_that_is_no_functions_gets_nothing(
    cast: Cast, version: Version, points: dict[str, ContactPoint], change: dict[str, str]
) -> None:
    thread = say(version, cast.af_coordinator)
    ContactPoint.objects.filter(pk=points[OURS].pk).update(**change)

    assert told(now_of(thread)) == []


def test_what_is_taken_back_or_done_or_old_is_no_news(cast: Cast, version: Version) -> None:
    done, back, old = (say(version, cast.coordinator, text) for text in ("Klart", "Tillbaka", "Gammalt"))
    now = now_of(old)
    commenting.resolve(by=cast.coordinator, thread_id=done.pk, now=now)
    commenting.withdraw_comment(by=cast.coordinator, comment_id=back.comments.get().pk, now=now)

    assert told(now + 15 * DAY) == []
    assert told(now) == [THEIRS]
    text = Letter.objects.get().text
    assert ("Klart" in text, "Tillbaka" in text, "Gammalt" in text) == (False, False, True)


def test_a_proposal_and_what_became_of_it_is_told_to_the_other_party(
    cast: Cast, points: dict[str, ContactPoint]
) -> None:
    version = negotiating.propose(by=cast.coordinator, version_id=fill(draft(cast), cast).pk)
    now = version.state_since + datetime.timedelta(minutes=1)
    assert told(now) == [THEIRS]
    assert "Östersunds kommun har föreslagit texten. Den väntar på er granskning." in Letter.objects.get().text

    negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason="Mål saknas.")
    assert told(now + DAY) == [OURS]
    assert "har skickat tillbaka texten" in Letter.objects.latest("pk").text


def test_an_acceptance_is_told_to_the_proposer(cast: Cast, points: dict[str, ContactPoint]) -> None:
    version = negotiating.propose(by=cast.coordinator, version_id=fill(draft(cast), cast).pk)
    version = negotiating.accept(by=cast.af_coordinator, version_id=version.pk)

    assert told(version.state_since + datetime.timedelta(minutes=1)) == [OURS]
    assert "har godtagit texten" in Letter.objects.get().text


def test_the_digest_costs_the_same_for_three_comments_and_for_thirty(cast: Cast, version: Version) -> None:
    counts = {}
    for number in (3, 30):
        for _ in range(number):
            thread = say(version, cast.coordinator)
        reading = digesting.Reading(now_of(thread))
        with CaptureQueriesContext(connection) as seen:
            reading.by_mailbox()
        counts[number] = len(seen)

    assert counts[3] == counts[30] <= 10


def test_the_timetable_writes_it_every_working_morning(post: Sink, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator)

    assert "agreements.digest" in {entry["task"] for entry in TIMETABLE.values()}
    assert tasks.digest() == 1
    assert ToldEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_letter(transactional_db: None) -> None:
    call_command("load_functions", verbosity=0)
    call_command("load_national_template", verbosity=0)
    cast = make_cast(municipality("2380", "Östersunds"), municipality("2321", "Åre"), af_region("Nord"))
    contact_point(cast.nord, "tactical", by=cast.af_coordinator, mailbox=THEIRS)
    now = now_of(say(draft(cast), cast.coordinator))

    def run(_: int) -> int:
        try:
            return digesting.write_digests(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [0, 1]
    assert (Letter.objects.count(), ToldEvent.objects.count()) == (1, 1)


# -------------------------------------------------------------------------------------------------------- words

ADDRESSES = Addresses(agreement=lambda pk: f"/{pk}", thread=lambda pk, section, thread: f"/{pk}/{section}#{thread}")


def news(event: int, version: int = 1, **more: Any) -> News:
    return News(event, version, "Kommunen kommenterade:", "Hej", "goals", 7, **more)


def test_a_move_stands_first_and_several_agreements_are_counted() -> None:
    move = News(9, 2, "AF har godtagit texten.", "", "", None, is_move=True)

    choice = chosen([news(1), news(3, 2), move], {1: "Första", 2: "Andra"}, ADDRESSES)

    assert [agreement.title for agreement in choice.agreements] == ["Andra", "Första"]
    assert [line.address for line in choice.agreements[0].lines] == ["/2", "/2/goals#7"]
    assert choice.subject == "Nytt i 2 överenskommelser"
    assert choice.told == [1, 3, 9]


def test_more_agreements_than_a_letter_holds_are_counted() -> None:
    choice = chosen([news(n, n) for n in range(1, 26)], {n: f"Nr {n}" for n in range(1, 26)}, ADDRESSES)

    assert (len(choice.agreements), choice.left_out, len(choice.told)) == (20, 5, 25)


def test_what_was_said_is_cut_at_a_word() -> None:
    assert excerpt("Hej\n\n på  er") == "Hej på er"
    assert excerpt("ord " * 100).endswith("ord …")
    assert len(excerpt("ord " * 100)) <= EXCERPT + 2
