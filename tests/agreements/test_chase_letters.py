"""The chase on real rows and over real SMTP: who gets which letter, what stands in it, and that it comes once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from agreements import tasks
from agreements.actions import chasing, checking
from agreements.models import ChasedFlag, Flag, Party, Version
from agreements.presenters import present
from contacts.actions import confirming, letters
from contacts.models import ContactPoint, Event, Letter
from tests.cast import Cast, make_cast
from tests.factories import TODAY, af_region, contact_point, in_force, municipality
from tests.mail_server import Sink, listening, text_of

DAY, WEEK = datetime.timedelta(days=1), datetime.timedelta(weeks=1)
START = datetime.datetime.combine(TODAY + DAY, datetime.time(7), tzinfo=datetime.UTC)
"""A Monday."""
OURS, OUR_DEPUTY = "samordning@ostersund.se", "ifo@ostersund.se"
THEIRS, THEIR_DEPUTY = "samverkan@arbetsformedlingen.se", "sektion@arbetsformedlingen.se"
SKR = "arbetsmarknad@skr.se"

Menders = dict[str, ContactPoint]
"""The contact point whose mailbox it is."""


@pytest.fixture
def menders(cast: Cast) -> Menders:
    """A function that mends at each party with its deputy, and SKR's."""
    ours, theirs = (cast.ostersund, cast.coordinator), (cast.nord, cast.af_coordinator)
    found = {
        mailbox: contact_point(organisation, level, by=by, mailbox=mailbox)
        for mailbox, level, (organisation, by) in (
            (OURS, "tactical", ours),
            (OUR_DEPUTY, "support", ours),
            (THEIRS, "tactical", theirs),
            (THEIR_DEPUTY, "support", theirs),
            (SKR, "operative", (cast.skr, cast.officer)),
        )
    }
    for mailbox, deputy in ((OURS, OUR_DEPUTY), (THEIRS, THEIR_DEPUTY)):
        ContactPoint.objects.filter(pk=found[mailbox].pk).update(deputy=found[deputy])
        assert found[mailbox].function.mends
    return found


@pytest.fixture
def version(cast: Cast, menders: Menders) -> Version:
    """In force, with nothing to mend."""
    made = in_force(cast)
    Party.objects.update(case_number="AMN 2026/118")
    for side, mailbox in (("municipality", OURS), ("af", THEIRS)):
        chosen = made.contacts.filter(party__side=side).values("contact_point")
        ContactPoint.objects.filter(pk__in=chosen).update(deputy=menders[mailbox])
    ContactPoint.objects.update(confirmed_at=START, created_at=START)
    checking.recheck(version_ids=[made.pk], now=START)
    assert not Flag.objects.open().exists()
    return made


def flag(version: Version, menders: Menders, **changes: Any) -> Flag:
    """An open flag that Östersund can mend."""
    ours = menders[OURS]
    facts: dict[str, Any] = {
        "rule": "person_bound_contact",
        "subject": "contact:1",
        "section_key": "contacts",
        "severity": "serious",
        "reason": "Jobbcoach, Östersunds kommun: Brevlådan är en persons egen.",
        "mend": "Byt till en funktionsbrevlåda.",
        "details": {"contact_point": ours.pk},
        "organisation": ours.organisation,
        "mender": ours,
        "opened_at": START,
    }
    return Flag.objects.create(version=version, **facts | changes)


def told(now: datetime.datetime = START) -> list[str]:
    """Who a run on the day writes to."""
    known = set(Letter.objects.values_list("pk", flat=True))
    chasing.chase(now=now)
    return list(Letter.objects.exclude(pk__in=known).order_by("recipient").values_list("recipient", flat=True))


# ------------------------------------------------------------------------------------------------ to whom, when


def test_each_step_begins_on_its_day(version: Version, menders: Menders):
    flag(version, menders)

    assert told(START) == [OURS]
    assert told(START + WEEK) == [OURS]
    assert told(START + 2 * WEEK) == [OUR_DEPUTY, OURS]
    assert told(START + 3 * WEEK) == [OUR_DEPUTY, OURS]
    assert told(START + 4 * WEEK) == sorted([OUR_DEPUTY, OURS, THEIRS, SKR])


