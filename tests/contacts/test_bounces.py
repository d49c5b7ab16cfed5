"""What comes back when a letter can't be delivered."""

from email.message import EmailMessage

import pytest

from contacts.bounces import Answer, Outcome, answered_letter, is_hard_refusal, judge_answer, parse, read


def notification(action: str, status: str, *, returned: str = "X-Portal-Letter: 42\n") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.exempel.se\nTo: portalen@exempel.se\nSubject: Undelivered\n"
        "Auto-Submitted: auto-replied\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain; charset=utf-8\n\nKunde inte levereras.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.exempel.se\n\n"
        f"Final-Recipient: rfc822; Arbetsmarknad@Ostersund.se\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nSubject: Kontaktytor\n{returned}\n--b--\n"
    ).encode()


def test_a_permanent_failure_is_a_hard_bounce_of_the_letter_it_names():
    (found,) = read(notification("failed", "5.1.1"))

    assert (found.recipient, found.outcome, found.letter) == ("arbetsmarknad@ostersund.se", Outcome.HARD, "42")
    assert found.reason == "smtp; 550 5.1.1 User unknown"


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.7"), ("failed", "5.2.2")])
def test_a_delay_or_a_full_mailbox_is_no_hard_bounce(action: str, status: str):
    assert read(notification(action, status))[0].outcome is Outcome.DELAYED


@pytest.mark.parametrize("status", ["5.7.1", "5.6.0", "5.3.4", "5.2.3", "5.1.8"])
def test_a_refusal_for_policy_or_content_says_nothing_of_the_address(status: str):
    assert read(notification("failed", status))[0].outcome is Outcome.REFUSED


def test_a_receipt_says_delivered():
    assert read(notification("delivered", "2.0.0"))[0].outcome is Outcome.DELIVERED


def test_a_notification_without_our_header_still_tells_the_recipient():
    assert read(notification("failed", "5.1.1", returned=""))[0].letter == ""


def test_an_out_of_office_reply_says_nothing():
    reply = EmailMessage()
    reply["Auto-Submitted"] = "auto-replied"
    reply["Subject"] = "Semester till 12 augusti"
    reply.set_content("Jag är åter 12 augusti. 550 5.1.1")

    assert read(bytes(reply)) == []


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"Subject: hej\n\nVanligt brev 550", b"x" * 3_000_000])
def test_an_ordinary_or_broken_message_is_no_notification(raw: bytes):
    assert read(raw) == []


@pytest.mark.parametrize(
    ("code", "text", "hard"),
    [
        (550, "5.1.1 User unknown", True),
        (551, "User not local", True),
        (552, "5.2.2 Mailbox full", False),
        (550, "5.7.1 Blocked by policy", False),
        (550, "5.4.1 Recipient address rejected: Access denied", True),
        (554, "Service unavailable; client host blocked", False),
        (554, "5.1.1 No such user", True),
        (550, "5.1.8 Sender domain does not exist", False),
        (530, "Authentication required", False),
        (450, "4.2.1 Try later", False),
    ],
)
def test_an_smtp_refusal_is_hard_only_when_the_mailbox_is_not_there(code: int, text: str, hard: bool):
    assert is_hard_refusal(code, text) is hard


@pytest.mark.parametrize(
    ("code", "text", "answer"),
    [
        (550, "5.1.1 User unknown", Answer.GONE),
        (550, "5.7.1 Blocked by policy", Answer.REFUSED),
        (554, "Spam", Answer.REFUSED),
        (452, "4.2.2 Mailbox full", Answer.LATER),
        (530, "Authentication required", Answer.LATER),
    ],
)
def test_a_refusal_is_of_the_address_of_the_letter_or_of_the_moment(code: int, text: str, answer: Answer):
    assert judge_answer(code, text) is answer


def test_a_reply_names_the_letter_it_answers():
    message = parse(b"Subject: Semester\nIn-Reply-To: <letter.a_b-9@portalen.example>\n\nHej")

    assert message is not None
    assert answered_letter(message) == "a_b-9"


def test_a_reply_to_something_else_names_no_letter():
    message = parse(b"Subject: Hej\nReferences: <x@portalen.example>\n\nHej")

    assert message is not None
    assert answered_letter(message) == ""
