"""The yearly question: asked in time, reminded of three times, answered by one click on a link that works once."""

from __future__ import annotations

import datetime
import logging
import re
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from config.logs import WithoutSignedLinks
from contacts import actions, tasks
from contacts.actions import confirming, letters
from contacts.links import sign
from contacts.models import Confirmation, ContactPoint, Event, Letter, Membership
from contacts.presenters import present
from tests.cast import Cast
from tests.factories import contact_facts, contact_point
from tests.mail_server import Sink, listening, text_of

CONFIRMED = datetime.datetime(2026, 1, 12, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
ASKED = CONFIRMED + 309 * DAY
LINK = re.compile(r"https://portalen\.example(/bekrafta/\S+/)")


@pytest.fixture
def old(point: ContactPoint) -> ContactPoint:
    """Confirmed on 12 January."""
    ContactPoint.objects.update(confirmed_at=CONFIRMED, created_at=CONFIRMED)
    point.refresh_from_db()
    return point


def run(start: datetime.datetime, days: int) -> dict[int, list[str]]:
    """Ask and send day by day; what was written on which day."""
    found = {}
    for number in range(days):
        now = start + number * DAY
        written = set(Letter.objects.values_list("pk", flat=True))
        confirming.ask_all(now=now)
        confirming.ask_all(now=now)
        letters.send_due(now=now)
        new = Letter.objects.exclude(pk__in=written).order_by("pk")
        if new:
            found[number] = [f"{letter.recipient}: {letter.subject}" for letter in new]
    return found


def link_in(post: Sink) -> str:
    found = LINK.search(text_of(post.messages[-1]))
    assert found is not None
    return found[1]


def test_in_400_days_exactly_one_question_and_three_reminders_come(post: Sink, old: ContactPoint):
    name = old.name

    assert run(CONFIRMED, 400) == {
        309: [f"arbetsmarknad@ostersund.se: Stämmer uppgifterna om kontaktytan {name}?"],
        323: [f"arbetsmarknad@ostersund.se: Påminnelse: stämmer uppgifterna om kontaktytan {name}?"],
        337: [f"arbetsmarknad@ostersund.se: Påminnelse: stämmer uppgifterna om kontaktytan {name}?"],
        351: [f"arbetsmarknad@ostersund.se: Påminnelse: stämmer uppgifterna om kontaktytan {name}?"],
    }
    assert len(post.messages) == 4


def test_a_timetable_that_has_stood_still_reminds_once(post: Sink, old: ContactPoint):
    confirming.ask_all(now=ASKED)
    confirming.ask_all(now=ASKED + 100 * DAY)
    confirming.ask_all(now=ASKED + 101 * DAY)

    assert Confirmation.objects.get().reminders == 1
    assert Letter.objects.count() == 2


def test_a_server_that_comes_back_after_weeks_brings_the_latest_question_alone(dead_post: int, old: ContactPoint):
    run(ASKED, 15)

    with listening(dead_post) as sink:
        letters.send_due(now=ASKED + 15 * DAY)
    assert [str(message["Subject"]).strip()[:11] for message in sink.messages] == ["Påminnelse:"]


def test_a_mailbox_is_asked_about_all_its_functions_in_one_letter(post: Sink, old: ContactPoint, cast: Cast):
    contact_point(cast.ostersund, "operative", by=cast.coordinator, mailbox="Arbetsmarknad@ostersund.se")
    ContactPoint.objects.update(confirmed_at=CONFIRMED)

    assert confirming.ask_all(now=ASKED) == 1
    letters.send_due(now=ASKED)

    assert str(post.messages[0]["Subject"]).strip() == "Stämmer uppgifterna om 2 kontaktytor?"
    assert len(set(LINK.findall(text_of(post.messages[0])))) == 2


def test_an_organisation_with_a_single_user_is_asked_too(post: Sink, old: ContactPoint, cast: Cast):
    Membership.objects.filter(organisation=cast.ostersund).exclude(user=cast.coordinator).delete()

    assert confirming.ask_all(now=ASKED) == 1


def test_an_organisation_without_users_is_asked_too(post: Sink, old: ContactPoint, cast: Cast):
    Membership.objects.filter(organisation=cast.ostersund).delete()

    assert confirming.ask_all(now=ASKED) == 1


@pytest.mark.parametrize("change", [{"mailbox": ""}, {"bounced_at": CONFIRMED}, {"mailbox": "anna.berg@ostersund.se"}])
def test_what_has_no_working_mailbox_is_asked_through_the_function_that_mends(
    post: Sink, old: ContactPoint, cast: Cast, change: dict[str, Any]
):
    ContactPoint.objects.update(**change)
    mender = contact_point(cast.ostersund, "tactical", by=cast.coordinator, mailbox="samordning@ostersund.se")
    assert mender.function.mends
    ContactPoint.objects.filter(pk=mender.pk).update(confirmed_at=ASKED)

    confirming.ask_all(now=ASKED)

    letter = Letter.objects.get()
    assert (letter.recipient, letter.contact_point) == ("samordning@ostersund.se", mender)


def test_nobody_is_asked_to_say_yes_to_what_is_covered(client: Client, post: Sink, old: ContactPoint, cast: Cast):
    ContactPoint.objects.update(mailbox="anna.berg@ostersund.se")
    contact_point(cast.ostersund, "tactical", by=cast.coordinator, mailbox="samordning@ostersund.se")
    confirming.ask_all(now=timezone.now())
    letters.send_due(now=timezone.now())
    question = Confirmation.objects.get()
    address = f"/bekrafta/{sign(question.pk)}/"

    told = text_of(post.messages[-1])
    page = client.get(address).content.decode()
    refused = client.post(address)

    assert "anna.berg" not in told + page
    assert "/bekrafta/" not in told
    assert "Ja, det stämmer" not in told + page
    assert f"/kontaktytor/{old.pk}/andra/" in told
    assert refused.status_code == 404
    question.refresh_from_db()
    assert question.answered_at is None


def test_where_nobody_can_be_reached_nobody_is_asked_until_somebody_can(post: Sink, old: ContactPoint):
    ContactPoint.objects.update(mailbox="")
    assert confirming.ask_all(now=ASKED) == 0
    assert not Confirmation.objects.exists()

    ContactPoint.objects.update(mailbox="arbetsmarknad@ostersund.se")
    assert confirming.ask_all(now=ASKED + 5 * DAY) == 1


def test_a_contact_point_that_has_ended_is_never_asked(post: Sink, old: ContactPoint, cast: Cast):
    actions.end_contact_point(by=cast.coordinator, contact_point_id=old.pk, today=CONFIRMED.date())

    assert confirming.ask_all(now=ASKED + 100 * DAY) == 0


def test_a_question_that_nobody_answered_is_asked_anew_after_a_year(post: Sink, old: ContactPoint):
    confirming.ask_all(now=ASKED)
    confirming.ask_all(now=ASKED + 366 * DAY)

    first, second = Confirmation.objects.order_by("pk")
    assert (first.answer, second.answered_at) == ("none", None)


# -------------------------------------------------------------------------------------------------- the link


@pytest.fixture
def link(post: Sink, old: ContactPoint) -> str:
    """The link in the letter, as it came; asked now, since links grow old by the real clock."""
    ContactPoint.objects.update(confirmed_at=timezone.now() - 320 * DAY)
    confirming.ask_all(now=timezone.now())
    letters.send_due(now=timezone.now())
    return link_in(post)


def test_the_link_shows_the_facts_without_login_and_without_the_holder(client: Client, link: str):
    answer = client.get(link)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "arbetsmarknad@ostersund.se" in page
    assert "Dahlberg" not in page
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_opening_the_link_changes_nothing(client: Client, link: str):
    client.get(link)
    client.head(link)

    assert Confirmation.objects.get().answered_at is None
    assert client.get(link).status_code == 200


def test_one_click_confirms(client: Client, link: str, old: ContactPoint):
    answer = client.post(link)

    old.refresh_from_db()
    assert answer["Location"] == "/bekraftat/"
    assert timezone.now() - old.confirmed_at < DAY
    assert Confirmation.objects.get().answer == "confirmed"
    event = Event.objects.get(type="contact_point.confirmed")
    assert (event.actor_id, event.pending) == (None, True)
    assert client.get("/bekraftat/").status_code == 200


def test_the_link_works_once(client: Client, link: str):
    client.post(link)

    assert client.post(link).status_code == client.get(link).status_code == 404
    assert Event.objects.filter(type="contact_point.confirmed").count() == 1


def test_a_used_an_expired_and_an_invented_link_look_the_same(
    client: Client, link: str, monkeypatch: pytest.MonkeyPatch
):
    invented = client.get("/bekrafta/1.abc.def/").content
    with monkeypatch.context() as later:
        later.setattr(signing.time, "time", lambda: timezone.now().timestamp() + 61 * 24 * 3600)
        expired = client.get(link)
    client.post(link)
    used = client.get(link).content

    assert expired.status_code == 404
    assert invented == expired.content == used


def test_a_reminder_s_link_and_the_first_one_answer_the_same_question(client: Client, link: str, post: Sink):
    confirming.ask_all(now=timezone.now() + 14 * DAY)
    letters.send_due(now=timezone.now() + 14 * DAY)
    client.post(link)

    assert client.post(link_in(post)).status_code == 404


def test_a_link_is_good_for_its_own_question_only(client: Client, link: str):
    other = signing.TimestampSigner(sep=".", salt="something else").sign("1")

    assert client.post(f"/bekrafta/{other}/").status_code == 404
    assert client.post(f"/bekrafta/{sign(999_999)}/").status_code == 404


def test_the_link_is_nowhere_in_the_database(link: str):
    letter = Letter.objects.get()

    token = link.split("/")[2]
    assert token not in letter.text + letter.html
    assert letter.sent_at is not None


def test_a_placeholder_typed_into_a_field_becomes_no_link(post: Sink, old: ContactPoint):
    ContactPoint.objects.update(unit="Enhet [[svar:1]] [[svar:77]]")
    confirming.ask_all(now=ASKED)
    question = Confirmation.objects.get()
    letters.send_due(now=ASKED)

    assert {found.split("/")[2].split(".")[0] for found in LINK.findall(text_of(post.messages[0]))} <= {
        str(question.pk)
    }


def test_the_no_leads_to_the_form_behind_the_login(client: Client, post: Sink, link: str, old: ContactPoint):
    address = f"/kontaktytor/{old.pk}/andra/"

    assert f"https://portalen.example{address}" in text_of(post.messages[0])
    assert client.get(address)["Location"].startswith("/logga-in/")


def test_no_log_line_holds_the_link(client: Client, link: str, caplog: pytest.LogCaptureFixture):
    client.post(link)
    with caplog.at_level(logging.DEBUG):
        client.post(link)

    lines = [record for record in caplog.records if "/bekrafta/" in record.getMessage()]
    assert lines
    for record in lines:
        WithoutSignedLinks().filter(record)
        assert record.getMessage().endswith("/bekrafta/…/")


def test_a_letter_whose_questions_are_answered_before_it_leaves_is_withdrawn(post: Sink, old: ContactPoint, cast: Cast):
    confirming.ask_all(now=ASKED)
    actions.confirm_contact_point(by=cast.coordinator, contact_point_id=old.pk, revision=1, now=ASKED)

    assert letters.send_due(now=ASKED) == 0
    assert Letter.objects.get().failure == letters.ANSWERED


# ---------------------------------------------------------------------------------------- in the portal itself


def test_a_coordinator_confirms_on_the_contact_points_own_page(coordinator: Client, old: ContactPoint, cast: Cast):
    confirming.ask_all(now=ASKED)
    page = coordinator.get(f"/kontaktytor/{old.pk}/").content.decode()
    coordinator.post(f"/kontaktytor/{old.pk}/bekrafta/", {"revision": "1"})

    old.refresh_from_db()
    event = Event.objects.get(type="contact_point.confirmed")
    assert "Bekräfta att uppgifterna stämmer" in page
    assert "Portalen frågade 17 november 2026" in page
    assert old.confirmed_at > ASKED
    assert (event.actor_id, Confirmation.objects.get().answer) == (cast.coordinator.pk, "confirmed")


def test_what_somebody_has_changed_meanwhile_is_not_confirmed(coordinator: Client, old: ContactPoint, cast: Cast):
    facts = contact_facts(cast.ostersund, "strategic", unit="En annan enhet")
    actions.change_contact_point(by=cast.coordinator, contact_point_id=old.pk, facts=facts, revision=1)

    answer = coordinator.post(f"/kontaktytor/{old.pk}/bekrafta/", {"revision": "1"}, follow=True)

    assert "Läs dem igen" in answer.content.decode()
    assert not Event.objects.filter(type="contact_point.confirmed").exists()


@pytest.mark.parametrize("revision", ["", "x", "9" * 30])
def test_a_confirmation_without_a_sensible_revision_confirms_nothing(
    coordinator: Client, old: ContactPoint, revision: str
):
    coordinator.post(f"/kontaktytor/{old.pk}/bekrafta/", {"revision": revision})

    assert not Event.objects.filter(type="contact_point.confirmed").exists()


def test_confirming_gives_a_mailbox_that_has_bounced_another_chance(coordinator: Client, old: ContactPoint):
    ContactPoint.objects.update(bounced_at=CONFIRMED)
    page = coordinator.get(f"/kontaktytor/{old.pk}/").content.decode()
    coordinator.post(f"/kontaktytor/{old.pk}/bekrafta/", {"revision": "1"})

    old.refresh_from_db()
    assert "Brev till brevlådan har studsat" in page
    assert old.bounced_at is None


def test_the_link_leaves_a_bounce_as_it_is_and_warns(client: Client, link: str, old: ContactPoint):
    ContactPoint.objects.update(bounced_at=CONFIRMED)
    page = client.get(link).content.decode()
    client.post(link)

    old.refresh_from_db()
    assert "har studsat" in page
    assert old.bounced_at == CONFIRMED


def test_a_change_answers_the_question(old: ContactPoint, cast: Cast):
    confirming.ask_all(now=ASKED)
    facts = contact_facts(cast.ostersund, "strategic", unit="En annan enhet")
    actions.change_contact_point(by=cast.coordinator, contact_point_id=old.pk, facts=facts, revision=1)

    assert Confirmation.objects.get().answer == "changed"


def test_ending_answers_the_question(old: ContactPoint, cast: Cast):
    confirming.ask_all(now=ASKED)
    actions.end_contact_point(by=cast.coordinator, contact_point_id=old.pk, today=ASKED.date())

    assert Confirmation.objects.get().answer == "ended"


def test_the_database_holds_one_open_question_a_contact_point(old: ContactPoint):
    Confirmation.objects.create(contact_point=old, asked_at=ASKED)

    with pytest.raises(IntegrityError, match="a_contact_point_has_one_open_question"):
        Confirmation.objects.create(contact_point=old, asked_at=ASKED)


def test_history_tells_question_reminder_and_answer(old: ContactPoint):
    confirming.ask_all(now=ASKED)
    confirming.ask_all(now=ASKED + 14 * DAY)
    confirming.confirm_by_link(token=sign(Confirmation.objects.get().pk), now=ASKED + 15 * DAY)

    lines = present(Event.objects.about(f"contact_point:{old.pk}").newest_first()[:3], names=False)
    assert [line.text for line in lines] == [
        "fick svaret att uppgifterna stämmer, genom länken i brevet",
        "påminde (nr 1) arbetsmarknad@ostersund.se om uppgifterna stämmer",
        "frågade arbetsmarknad@ostersund.se om uppgifterna stämmer",
    ]


def test_the_letter_names_no_holder(post: Sink, old: ContactPoint):
    ContactPoint.objects.update(function_text="Enhetschef Karin Dahlberg", unit="Karin Dahlbergs enhet")
    confirming.ask_all(now=ASKED)
    letters.send_due(now=ASKED)

    (message,) = post.messages
    assert "Dahlberg" not in str(message["Subject"]) + text_of(message) + text_of(message, "html")


@pytest.mark.parametrize("rows", [3, 30])
def test_the_queries_do_not_grow_with_the_contact_points_of_a_mailbox(
    old: ContactPoint, cast: Cast, rows: int, django_assert_max_num_queries: Any
):
    for _ in range(rows):
        contact_point(cast.ostersund, "operative", by=cast.coordinator)
    ContactPoint.objects.update(confirmed_at=CONFIRMED)

    with django_assert_max_num_queries(20):
        assert confirming.ask_all(now=ASKED) == 1


def test_the_task_asks_and_nudges(old: ContactPoint):
    ContactPoint.objects.update(confirmed_at=timezone.now() - 320 * DAY)

    assert tasks.ask_for_confirmation() == 1