def test_a_second_run_on_the_same_day_or_in_the_same_week_sends_no_letter(
    post: Sink, version: Version, menders: Menders
):
    flag(version, menders)
    for days in (0, 0, 1, 4, 6):
        chasing.chase(now=START + days * DAY)
        letters.send_due(now=START + days * DAY)

    assert post.recipients == [OURS]


def test_a_flag_that_is_let_be_is_not_chased_and_its_weeks_do_not_count(version: Version, menders: Menders):
    until = TODAY + 60 * DAY
    flag(version, menders, waived_until=until, waived_reason="Ny brevlåda beställd", waived_by="Sara Ordnare")

    assert told(START) == told(START + 59 * DAY) == []
    assert told(START + 60 * DAY) == [OURS]


def test_a_mended_flag_is_not_chased(version: Version, menders: Menders):
    flag(version, menders, closed_at=START, closed_by="Kontrollen")

    assert told() == []


def test_where_the_organisation_cannot_be_reached_the_other_party_and_skr_are_told_at_once(
    version: Version, menders: Menders
):
    flag(version, menders, mender=None)

    assert told() == [SKR, THEIRS]


@pytest.mark.parametrize(
    "change", [{"bounced_at": START}, {"ended_on": TODAY}, {"mailbox": ""}, {"mailbox": "anna.berg@ostersund.se"}]
)
def test_where_the_function_cannot_be_reached_any_more_its_deputy_is_told_at_once(
    version: Version, menders: Menders, change: dict[str, Any]
):
    flag(version, menders)
    ContactPoint.objects.filter(pk=menders[OURS].pk).update(**change)

    assert told() == [OUR_DEPUTY]


def test_what_af_should_mend_is_told_to_the_municipality_after_four_weeks(
    version: Version, menders: Menders, cast: Cast
):
    flag(version, menders, organisation=cast.nord, mender=menders[THEIRS])

    assert told() == [THEIRS]
    assert told(START + 4 * WEEK) == sorted([OURS, THEIRS, THEIR_DEPUTY, SKR])


def test_the_other_party_is_told_through_the_function_that_the_agreement_rests_on(
    version: Version, menders: Menders, cast: Cast
):
    chosen = contact_point(cast.nord, "tactical", by=cast.af_coordinator, mailbox="kontaktcenter@arbetsformedlingen.se")
    party = version.parties.get(side="af")
    version.contacts.create(party=party, contact_point=chosen, level="tactical", position=9)
    flag(version, menders, mender=None)

    assert told() == [SKR, "kontaktcenter@arbetsformedlingen.se"]


def test_after_a_hard_bounce_the_agreement_is_checked_again_and_the_next_letter_goes_elsewhere(
    post: Sink, version: Version, menders: Menders
):
    chosen = version.contacts.filter(party__side="municipality").values("contact_point")
    ContactPoint.objects.filter(pk__in=chosen).update(deputy=None)
    checking.recheck(version_ids=[version.pk], now=START)
    assert Flag.objects.open().filter(rule="no_deputy", mender=menders[OURS]).exists()
    post.refuse[OURS] = "550 5.1.1 User unknown"
    chasing.chase(now=START)
    letters.send_due(now=START)
    assert checking.deliver_events(now=START)

    assert told(START + DAY) == [OUR_DEPUTY]


# ---------------------------------------------------------------------------------------------- what it says


def sent(post: Sink, recipient: str, now: datetime.datetime = START) -> Any:
    chasing.chase(now=now)
    letters.send_due(now=now)
    return next(message for message in post.messages if message["To"] == recipient)


def test_the_letter_says_what_is_wrong_what_mends_it_and_where(post: Sink, version: Version, menders: Menders):
    flag(version, menders)
    message = sent(post, OURS)

    for kind in ("plain", "html"):
        text = text_of(message, kind)
        assert version.title in text
        assert "Brevlådan är en persons egen." in text
        assert "Byt till en funktionsbrevlåda." in text
        assert f"https://portalen.example/kontaktytor/{menders[OURS].pk}/" in text
        assert f"https://portalen.example{reverse('agreement', args=[version.pk])}" in text


