"""Bounces, delays and out-of-office replies, by pipe and by mail folder: only what we sent can come back."""

from __future__ import annotations

import datetime
import io
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from contacts import tasks
from contacts.actions import letters
from contacts.actions.incoming import Taken, take
from contacts.models import ContactPoint, Event, Letter
from contacts.presenters import present
from tests.contacts.test_sending_letters import MAILBOX, NOW, write
from tests.mail_server import Sink, notification_of, out_of_office

LATER = NOW + datetime.timedelta(hours=5)


@pytest.fixture
def sent(post: Sink, point: ContactPoint) -> EmailMessage:
    """A letter as it arrived."""
    write(contact_point_id=point.pk)
    letters.send_due(now=NOW)
    return post.messages[0]


@pytest.fixture
def maildir(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "studs"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    settings.BOUNCE_MAILDIR = folder
    return folder


def types() -> list[str]:
    return list(Event.objects.filter(type__regex="^letter|bounced").order_by("pk").values_list("type", flat=True))


def test_a_hard_bounce_marks_the_contact_point_and_the_letter(sent: EmailMessage, point: ContactPoint):
    assert take(raw=notification_of(sent, "failed", "5.1.1"), now=LATER) == [Taken.HARD]

    point.refresh_from_db()
    assert (point.bounced_at, Letter.objects.get().bounced_at) == (LATER, LATER)
    assert types() == ["letter.sent", "contact_point.bounced", "letter.bounced"]
    assert Event.objects.get(type="contact_point.bounced").pending


def test_after_a_hard_bounce_nothing_more_is_sent(sent: EmailMessage, post: Sink):
    write(occasion="2026-W49")
    take(raw=notification_of(sent, "failed", "5.1.1"), now=LATER)

    assert letters.send_due(now=LATER) == 0
    assert len(post.messages) == 1


def test_the_same_bounce_again_changes_nothing(sent: EmailMessage):
    raw = notification_of(sent, "failed", "5.1.1")
    take(raw=raw, now=LATER)
    take(raw=raw, now=LATER + datetime.timedelta(days=1))

    assert Letter.objects.get().bounced_at == LATER
    assert types().count("letter.bounced") == types().count("contact_point.bounced") == 1


@pytest.mark.parametrize(
    ("action", "status", "taken"),
    [
        ("delayed", "4.4.1", Taken.DELAYED),
        ("failed", "5.2.2", Taken.DELAYED),
        ("failed", "5.7.1", Taken.REFUSED),
        ("delivered", "2.0.0", Taken.DELIVERED),
    ],
)
def test_a_delay_a_policy_or_a_receipt_marks_nothing_and_is_told(
    sent: EmailMessage, point: ContactPoint, action: str, status: str, taken: Taken
):
    assert take(raw=notification_of(sent, action, status), now=LATER) == [taken]

    point.refresh_from_db()
    assert (point.bounced_at, Letter.objects.get().bounced_at) == (None, None)
    assert types() == ["letter.sent", f"letter.{taken}"]


def test_an_out_of_office_reply_marks_nothing_and_its_words_are_not_kept(sent: EmailMessage, point: ContactPoint):
    assert take(raw=out_of_office(sent), now=LATER) == [Taken.AUTOMATIC]

    point.refresh_from_db()
    event = Event.objects.get(type="letter.auto_replied")
    assert point.bounced_at is None
    assert "Dahlberg" not in str(event.after)


@pytest.mark.parametrize(
    "forged",
    [{"mark": "påhittat"}, {"recipient": "registrator@ostersund.se"}, {"mark": "42"}],
)
def test_a_bounce_that_does_not_carry_our_mark_to_that_address_counts_for_nothing(
    sent: EmailMessage, point: ContactPoint, forged: dict[str, str]
):
    assert take(raw=notification_of(sent, "failed", "5.1.1", **forged), now=LATER) == [Taken.IGNORED]

    point.refresh_from_db()
    assert point.bounced_at is None


def test_a_letter_that_never_left_cannot_bounce(point: ContactPoint):
    letter = write(contact_point_id=point.pk)
    assert letter is not None
    message = EmailMessage()
    message["To"], message["X-Portal-Letter"] = MAILBOX, letter.mark

    assert take(raw=notification_of(message, "failed", "5.1.1"), now=LATER) == [Taken.IGNORED]


def test_a_mailbox_that_was_changed_meanwhile_is_left_alone(sent: EmailMessage, point: ContactPoint):
    ContactPoint.objects.filter(pk=point.pk).update(mailbox="ny@ostersund.se")
    take(raw=notification_of(sent, "failed", "5.1.1"), now=LATER)

    point.refresh_from_db()
    assert point.bounced_at is None


def test_the_command_reads_one_message_from_a_pipe(
    sent: EmailMessage, point: ContactPoint, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    pipe = io.TextIOWrapper(io.BytesIO(notification_of(sent, "failed", "5.1.1")))
    monkeypatch.setattr(sys, "stdin", pipe)
    call_command("take_mail")

    point.refresh_from_db()
    assert capsys.readouterr().out == "hard: 1\n"
    assert point.bounced_at is not None


def test_the_command_reads_every_new_message_of_a_mail_folder_and_moves_it(
    sent: EmailMessage, maildir: Path, capsys: pytest.CaptureFixture[str]
):
    (maildir / "new" / "1.a").write_bytes(notification_of(sent, "delayed", "4.4.1"))
    (maildir / "new" / "2.b").write_bytes(b"Subject: hej\n\nVanligt brev")
    (maildir / "new" / "3.c").write_bytes(b"x" * 3_000_000)
    call_command("take_mail", maildir=maildir)
    call_command("take_mail", maildir=maildir)

    assert capsys.readouterr().out == "delayed: 1, ignored: 2\nnothing new\n"
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == ["1.a:2,S", "2.b:2,S", "3.c:2,S"]


def test_a_message_that_cannot_be_read_does_not_stop_the_others(
    sent: EmailMessage, maildir: Path, monkeypatch: pytest.MonkeyPatch
):
    from contacts.actions import incoming

    real = incoming.parse
    monkeypatch.setattr(incoming, "parse", lambda raw: real(raw) if raw.startswith(b"From") else [][0])
    (maildir / "new" / "1.a").write_bytes(b"trasigt")
    (maildir / "new" / "2.b").write_bytes(notification_of(sent, "failed", "5.1.1"))

    assert tasks.take_mail() == 1
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == ["1.a:2,FS", "2.b:2,S"]


def test_what_the_database_can_not_hold_is_left_out_and_stops_nothing(sent: EmailMessage, maildir: Path):
    raw = notification_of(sent, "failed", "5.1.1").replace(b"Diagnostic-Code: ", b"Diagnostic-Code: \x00")
    assert b"\x00" in raw
    (maildir / "new" / "1.a").write_bytes(raw)
    (maildir / "new" / "2.b").write_bytes(notification_of(sent, "delayed", "4.4.1"))

    assert tasks.take_mail() == 2

    assert Letter.objects.get().bounced_at is not None
    assert list((maildir / "new").iterdir()) == []


def test_a_mark_that_no_letter_can_have_is_ignored(sent: EmailMessage):
    raw = notification_of(sent, "failed", "5.1.1", mark="\x00x\x00")

    assert take(raw=raw, now=LATER) == [Taken.IGNORED]


def test_without_a_mail_folder_there_is_nothing_to_read(settings: Any, db: None):
    settings.BOUNCE_MAILDIR = None
    assert tasks.take_mail() == 0


def test_a_folder_that_is_no_mail_folder_is_said_so(tmp_path: Path):
    with pytest.raises(CommandError, match="not a Maildir"):
        call_command("take_mail", maildir=tmp_path)


def test_history_tells_what_came_of_a_letter(sent: EmailMessage, point: ContactPoint):
    take(raw=notification_of(sent, "delayed", "4.4.1"), now=LATER)
    take(raw=notification_of(sent, "failed", "5.1.1"), now=LATER)

    lines = present(Event.objects.about(f"contact_point:{point.pk}").newest_first(), names=True)
    assert [line.text for line in lines][:4] == [
        f"fick tillbaka brevet till {MAILBOX}",
        f"fick tillbaka brev: {MAILBOX} tar inte emot brev, inga fler skickas",
        f"fick veta att ett brev dröjer till {MAILBOX}",
        f"skickade brev till {MAILBOX}: ”Tre saker väntar på åtgärd”",
    ]
