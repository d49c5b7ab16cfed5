"""A letter as the message that leaves, and one attempt to hand it to the mail server. Changes no rows."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from contacts.bounces import LETTER_HEADER, Answer, judge_answer
from contacts.links import secret_of, with_links
from contacts.models import Letter, PersonalLink

CLOSING: Final = 421
"""The answer of a server that hangs up."""


class Fate(StrEnum):
    TAKEN = "taken"
    GONE = "gone"
    REFUSED = "refused"
    LATER = "later"
    LOST = "lost"


@dataclass(frozen=True)
class Attempt:
    """What became of a letter. GONE: no such mailbox; LOST: the server went away, and the rest had better wait."""

    fate: Fate
    reason: str = ""


def hand_over(letter: Letter, connection: BaseEmailBackend) -> Attempt:
    """Offer the letter to the mail server over an open connection."""
    try:
        message_of(letter, connection).send()
    except SMTPRecipientsRefused as refusal:
        code, text = next(iter(refusal.recipients.values()))
        return _answered(code, text)
    except SMTPDataError as refusal:
        return _answered(refusal.smtp_code, refusal.smtp_error)
    except SMTPResponseException as refusal:  # of the sender or the session: ours to mend
        return Attempt(Fate.LOST, _words(refusal.smtp_code, refusal.smtp_error))
    except (SMTPException, OSError) as error:
        return Attempt(Fate.LOST, f"{type(error).__name__}: {error}"[:300])
    except ValueError as error:  # an address or header that can't be written
        return Attempt(Fate.REFUSED, f"{type(error).__name__}: {error}"[:300])
    return Attempt(Fate.TAKEN)


def _answered(code: int, text: bytes | str) -> Attempt:
    said = _words(code, text)
    if code == CLOSING:
        return Attempt(Fate.LOST, said)
    fates = {Answer.GONE: Fate.GONE, Answer.REFUSED: Fate.REFUSED, Answer.LATER: Fate.LATER}
    return Attempt(fates[judge_answer(code, said)], said)


def _words(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {words}".split())[:300]


def message_of(letter: Letter, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The message in text and HTML. The envelope carries the address that bounces come to."""
    seeds = PersonalLink.objects.filter(pk__in=letter.links).values_list("pk", "seed") if letter.links else ()
    secrets = {pk: secret_of(seed) for pk, seed in seeds}
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=with_links(letter.text, letter.questions, secrets),
        from_email=settings.BOUNCE_ADDRESS,
        to=[letter.recipient],
        headers=_headers(letter),
        connection=connection,
    )
    message.attach_alternative(with_links(letter.html, letter.questions, secrets), "text/html")
    return message


def _headers(letter: Letter) -> dict[str, str]:
    return {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": f"<letter.{letter.mark}@{_own_domain()}>",
        "List-Id": f"<{letter.kind}.{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": "sv",
        LETTER_HEADER: letter.mark,
    }


def _own_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