def test_every_link_in_the_letter_needs_login(post: Sink, client: Client, version: Version, menders: Menders):
    flag(version, menders)
    text = text_of(sent(post, OURS))
    addresses = {word.removeprefix("https://portalen.example") for word in text.split() if word.startswith("https://")}

    assert len(addresses) >= 3
    for address in addresses - {"/.", "/"}:
        assert client.get(address)["Location"].startswith("/logga-in/"), address


def test_the_serious_comes_first_and_the_lowest_level_is_one_line(post: Sink, version: Version, menders: Menders):
    flag(version, menders, severity="warning", subject="a", reason="Liten sak.")
    for rule in ("n07", "n04"):
        flag(version, menders, rule=rule, subject="level", severity="warning", details={"level": rule.upper()})
    flag(version, menders, subject="b", reason="Stor sak.")

    text = text_of(sent(post, OURS))

    assert text.index("ALLVARLIGT: Stor sak.") < text.index("- Liten sak.") < text.index("i 2 regler (N04, N07)")
    assert f"/overenskommelser/{version.pk}/lagsta-niva/" in text
    assert text.count("persons egen") == 0


def test_a_mailbox_gets_one_letter_with_all_its_agreements_and_the_rest_as_a_number(
    post: Sink, version: Version, menders: Menders
):
    for number in range(23):
        copy = Version.objects.get(pk=version.pk)
        copy.pk, copy.number, copy.title = None, 2 + number, f"Avtal {number}"
        copy.save()
        severity = "serious" if number >= 20 else "warning"
        flag(copy, menders, severity=severity, opened_at=START - number * DAY)

    message = sent(post, OURS)

    text = text_of(message)
    assert str(message["Subject"]).strip() == "Att rätta i 23 överenskommelser"
    assert text.index("Avtal 22\n") < text.index("Avtal 20\n") < text.index("Avtal 19\n") < text.index("Avtal 3\n")
    assert "Avtal 2\n" not in text
    assert "… och 3 överenskommelser till." in text
    assert f"https://portalen.example{reverse('agreement_list')}?visa=flaggade" in text


def test_the_other_party_is_led_to_the_agreement_since_it_does_not_read_our_contact_points(
    post: Sink, version: Version, menders: Menders
):
    flag(version, menders, mender=None)
    text = text_of(sent(post, THEIRS))

    assert "DET HÄR VÄNTAR HOS ER MOTPART" in text
    assert "/kontaktytor/" not in text
    assert "#avsnitt-contacts" in text


def test_the_letter_names_no_person(post: Sink, version: Version, menders: Menders):
    reason = "Namnet ”Anna Lindqvist” står i texten. Adressen anna.lindqvist@ostersund.se går till en person."
    flag(version, menders, reason=reason, mend="Ta bort Anna Lindqvist.", details={})
    message = sent(post, OURS)

    assert "indqvist" not in text_of(message) + text_of(message, "html")


def test_the_letter_keeps_html_in_a_reason_as_text(post: Sink, version: Version, menders: Menders):
    flag(version, menders, reason="<script>alert(1)</script> & mer")
    message = sent(post, OURS)

    assert "<script>" not in text_of(message, "html")
    assert "<script>alert(1)</script> & mer" in text_of(message)


# ------------------------------------------------------------------------------------------------ what is known


def test_it_is_known_which_flags_were_told_of_in_which_letter(version: Version, menders: Menders):
    told_of = flag(version, menders)
    chasing.chase(now=START)

    row = ChasedFlag.objects.get()
    assert (row.flag, row.letter.recipient, row.step) == (told_of, OURS, "responsible")
    with pytest.raises(IntegrityError, match="a_letter_tells_of_a_flag_once"):
        ChasedFlag.objects.create(letter=row.letter, flag=told_of, step="deputy")


