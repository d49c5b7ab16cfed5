"""The history of the invented agreements, in the shape that the product's own verbs write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from agreements.states import WORKING, Move, State
from contacts.actions import CONTACT_FIELDS
from contacts.models import ContactPoint, Event
from nationwide.demo.accounts import Actor, Staff
from nationwide.demo.bulk import copy_rows
from nationwide.demo.points import Kept
from nationwide.demo.rows import Built
from nationwide.demo.timeline import Moment


def event(
    type: str,
    subject: str,
    at: Moment,
    by: Actor | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Event:
    """One row; by=None is the system."""
    return Event(
        type=type,
        subject=subject,
        at=at,
        actor_id=by.user.pk if by else None,
        actor_name=by.user.name if by else "",
        actor_function=by.function if by else "",
        before=before or {},
        after=after or {},
    )


def of_version(built: Built) -> Iterator[Event]:
    """The main steps of one version."""
    version, steps = built.version, built.plan.steps
    parties = [party.name for party in built.parties]
    after = {"template": version.template.number, "parties": parties}
    yield event("agreement.started", version.subject, steps.created, built.proposer, after=after)
    if built.plan.state in WORKING:
        yield from of_sections(built)
    if steps.proposed:
        yield moved(built, Move.PROPOSE, State.DRAFT, State.PROPOSED, steps.proposed, built.proposer)
    if steps.accepted:
        text_hash = {"text_hash": version.text_hash}
        yield moved(built, Move.ACCEPT, State.PROPOSED, State.ACCEPTED, steps.accepted, built.reviewer, **text_hash)
    yield from of_signatures(built)


def moved(built: Built, move: Move, source: State, target: State, at: Moment, by: Actor, **facts: Any) -> Event:
    after = {"state": target, "version": built.version.number, **facts}
    return event(f"agreement.{move}", built.version.subject, at, by, before={"state": source}, after=after)


def of_sections(built: Built) -> Iterator[Event]:
    """What has been written in an agreement that is in work."""
    at = built.plan.steps.created
    for number, section in enumerate(row for row in built.sections if row.content):
        yield event(
            "agreement.section_saved",
            built.version.subject,
            at + timedelta(minutes=1 + number),
            built.proposer,
            before={"section": section.key, "content": {}},
            after={"section": section.key, "content": section.content, "revision": section.revision},
        )


def of_signatures(built: Built) -> Iterator[Event]:
    version, before = built.version, State.ACCEPTED
    for signature, actor in zip(built.signatures, built.signatories, strict=False):
        after = {
            "state": State.SIGNING,
            "party": signature.party.name,
            "function": signature.function,
            "hash": version.text_hash,
        }
        moment = signature.signed_at
        yield event("agreement.sign", version.subject, moment, actor, before={"state": before}, after=after)
        before = State.SIGNING
    if built.plan.bound and version.signed_at:
        first, last = built.plan.bound
        yield event(
            "agreement.complete",
            version.subject,
            version.signed_at,
            None,
            before={"state": State.SIGNING},
            after={"state": State.IN_FORCE, "from": str(first), "until": str(last) if last else None},
        )
    if built.plan.ended:
        yield event(
            "agreement.end",
            version.subject,
            built.plan.ended,
            None,
            before={"state": State.IN_FORCE},
            after={"state": State.ENDED, "version": version.number, "ended_as": version.ended_as},
        )
    if built.plan.discarded:
        why = {"reason": "Kommunen vill vänta med ändringen till nästa år.", "for": [built.parties[0].name]}
        yield moved(built, Move.DISCARD, State.DRAFT, State.DISCARDED, built.plan.discarded, built.proposer, **why)


def of_point(kept: Kept, staff: Staff, changed: Moment | None) -> Iterator[Event]:
    """A contact point was added, and perhaps mended later on."""
    subject, by = f"contact_point:{kept.row.pk}", staff.coordinator
    first = kept.before or kept.row
    yield event("contact_point.added", subject, kept.row.created_at, by, after=point_facts(first))
    if kept.before and changed and kept.row.bounced_at is None:
        before, after = point_facts(kept.before), point_facts(kept.row)
        yield event("contact_point.changed", subject, changed, by, before=before, after=after)


def point_facts(point: ContactPoint) -> dict[str, Any]:
    return {name: getattr(point, name) for name in CONTACT_FIELDS} | {"function": point.name}


def write_history(events: Iterable[Event]) -> int:
    """In the order things happened, since the newest are shown first by their number."""
    rows = sorted(events, key=lambda row: row.at)
    copy_rows(rows)
    return len(rows)
