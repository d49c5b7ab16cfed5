"""The words of the letter that asks whether contact points are right. Names that stand in the facts are covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse

from contacts.links import absolute, placeholder
from contacts.models import Confirmation, ContactPoint
from contacts.rules import without_names

FACTS = (
    ("unit", "Enhet"),
    ("mailbox", "Funktionsbrevlåda"),
    ("phone", "Växel eller funktionstelefon"),
    ("sdk_address", "SDK-adress"),
    ("postal_address", "Postadress"),
)


@dataclass(frozen=True)
class Question:
    """A contact point, and the open question about it."""

    point: ContactPoint
    confirmation: Confirmation

    @property
    def name(self) -> str:
        return without_names(self.point.name)

    @property
    def facts(self) -> list[tuple[str, str]]:
        return facts_of(self.point)

    @property
    def yes(self) -> str:
        """Where the letter's signed link is put when it leaves; empty where nobody can see what they say yes to."""
        return placeholder(self.confirmation.pk) if can_be_judged(self.point) else ""

    @property
    def no(self) -> str:
        """The form, behind the login."""
        return absolute(reverse("contact_point_change", args=[self.point.pk]))


def can_be_judged(point: ContactPoint) -> bool:
    """Whether everything about the function can be shown; a person's name or address is covered, and to be changed."""
    told = [point.name, *(getattr(point, field) for field, _ in FACTS)]
    return all(without_names(text) == text for text in told)


def facts_of(point: ContactPoint) -> list[tuple[str, str]]:
    """What is known of the function, and never of who holds it."""
    facts = [(label, without_names(getattr(point, field)) or "saknas") for field, label in FACTS]
    return [*facts, ("Ersättare", without_names(point.deputy.name) if point.deputy else "saknas")]


def letter_about(questions: Sequence[Question], recipient: str) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    reminders = max(question.confirmation.reminders for question in questions)
    names = sorted({question.point.organisation.name for question in questions})
    context = {
        "questions": questions,
        "organisations": names,
        "recipient": recipient,
        "reminder": reminders,
        "is_last": reminders == 3,
        "site": absolute("/"),
    }
    text, html = (render_to_string(f"mail/confirmation.{kind}", context) for kind in ("txt", "html"))
    return _subject(questions, reminders), text, html


def _subject(questions: Sequence[Question], reminders: int) -> str:
    count = len(questions)
    about = f"kontaktytan {questions[0].name}" if count == 1 else f"{count} kontaktytor"
    return f"{'Påminnelse: s' if reminders else 'S'}tämmer uppgifterna om {about}?"