def test_the_agreements_history_tells_of_the_letter(version: Version, menders: Menders):
    flag(version, menders)
    chasing.chase(now=START)

    line = present(Event.objects.get(type="agreement.chased"), {}, names=False)
    assert (line.text, line.note) == ("Skrev veckans brev om det som ska rättas", f"Till {OURS}, om 1 sak.")


def test_the_agreements_page_says_who_has_been_written_to(
    post: Sink, client: Client, cast: Cast, version: Version, menders: Menders
):
    flag(version, menders)
    client.force_login(cast.coordinator)
    address = reverse("agreement", args=[version.pk])
    chasing.chase(now=START)
    assert "Brev skickat" not in client.get(address).content.decode()

    letters.send_due(now=START)

    assert f"Brev skickat 23 november 2026 till {OURS}" in client.get(address).content.decode()


def test_the_queries_of_reading_do_not_grow_with_the_flags(
    version: Version, menders: Menders, django_assert_max_num_queries: Any
):
    for number in range(40):
        flag(version, menders, subject=f"s{number}", organisation=menders[OURS].organisation)

    with django_assert_max_num_queries(24):
        assert chasing.chase(now=START) == 1


def test_the_task_writes_and_nudges(version: Version, menders: Menders):
    flag(version, menders)

    assert tasks.chase() >= 1


# ---------------------------------------------------------------------------------------------- 400 days, trouble


def working_days(start: datetime.datetime, days: int) -> list[datetime.datetime]:
    moments = (start + number * DAY for number in range(days))
    return [now for now in moments if now.weekday() < 5]


def test_in_400_days_exactly_the_expected_letters_come(post: Sink, version: Version, menders: Menders):
    """Nobody answers: a question and three reminders in time for the year's end, then the flags open and are chased.

    The flags open on day 366, a Wednesday; day 371 is the next Monday.
    """
    came: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for now in working_days(START, 400):
        known = len(post.messages)
        if now >= START + 360 * DAY:  # before that no day can open a flag
            checking.recheck(version_ids=[version.pk], now=now)
        for _ in range(2):
            confirming.ask_all(now=now)
            chasing.chase(now=now)
            letters.send_due(now=now)
        for message in post.messages[known:]:
            came[str(message["List-Id"]), str(message["To"])].append((now - START).days)

    asked, chased = "<confirmation.portalen.example>", "<chase.portalen.example>"
    everybody = {point.mailbox for point in ContactPoint.objects.all()}
    assert len(everybody) == 7
    assert came == {
        **{(asked, mailbox): [309, 323, 337, 351] for mailbox in everybody},
        **{(chased, mailbox): [366, 371, 378, 385, 392, 399] for mailbox in (OURS, THEIRS)},
        **{(chased, deputy): [380, 385, 392, 399] for deputy in (OUR_DEPUTY, THEIR_DEPUTY)},
        (chased, SKR): [394, 399],
    }


def test_while_the_server_is_dead_nothing_is_lost_and_then_one_letter_comes(
    dead_post: int, version: Version, menders: Menders
):
    flag(version, menders)
    for now in working_days(START, 13):
        chasing.chase(now=now)
        letters.send_due(now=now)
    assert Letter.objects.waiting().get().occasion == "2026-W49"

    with listening(dead_post) as sink:
        letters.send_due(now=START + 13 * DAY)
    assert sink.recipients == [OURS]


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_writes_the_letter_and_one_sends_it(transactional_db: None, post: Sink):
    for command in ("load_functions", "load_national_template", "load_lowest_level"):
        call_command(command, verbosity=0)
    cast = make_cast(municipality("2380", "Östersunds"), municipality("2321", "Åre"), af_region("Nord"))
    ours = contact_point(cast.ostersund, "tactical", by=cast.coordinator, mailbox=OURS)
    flag(in_force(cast), {OURS: ours})

    def work(_: int) -> tuple[int, int]:
        try:
            return chasing.chase(now=START), letters.send_due(now=START)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    letters.send_due(now=START)

    assert sum(written for written, _ in done) == 1
    assert post.recipients == [OURS]
    assert ChasedFlag.objects.count() == 1
