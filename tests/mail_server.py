"""A real mail server for tests: takes what is sent over SMTP, or refuses it, and writes notifications as servers do."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from contacts.bounces import LETTER_HEADER


@dataclass
class Sink:
    """What has come. refuse: address → the answer to it; refuse_data: the answer to every text; deaf: no answer."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    envelope_senders: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    refuse_data: str = ""
    deaf: bool = False
    heard: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.heard += 1
        while self.deaf:
            await asyncio.sleep(0.05)
            if session.peer is None or server.transport is None or server.transport.is_closing():
                return "421 Gone"
        if self.refuse_data:
            return self.refuse_data
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelope_senders.append(envelope.mail_from)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return [str(message["To"]) for message in self.messages]


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def listening(port: int) -> Iterator[Sink]:
    sink = Sink(port)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def notification_of(letter: EmailMessage, action: str, status: str, *, recipient: str = "", mark: str = "") -> bytes:
    """What a mail server sends back about a letter it has taken (RFC 3464)."""
    recipient, mark = recipient or str(letter["To"]), mark or str(letter[LETTER_HEADER])
    return (
        "From: MAILER-DAEMON@mx.exempel.se\nTo: portalen@exempel.se\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain; charset=utf-8\n\nI'm sorry to have to inform you …\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.exempel.se\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} told by a test\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nTo: {recipient}\n{LETTER_HEADER}: {mark}\n--b--\n"
    ).encode()


def out_of_office(letter: EmailMessage) -> bytes:
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = str(letter["To"]), "portalen@exempel.se", "Semester: 550 5.1.1"
    reply["Auto-Submitted"], reply["In-Reply-To"] = "auto-replied", str(letter["Message-ID"])
    reply.set_content("Jag är åter den 12 augusti. Hälsningar Karin Dahlberg")
    return bytes(reply)
