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

LETTER_HEADER = "X-Portal-Letter"
"""Carried by each letter, and given back in the headers that a notification returns."""

MAX_BYTES = 2_000_000
"""Larger messages are not notifications, and are not read."""

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


class Outcome(StrEnum):
    HARD = "hard"
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
    if len(raw) > MAX_BYTES:
        return []
    message = BytesParser(policy=policy.default).parsebytes(raw)
    if is_automatic_reply(message):
        return []
    letter = _returned_header(message)
    return [_notification(fields, letter) for fields in _recipient_fields(message)]


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
    status = str(fields.get("Status", "")).strip()
    return Notification(
        recipient=_address(str(fields["Final-Recipient"])),
        outcome=_outcome(str(fields.get("Action", "")).strip().lower(), status),
        status=status,
        reason=" ".join(str(fields.get("Diagnostic-Code", "")).split())[:300],
        letter=letter,
    )


def _address(field: str) -> str:
    """The address in for example "rfc822; Namn@exempel.se"."""
    return field.rpartition(";")[2].strip().strip("<>").lower()


def _outcome(action: str, status: str) -> Outcome:
    """Only a permanent failure (class 5) is a hard bounce; a full mailbox (x.2.2) may be emptied."""
    permanent = status.startswith("5") and not status.startswith("5.2.2")
    if action == "failed" and (permanent or not _STATUS.search(status)):
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
                return str(returned[LETTER_HEADER]).strip()
        if kind == "text/rfc822-headers":
            found = re.search(rf"(?mi)^{LETTER_HEADER}:\s*(\S+)", str(part.get_payload()))
            if found:
                return found.group(1)
    return ""


def is_hard_refusal(code: int, text: str) -> bool:
    """Whether an SMTP answer at sending says that the mailbox is not there: 5xx, but not a policy or full mailbox.

    Refusals for policy (5.7.x) tell of the sender, 552 and 5.2.2 of a full mailbox, and neither of the address.
    """
    if not 500 <= code < 600 or code == 552:
        return False
    return re.search(r"\b5\.(7|2\.2)", text) is None


__all__ = ["LETTER_HEADER", "Notification", "Outcome", "is_automatic_reply", "is_hard_refusal", "read"]
