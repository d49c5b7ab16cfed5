"""What an incoming message says of a letter we sent: bounced, delayed, or an automatic reply. Pure.

Delivery status notifications follow RFC 3464, enhanced status codes RFC 3463, automatic replies RFC 3834.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from enum import StrEnum

from contacts.rules import clean_line

LETTER_HEADER = "X-Portal-Letter"
"""Carried by each letter, and given back in the headers that a notification returns."""

MAX_BYTES = 2_000_000
"""Larger messages are not notifications, and are not read."""

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_NOT_OF_THE_ADDRESS = re.compile(r"\b5\.(2\.[23]|1\.[78]|[367]\.\d{1,3})\b")
"""Permanent, but of a full mailbox, the sender, the mail system, the content or a policy: the address may be good."""
_OF_THE_ADDRESS = re.compile(r"\b5\.1\.[1-6]\b")
_OURS_TO_MEND = frozenset({500, 501, 502, 503, 504, 521, 530, 534, 535, 538})
"""Answers to how we spoke, or to who we are: neither the letter nor the address is at fault."""


class Outcome(StrEnum):
    HARD = "hard"
    REFUSED = "refused"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class Notification:
    """One recipient's fate. letter is the value of LETTER_HEADER in the letter it is about, "" when not returned."""

    recipient: str
    outcome: Outcome
    status: str
    reason: str
    letter: str


def read(raw: bytes) -> list[Notification]:
    """The notifications in a message; none for an ordinary letter, an out-of-office reply or a broken message."""
    message = parse(raw)
    return notifications(message) if message is not None else []


def parse(raw: bytes) -> Message | None:
    """The message; None when it is larger than any notification."""
    return BytesParser(policy=policy.default).parsebytes(raw) if len(raw) <= MAX_BYTES else None


def notifications(message: Message) -> list[Notification]:
    if is_automatic_reply(message):
        return []
    letter = _returned_header(message)
    return [_notification(fields, letter) for fields in _recipient_fields(message)]


def answered_letter(message: Message) -> str:
    """The mark of the letter that a reply names, taken from the Message-ID we gave it; "" when it names none."""
    named = f"{message.get('In-Reply-To', '')} {message.get('References', '')}"
    found = re.search(r"<letter\.([\w-]+)@", named)
    return found.group(1) if found else ""


def is_automatic_reply(message: Message) -> bool:
    """Out-of-office and the like: says nothing of whether the address works."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    if submitted == "auto-replied" and message.get_content_type() != "multipart/report":
        return True
    return message.get("X-Autoreply") is not None or message.get("X-Autorespond") is not None


def _parts(part: Message) -> list[Message]:
    """The messages inside a part, for the types that hold messages."""
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _recipient_fields(message: Message) -> Iterator[Message]:
    """The per-recipient groups of fields in every delivery-status part."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from (group for group in _parts(part) if group.get("Final-Recipient"))


def _notification(fields: Message, letter: str) -> Notification:
    status = clean_line(str(fields.get("Status", "")))
    return Notification(
        recipient=_address(str(fields["Final-Recipient"])),
        outcome=_outcome(str(fields.get("Action", "")).strip().lower(), status),
        status=status,
        reason=clean_line(str(fields.get("Diagnostic-Code", "")))[:300],
        letter=letter,
    )


def _address(field: str) -> str:
    """The address in for example "rfc822; Namn@exempel.se"."""
    return field.rpartition(";")[2].strip().strip("<>").lower()


def _outcome(action: str, status: str) -> Outcome:
    """Only a permanent failure (class 5) of the address itself is a hard bounce; a full mailbox may be emptied."""
    if action == "failed" and _NOT_OF_THE_ADDRESS.match(status):
        return Outcome.DELAYED if status.startswith("5.2.2") else Outcome.REFUSED
    if action == "failed" and (status.startswith("5") or not _STATUS.search(status)):
        return Outcome.HARD
    if action in ("delivered", "relayed", "expanded"):
        return Outcome.DELIVERED
    return Outcome.DELAYED


def _returned_header(message: Message) -> str:
    """The letter's own mark, from the returned message or its headers."""
    for part in message.walk():
        kind = part.get_content_type()
        for returned in _parts(part) if kind == "message/rfc822" else []:
            if returned.get(LETTER_HEADER):
                return clean_line(str(returned[LETTER_HEADER]))
        if kind == "text/rfc822-headers":
            found = re.search(rf"(?mi)^{LETTER_HEADER}:\s*(\S+)", str(part.get_payload()))
            if found:
                return clean_line(found.group(1))
    return ""


class Answer(StrEnum):
    """What a mail server's refusal means for the letter. GONE: the mailbox is not there."""

    GONE = "gone"
    REFUSED = "refused"
    LATER = "later"


def judge_answer(code: int, text: str) -> Answer:
    """What to do after an SMTP answer that was no acceptance."""
    if not 500 <= code < 600 or code in _OURS_TO_MEND:
        return Answer.LATER
    return Answer.GONE if is_hard_refusal(code, text) else Answer.REFUSED


def is_hard_refusal(code: int, text: str) -> bool:
    """Whether an SMTP answer at sending says that the mailbox is not there.

    Refusals for policy (5.7.x) tell of the sender, 552 and 5.2.2 of a full mailbox, and neither of the address. 554 and
    the like say nothing by themselves, and count only with a status that names the address.
    """
    if not 500 <= code < 600 or _NOT_OF_THE_ADDRESS.search(text):
        return False
    return code in (550, 551, 553) or _OF_THE_ADDRESS.search(text) is not None


__all__ = [
    "LETTER_HEADER",
    "Answer",
    "Notification",
    "Outcome",
    "answered_letter",
    "is_automatic_reply",
    "is_hard_refusal",
    "judge_answer",
    "notifications",
    "parse",
    "read",
]
