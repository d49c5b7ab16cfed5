"""What has been said of a few texts in work, and a review half done: the logins of region Nord find it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from agreements.gather import Whole
from agreements.models import Comment, SectionReview, Thread
from agreements.models.comment import internal_subject
from agreements.review import section_hashes
from agreements.states import State
from contacts.models import Event
from nationwide.demo.accounts import Actor
from nationwide.demo.bulk import copy_rows
from nationwide.demo.history import event
from nationwide.demo.rows import Built
from nationwide.demo.timeline import Moment

REGION: Final = "Arbetsförmedlingen, region Nord"
MOST_VERSIONS: Final = 4
REVIEWED: Final = 9
"""Sections that have been accepted so far, where a text is under review."""


@dataclass(frozen=True)
class Talk:
    """Something said of a section: by whom, about what, what was answered."""

    section: str
    field: str
    text: str
    answer: str = ""
    internal: bool = False
    resolved: bool = False


TALK: Final = (
    Talk(
        "goals", "goals", "Vem mäter det första målet, och hur ofta?", "Kommunen, två gånger om året inför styrgruppen."
    ),
    Talk("organisation", "forums", "Räcker fyra möten om året på den operativa nivån?"),
    Talk(
        "follow_up",
        "",
        "Datumen krockar med budgetarbetet, vi föreslår maj.",
        "Bra, vi ändrar till maj.",
        resolved=True,
    ),
    Talk("background", "", "Stäm av siffrorna med utbildningsförvaltningen innan vi föreslår.", internal=True),
)
MARKED: Final = ("measures", "Skriv vilken funktion som ansvarar för insatsen hos kommunen.")


def talk(built: Sequence[Built]) -> list[Event]:
    """Writes the threads, comments and verdicts of the region's texts in work; the history they leave."""
    nord = [one for one in built if any(party.name == REGION for party in one.parties)]
    states = (State.DRAFT, State.PROPOSED)
    chosen = [one for one in nord if one.plan.state in states and one.reviewer.user.pk][:MOST_VERSIONS]
    events: list[Event] = []
    for one in chosen:
        events += _threads(one)
        if one.plan.state == State.PROPOSED:
            events += _review(one)
    return events


def _threads(one: Built) -> Iterator[Event]:
    at = one.plan.steps.last + timedelta(minutes=10)
    for number, said in enumerate(TALK):
        author, other = (one.proposer, one.reviewer) if said.internal else (one.reviewer, one.proposer)
        begun = at + timedelta(minutes=7 * number)
        thread = _thread(one, said, author, begun)
        yield _told("agreement.commented", one, thread, _comment(one, thread, author, said.text, begun), author)
        if said.answer:
            answered = begun + timedelta(minutes=20)
            yield _told("agreement.replied", one, thread, _comment(one, thread, other, said.answer, answered), other)
        if said.resolved:
            yield _resolved(one, thread, other, begun + timedelta(minutes=25))


def _thread(one: Built, said: Talk, author: Actor, at: Moment) -> Thread:
    row = Thread(
        version=one.version,
        section_key=said.section,
        path=said.field,
        about=_about(one, said),
        organisation_id=_party(one, author).organisation_id,
        internal=said.internal,
        created_at=at,
    )
    copy_rows([row])
    return row


def _about(one: Built, said: Talk) -> str:
    fields = next(section.template_section.fields for section in one.sections if section.key == said.section)
    return next((field.label for field in fields if field.key == said.field), "Hela avsnittet")


def _comment(one: Built, thread: Thread, author: Actor, text: str, at: Moment) -> Comment:
    row = Comment(
        thread=thread,
        author=author.user,
        author_name=author.user.name,
        author_function=author.function,
        organisation_id=_party(one, author).organisation_id,
        text=text,
        written_at=at,
    )
    copy_rows([row])
    return row


def _party(one: Built, actor: Actor) -> Any:
    """The party the actor acts for: AF's when it is the region's coordinator, else the first municipality."""
    is_af = "Arbetsförmedlingen" in actor.function
    return next(party for party in one.parties if (party.side == "af") == is_af)


def _told(type: str, one: Built, thread: Thread, comment: Comment, author: Actor) -> Event:
    after = _where(one, thread) | {
        "comment": comment.pk,
        "text": comment.text,
        "for": [_party(one, author).name],
        "mentions": [],
    }
    return event(type, _subject(one, thread), comment.written_at, author, after=after)


def _resolved(one: Built, thread: Thread, by: Actor, at: Moment) -> Event:
    Thread.objects.filter(pk=thread.pk).update(resolved_at=at, resolved_by=by.user.name, resolved_function=by.function)
    return event("agreement.thread_resolved", _subject(one, thread), at, by, after=_where(one, thread))


def _subject(one: Built, thread: Thread) -> str:
    if thread.internal:
        return internal_subject(one.version.agreement_id, thread.organisation_id)
    return one.version.subject


def _where(one: Built, thread: Thread) -> dict[str, Any]:
    return {
        "version": one.version.number,
        "section": thread.section_key,
        "thread": thread.pk,
        "about": thread.about,
        "quote": "",
        "internal": thread.internal,
    }


def _review(one: Built) -> Iterator[Event]:
    """The first sections accepted, one marked, the rest still to be read."""
    hashes = section_hashes(Whole(one.version).document)
    at = one.plan.steps.last + timedelta(minutes=60)
    keys = list(hashes)
    verdicts = [(key, "accepted", "") for key in keys[:REVIEWED] if key != MARKED[0]]
    party = _party(one, one.reviewer)
    for number, (key, verdict, reason) in enumerate([*verdicts, (MARKED[0], "change", MARKED[1])]):
        moment = at + timedelta(minutes=4 * number)
        row = SectionReview(
            version=one.version,
            section_key=key,
            organisation_id=party.organisation_id,
            side=party.side,
            verdict=verdict,
            reason=reason,
            text_hash=hashes[key],
            user=one.reviewer.user,
            name=one.reviewer.user.name,
            function=one.reviewer.function,
            reviewed_at=moment,
        )
        copy_rows([row])
        after = {
            "version": one.version.number,
            "section": key,
            "verdict": verdict,
            "reason": reason,
            "text_hash": hashes[key],
            "for": [party.name],
        }
        yield event("agreement.section_reviewed", one.version.subject, moment, one.reviewer, after=after)
