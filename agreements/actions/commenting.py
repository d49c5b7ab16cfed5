"""Talking about the text: threads, replies, mentions. What was said can be mended or taken back; history keeps it."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from agreements.actions.locking import lock
from agreements.anchors import Place, label_of
from agreements.gather import Whole
from agreements.models import Comment, Mention, Party, Thread
from agreements.states import WORKING, State
from contacts.access import Permission, Reach, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import function_of, record
from contacts.models import ContactPoint, User
from contacts.personbound import find_identity_numbers
from contacts.rules import without_controls

MOST_LETTERS: Final = 2000
MOST_MENTIONS: Final = 10
MENDABLE: Final = datetime.timedelta(hours=24)
"""How long one's own comment can be changed, as long as nobody has answered it; taken back it can be at any time."""

NOT_NOW: Final = "Kommentarer skrivs medan texten är under arbete. Det som är sagt går att läsa."
RESOLVED: Final = "Tråden är klar. Öppna den igen om det finns mer att säga."
WITHDRAWN: Final = "Kommentaren är tillbakatagen."
ANSWERED: Final = "Någon har redan svarat. Skriv ett svar i stället, eller ta tillbaka kommentaren."
TOO_OLD: Final = "En kommentar kan ändras i ett dygn. Skriv ett svar i stället, eller ta tillbaka kommentaren."
STRANGER: Final = "En av funktionerna hör inte till överenskommelsens parter, eller har upphört."


@dataclass(frozen=True)
class Said:
    """What somebody says: the text, for which of the parties, and the functions it mentions."""

    text: str
    organisation_id: int | None = None
    mentions: tuple[int, ...] = ()


@transaction.atomic
def begin_thread(*, by: User, version_id: int, key: str, place: Place, said: Said, internal: bool = False) -> Thread:
    """Say something about a section, or a place in it. Raises NotAllowed, Refused; Version.DoesNotExist."""
    whole = _whole_in_work(version_id)
    party = _speaker(by, whole, said.organisation_id)
    section = whole.sections.get(key)
    about = label_of(whole.template_section(key).fields, section.content, place.path) if section else None
    if about is None:
        raise Refused("Platsen finns inte längre i texten. Läs avsnittet igen.")
    quote = place.quote
    thread = Thread.objects.create(
        version=whole.version,
        section_key=key,
        path=place.path,
        about=about[:250],
        quote=quote.words if quote else "",
        offset=quote.offset if quote else None,
        before=quote.before if quote else "",
        after=quote.after if quote else "",
        organisation_id=party.organisation_id,
        internal=internal,
    )
    _say(thread, whole, party, by, said)
    return thread


@transaction.atomic
def reply(*, by: User, thread_id: int, said: Said) -> Comment:
    """Answer in a thread that one sees. Raises NotAllowed, Refused; Thread.DoesNotExist."""
    thread, whole = _open_thread(by, thread_id)
    if thread.resolved_at is not None:
        raise Refused(RESOLVED)
    organisation = thread.organisation_id if thread.internal else said.organisation_id
    return _say(thread, whole, _speaker(by, whole, organisation), by, said)


@transaction.atomic
def change_comment(*, by: User, comment_id: int, text: str, now: datetime.datetime) -> Comment:
    """Mend one's own comment. The same text changes nothing. Raises NotAllowed, Refused; Comment.DoesNotExist."""
    comment, thread, whole = _own_comment(by, comment_id)
    for complaint in mending_complaints(comment, thread, now):
        raise Refused(complaint)
    text = _clean(text)
    if text == comment.text:
        return comment
    before, comment.text, comment.changed_at = comment.text, text, now
    comment.save(update_fields=["text", "changed_at"])
    _tell("agreement.comment_changed", thread, whole, by, comment, before={"text": before}, after={"text": text})
    return comment


def mending_complaints(comment: Comment, thread: Thread, now: datetime.datetime) -> list[str]:
    """Why the comment can't be changed any more; empty when it can."""
    if comment.withdrawn_at is not None:
        return [WITHDRAWN]
    if thread.resolved_at is not None:
        return [RESOLVED]
    if thread.comments.filter(pk__gt=comment.pk).exclude(author=comment.author_id).exists():
        return [ANSWERED]
    return [TOO_OLD] if now - comment.written_at > MENDABLE else []


@transaction.atomic
def withdraw_comment(*, by: User, comment_id: int, now: datetime.datetime) -> Comment:
    """Take one's own comment back: that it was said stays, what it said is in history alone."""
    comment, thread, whole = _own_comment(by, comment_id)
    if comment.withdrawn_at is None:
        comment.withdrawn_at = now
        comment.save(update_fields=["withdrawn_at"])
        _tell("agreement.comment_withdrawn", thread, whole, by, comment, before={"text": comment.text}, after={})
    return comment


@transaction.atomic
def resolve(*, by: User, thread_id: int, now: datetime.datetime) -> Thread:
    """Mark a thread as done. One that is done already is left as it is."""
    thread, whole = _open_thread(by, thread_id)
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by, thread.resolved_function = now, by.name, function_of(by)
        _settle(thread, whole, by, "agreement.thread_resolved")
    return thread


@transaction.atomic
def reopen_thread(*, by: User, thread_id: int) -> Thread:
    """Go on with a thread that was done."""
    thread, whole = _open_thread(by, thread_id)
    if thread.resolved_at is not None:
        thread.resolved_at, thread.resolved_by, thread.resolved_function = None, "", ""
        _settle(thread, whole, by, "agreement.thread_reopened")
    return thread


