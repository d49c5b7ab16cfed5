"""Letters leave over real SMTP: once, whole, later when the server is away, and never to a mailbox that is gone."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from contacts import tasks
from contacts.actions import letters
from contacts.models import ContactPoint, Event, Letter, User
from contacts.models.letter import PAUSES
from tests.cast import Cast
from tests.factories import contact_point
from tests.mail_server import Sink, listening, text_of

NOW = datetime.datetime(2026, 11, 23, 8, tzinfo=datetime.UTC)
MAILBOX = "arbetsmarknad@ostersund.se"
MINUTE = datetime.timedelta(minutes=1)


def write(recipient: str = MAILBOX, occasion: str = "2026-W48", **more: Any) -> Letter | None:
    facts: dict[str, Any] = {
        "kind": Letter.Kind.CHASE,
        "contact_point_id": None,
        "subject": "Tre saker väntar på åtgärd",
        "text": "Hej på er i Östersund!\n",
        "html": "<p>Hej på er i Östersund!</p>",
        "now": NOW,
    }
    return letters.write(recipient=recipient, occasion=occasion, **facts | more)


@pytest.fixture
def letter(point: ContactPoint) -> Letter:
    written = write(contact_point_id=point.pk)
    assert written is not None
    return written


def test_a_letter_arrives_in_text_and_html(post: Sink, letter: Letter):
    assert letters.send_due(now=NOW) == 1

    (message,) = post.messages
    assert message.get_content_type() == "multipart/alternative"
    assert text_of(message) == "Hej på er i Östersund!\n"
    assert text_of(message, "html").strip() == "<p>Hej på er i Östersund!</p>"


def test_a_letter_says_what_it_is_to_machines(post: Sink, letter: Letter):
    letters.send_due(now=NOW)

    (message,) = post.messages
    assert (message["To"], message["From"]) == (MAILBOX, "portalen@portalen.example")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<chase.portalen.example>"
    assert message["X-Portal-Letter"] == letter.mark
    assert message["Message-ID"] == f"<letter.{letter.mark}@portalen.example>"


def test_bounces_come_to_an_address_of_their_own(post: Sink, letter: Letter, settings: Any):
    settings.BOUNCE_ADDRESS = "studs@portalen.example"
    letters.send_due(now=NOW)

    assert post.envelope_senders == ["studs@portalen.example"]
    assert post.messages[0]["From"] == "portalen@portalen.example"


def test_the_same_occasion_is_written_once(post: Sink, letter: Letter):
    assert write(recipient=MAILBOX.upper()) is None
    assert letters.send_due(now=NOW) == 1


def test_a_sent_letter_is_not_sent_again(post: Sink, letter: Letter):
    letters.send_due(now=NOW)

    assert letters.send_due(now=NOW + datetime.timedelta(days=30)) == 0
    assert len(post.messages) == 1


def test_it_counts_as_sent_when_the_server_has_taken_it(post: Sink, letter: Letter, point: ContactPoint):
    letters.send_due(now=NOW)
    letter.refresh_from_db()

    assert (letter.sent_at, letter.attempts, letter.failure) == (NOW, 1, "")
    event = Event.objects.get(type="letter.sent")
    assert (event.subject, event.after["recipient"]) == (f"contact_point:{point.pk}", MAILBOX)


def test_while_no_server_answers_nothing_is_lost_or_counted(dead_post: int, letter: Letter):
    assert letters.send_due(now=NOW) == 0
    letter.refresh_from_db()
    assert (letter.attempts, letter.sent_at, letter.failed_at) == (0, None, None)

    with listening(dead_post) as sink:
        assert letters.send_due(now=NOW + 3 * 24 * 60 * MINUTE) == 1
    assert sink.recipients == [MAILBOX]


def test_a_server_that_comes_back_after_weeks_brings_one_letter_and_no_burst(dead_post: int, letter: Letter):
    write(occasion="2026-W49", now=NOW + datetime.timedelta(days=7))
    write(occasion="2026-W50", now=NOW + datetime.timedelta(days=14))

    with listening(dead_post) as sink:
        letters.send_due(now=NOW + datetime.timedelta(days=15))
    assert len(sink.messages) == 1
    assert Letter.objects.get(sent_at__isnull=False).occasion == "2026-W50"


def test_what_is_put_off_is_tried_again_with_growing_pauses(post: Sink, letter: Letter):
    post.refuse[MAILBOX] = "451 4.3.0 Try again later"
    now, hours = NOW, set()
    while now < NOW + datetime.timedelta(days=1):
        letters.send_due(now=now)
        letter.refresh_from_db()
        hours.add((letter.tried_at - NOW).total_seconds() / 3600)
        now += 5 * MINUTE

    assert sorted(hours) == [0, 0.25, 0.75, 1.75, 3.75, 7.75, 15.75]
    assert letter.failure == "451 4.3.0 Try again later"
    del post.refuse[MAILBOX]
    letters.send_due(now=now + PAUSES[-1])
    assert post.recipients == [MAILBOX]


def test_what_is_put_off_for_days_is_given_up_and_told(post: Sink, letter: Letter, point: ContactPoint):
    post.refuse[MAILBOX] = "452 4.2.2 Mailbox full"
    now = NOW
    for pause in (*PAUSES, PAUSES[-1]):
        letters.send_due(now=now)
        now += pause

    letter.refresh_from_db()
    point.refresh_from_db()
    assert (letter.attempts, letter.failure) == (len(PAUSES), "452 4.2.2 Mailbox full")
    assert letter.failed_at is not None
    assert point.bounced_at is None
    assert Event.objects.filter(type="letter.failed").count() == 1


def test_a_mailbox_that_is_not_there_is_marked_and_its_agreements_are_checked_again(
    post: Sink, letter: Letter, point: ContactPoint
):
    post.refuse[MAILBOX] = "550 5.1.1 User unknown"
    letters.send_due(now=NOW)

    letter.refresh_from_db()
    point.refresh_from_db()
    event = Event.objects.get(type="contact_point.bounced")
    assert (point.bounced_at, letter.failed_at, letter.sent_at) == (NOW, NOW, None)
    assert (event.pending, event.after["reason"]) == (True, "550 5.1.1 User unknown")


def test_nothing_more_is_sent_to_a_mailbox_that_is_not_there(post: Sink, letter: Letter):
    post.refuse[MAILBOX] = "550 5.1.1 User unknown"
    write(kind=Letter.Kind.CONFIRMATION, occasion="2026-11-23")
    letters.send_due(now=NOW)
    del post.refuse[MAILBOX]

    assert letters.send_due(now=NOW + PAUSES[-1]) == 0
    assert post.messages == []


def test_every_contact_point_with_the_mailbox_is_marked(post: Sink, letter: Letter, cast: Cast):
    other = contact_point(cast.ostersund, "operative", by=cast.coordinator, mailbox=MAILBOX.capitalize())
    elsewhere = contact_point(cast.are, by=cast.outsider)
    post.refuse[MAILBOX] = "550 No such user"
    letters.send_due(now=NOW)

    other.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (other.bounced_at, elsewhere.bounced_at) == (NOW, None)


@pytest.mark.parametrize("answer", ["550 5.7.1 Message blocked by policy", "554 Rejected as spam"])
def test_a_refusal_for_policy_gives_up_the_letter_and_not_the_mailbox(
    post: Sink, letter: Letter, point: ContactPoint, answer: str
):
    post.refuse_data = answer
    letters.send_due(now=NOW)

    letter.refresh_from_db()
    point.refresh_from_db()
    assert (letter.failed_at, letter.failure, point.bounced_at) == (NOW, answer, None)


def test_one_refused_letter_does_not_stop_the_others(post: Sink, letter: Letter):
    post.refuse[MAILBOX] = "550 5.1.1 User unknown"
    write("registrator@are.se")

    assert letters.send_due(now=NOW) == 1
    assert post.recipients == ["registrator@are.se"]


def test_a_server_that_hangs_up_stops_the_run_and_keeps_the_letters(post: Sink, letter: Letter):
    post.refuse[MAILBOX] = "421 4.3.2 Shutting down"
    write("registrator@are.se")

    assert letters.send_due(now=NOW) == 0
    assert list(Letter.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0]


def test_a_killed_workers_letter_is_sent_by_the_next_when_its_pause_is_over(post: Sink, letter: Letter):
    assert letters.claim(now=NOW) == letter  # and then it dies

    assert letters.send_due(now=NOW + PAUSES[0] - MINUTE) == 0
    assert letters.send_due(now=NOW + PAUSES[0]) == 1


def test_the_pause_is_longer_than_a_task_may_live():
    from config.celery import configuration

    assert PAUSES[0].total_seconds() > configuration()["task_time_limit"]
    assert list(PAUSES) == sorted(PAUSES)


def test_every_job_of_the_timetable_is_a_task_that_exists():
    from config.celery import TIMETABLE, app

    app.loader.import_default_modules()
    assert {job["task"] for job in TIMETABLE.values()} <= set(app.tasks)


def test_the_administrator_reads_letters_and_changes_none(letter: Letter, cast: Cast, client: Client):
    client.force_login(cast.administrator)
    User.objects.filter(pk=cast.administrator.pk).update(is_staff=True)

    assert MAILBOX in client.get("/admin/contacts/letter/").content.decode()
    assert client.get(f"/admin/contacts/letter/{letter.pk}/change/").status_code == 200
    assert client.post(f"/admin/contacts/letter/{letter.pk}/change/", {"subject": "x"}).status_code == 403
    assert client.get("/admin/contacts/letter/add/").status_code == 403


def test_the_task_sends_what_is_due(post: Sink, letter: Letter):
    assert tasks.send_letters() == 1


def test_a_letter_in_the_demo_becomes_a_file(letter: Letter, settings: Any, tmp_path: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")

    assert letters.send_due(now=NOW) == 1
    (written,) = (tmp_path / "mail").iterdir()
    assert MAILBOX in written.read_text()
