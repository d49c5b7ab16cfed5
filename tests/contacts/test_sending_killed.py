"""A worker that is killed while the mail server has its letter: the letter is not lost, and comes once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from contacts.actions import letters
from contacts.models import Letter
from contacts.models.letter import PAUSES
from tests.contacts.test_sending_letters import MAILBOX, write
from tests.mail_server import Sink
from tests.processes import end, running, wait_for

WORK = "from contacts import tasks; print(tasks.send_letters())"


@pytest.mark.django_db(transaction=True)
def test_a_letter_in_the_hands_of_a_killed_worker_is_sent_later_and_once(
    transactional_db: None, post: Sink, tmp_path: Path
):
    write()
    post.deaf = True
    address = f"smtp://127.0.0.1:{post.port}"
    with running("manage.py", "shell", "-c", WORK, log=tmp_path / "log", EMAIL_URL=address) as worker:
        assert wait_for(lambda: post.heard > 0, 30), (tmp_path / "log").read_text()
        end(worker)
    post.deaf = False
    letter = Letter.objects.get()
    assert (letter.attempts, letter.sent_at, post.messages) == (1, None, [])

    now = timezone.now()
    assert letters.send_due(now=now + datetime.timedelta(minutes=1)) == 0
    assert letters.send_due(now=now + PAUSES[0]) == 1
    assert letters.send_due(now=now + 2 * PAUSES[0]) == 0
    assert post.recipients == [MAILBOX]