def speakers(reach: Reach, parties: Collection[Party]) -> list[Party]:
    """The parties one can speak for: those one reads for."""
    held = reach.organisations(Permission.READ_AGREEMENTS)
    return [party for party in parties if party.organisation_id in held]


def choosable(reach: Reach, whole: Whole, *, internal_to: int | None = None) -> list[ContactPoint]:
    """The functions that can be mentioned: those of one's own parties, and those the agreement rests on.

    internal_to: the organisation whose own talk it is.
    """
    own = {party.organisation_id for party in speakers(reach, whole.parties)}
    rows = ContactPoint.objects.active().select_related("function", "organisation")
    chosen = set(whole.version.contacts.values_list("contact_point", flat=True)) if internal_to is None else set()
    mine = own if internal_to is None else own & {internal_to}
    found = rows.filter(organisation__in=mine) | rows.filter(pk__in=chosen)
    return list(found.order_by("organisation_id", "function__position", "pk"))


# ----------------------------------------------------------------------------------------------------- inside


def _whole_in_work(version_id: int) -> Whole:
    whole = Whole(lock(version_id))
    if State(whole.version.state) not in WORKING:
        raise Refused(NOT_NOW)
    return whole


def _open_thread(by: User, thread_id: int) -> tuple[Thread, Whole]:
    """A thread the user sees and may speak in, in a version that is locked and in work."""
    version_id = Thread.objects.visible_to(reach_of(by)).values_list("version_id", flat=True).get(pk=thread_id)
    whole = _whole_in_work(version_id)
    thread = Thread.objects.get(pk=thread_id)
    _speaker(by, whole, thread.organisation_id if thread.internal else None)
    return thread, whole


def _own_comment(by: User, comment_id: int) -> tuple[Comment, Thread, Whole]:
    thread_id = Comment.objects.visible_to(reach_of(by)).values_list("thread_id", flat=True).get(pk=comment_id)
    thread, whole = _open_thread(by, thread_id)
    comment = Comment.objects.get(pk=comment_id)
    if comment.author_id != by.pk:
        raise NotAllowed
    return comment, thread, whole


def _speaker(by: User, whole: Whole, organisation_id: int | None) -> Party:
    """The party the user speaks for; the first of them when none is named."""
    for party in speakers(reach_of(by), whole.parties):
        if organisation_id in (None, party.organisation_id):
            return party
    raise NotAllowed


def _clean(text: str) -> str:
    """What is said, as it is kept. Raises Refused."""
    text = without_controls(text.replace("\r\n", "\n")).strip()
    for complaint in text_complaints(text):
        raise Refused(complaint)
    return text


def text_complaints(text: str) -> list[str]:
    """What is wrong with the words of a comment (rule N15 among them)."""
    if not text.strip():
        return ["Skriv något först."]
    if len(text) > MOST_LETTERS:
        return [f"Kommentaren är {len(text)} tecken lång. Högst {MOST_LETTERS} får plats."]
    if find_identity_numbers(text):
        return ["Kommentaren får inte innehålla personnummer. Ta bort numret."]
    return []


def _say(thread: Thread, whole: Whole, party: Party, by: User, said: Said) -> Comment:
    text = _clean(said.text)
    points = _mentioned(thread, whole, by, said.mentions)
    comment = Comment.objects.create(
        thread=thread,
        author=by,
        author_name=by.name,
        author_function=function_of(by),
        organisation_id=party.organisation_id,
        text=text,
    )
    Mention.objects.bulk_create(Mention(comment=comment, contact_point=point) for point in points)
    after = {"text": text, "for": [party.name], "mentions": [f"{p.name}, {p.organisation.name}" for p in points]}
    is_first = not thread.comments.filter(pk__lt=comment.pk).exists()
    _tell(
        "agreement.commented" if is_first else "agreement.replied", thread, whole, by, comment, before={}, after=after
    )
    return comment


def _mentioned(thread: Thread, whole: Whole, by: User, wanted: Collection[int]) -> list[ContactPoint]:
    if not wanted:
        return []
    allowed = choosable(reach_of(by), whole, internal_to=thread.organisation_id if thread.internal else None)
    known = {point.pk: point for point in allowed}
    if len(set(wanted)) > MOST_MENTIONS or not set(wanted) <= set(known):
        raise Refused(STRANGER if not set(wanted) <= set(known) else f"Nämn högst {MOST_MENTIONS} funktioner.")
    return [known[pk] for pk in dict.fromkeys(wanted)]


def _settle(thread: Thread, whole: Whole, by: User, type: str) -> None:
    thread.save(update_fields=["resolved_at", "resolved_by", "resolved_function"])
    _tell(type, thread, whole, by, None, before={}, after={})


def _tell(
    type: str,
    thread: Thread,
    whole: Whole,
    by: User,
    comment: Comment | None,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """In the agreement's history; what is internal, in the organisation's own."""
    where = {
        "version": whole.version.number,
        "section": thread.section_key,
        "thread": thread.pk,
        "about": thread.about,
        "quote": thread.quote,
        "internal": thread.internal,
        **({"comment": comment.pk} if comment else {}),
    }
    record(type, by=by, subject=thread.subject(whole.version.agreement_id), before=before, after=where | after)
