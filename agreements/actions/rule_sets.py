"""Drafting and publishing the lowest level: one draft at a time, and what is published never changes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agreements.lowest_level import RuleSet as Settings
from agreements.lowest_level import stored
from agreements.lowest_level.words import changes, faults
from agreements.models import RuleSet
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused, Stale
from contacts.history import nudge, record
from contacts.models import User
from contacts.rules import identity_complaints

WEIGH = "agreements.weigh_drafts"
RECHECK = "agreements.recheck_all"


@dataclass(frozen=True)
class Draft:
    """What is written in a rule set."""

    name: str
    note: str
    rules: Settings

    def facts(self) -> dict[str, object]:
        return {"name": self.name, "note": self.note, "rules": stored(self.rules)}


def written(rule_set: RuleSet) -> Draft:
    return Draft(rule_set.name, rule_set.note, rule_set.settings)


@transaction.atomic
def start_draft(*, by: User) -> RuleSet:
    """A copy of the newest rule set to write in. Raises Refused when there is a draft already."""
    demand_editor(by)
    newest = RuleSet.objects.select_for_update(of=("self",)).order_by("-number").first()
    if RuleSet.objects.drafts().exists():  # asked anew: another may have begun while this one waited
        raise Refused("Det finns redan ett utkast. Publicera eller kasta det först.")
    number = newest.number + 1 if newest else 1
    draft = RuleSet.objects.create(
        number=number, name=f"Nationell lägsta nivå {number}", rules=newest.rules if newest else {}
    )
    after = {"copy_of": newest.number if newest else None, **written(draft).facts()}
    record("rule_set.started", by=by, subject=draft.subject, after=after)
    weigh_after_commit()
    return draft


@transaction.atomic
def save_draft(*, by: User, number: int, change: Draft, revision: int) -> RuleSet:
    """Write in a draft. Raises Stale, Refused, NotAllowed or RuleSet.DoesNotExist."""
    draft = lock_draft(number, by=by, revision=revision)
    before = written(draft)
    if says_the_same(before, change):
        return draft
    for fault in (*faults(change.rules), *identity_complaints({"name": change.name, "note": change.note}).values()):
        raise Refused(fault)
    draft.name, draft.note, draft.rules = change.name, change.note, stored(change.rules)
    draft.revision += 1
    draft.save(update_fields=["name", "note", "rules", "revision"])
    record("rule_set.saved", by=by, subject=draft.subject, before=before.facts(), after=change.facts())
    weigh_after_commit()
    return draft


def says_the_same(one: Draft, other: Draft) -> bool:
    """A figure that is written out says no more than one that is left to the catalogue."""
    return (one.name, one.note) == (other.name, other.note) and not changes(one.rules, other.rules)


@transaction.atomic
def publish(*, by: User, number: int, revision: int, valid_from: datetime.date, now: datetime.datetime) -> RuleSet:
    """Let the draft judge from a day on. Days before it keep the rule set they had.

    Raises Stale, NotAllowed, RuleSet.DoesNotExist, or Refused when its consequences have not been seen.
    """
    draft = lock_draft(number, by=by, revision=revision)
    today = timezone.localdate(now)
    if valid_from < today:
        raise Refused("Ett regelverk kan inte börja gälla en dag som har varit.")
    if other := RuleSet.objects.published().filter(valid_from=valid_from).first():
        raise Refused(f"{other.name} börjar gälla samma dag. Välj en annan dag.")
    if not draft.is_weighed:
        raise Refused("Följderna räknas fortfarande. Publicera när du har sett dem.")
    for fault in faults(draft.settings):
        raise Refused(fault)
    draft.valid_from, draft.published_at = valid_from, now
    draft.save(update_fields=["valid_from", "published_at"])
    after = {"number": draft.number, "valid_from": str(valid_from), "rules": draft.rules}
    record("rule_set.published", by=by, subject=draft.subject, after=after)
    if valid_from == today:
        transaction.on_commit(lambda: nudge(RECHECK))
    return draft


@transaction.atomic
def discard_draft(*, by: User, number: int) -> None:
    """Throw a draft away; what stood in it is kept in history. Raises Refused, NotAllowed or RuleSet.DoesNotExist."""
    draft = lock_draft(number, by=by)
    record("rule_set.discarded", by=by, subject=draft.subject, before=written(draft).facts())
    draft.delete()


def demand_editor(user: User) -> None:
    if not reach_of(user).nationally(Permission.EDIT_RULES):
        raise NotAllowed


def lock_draft(number: int, *, by: User, revision: int | None = None) -> RuleSet:
    """The draft, locked until the transaction ends; with a revision also unchanged since it was shown."""
    demand_editor(by)
    draft = RuleSet.objects.select_for_update(of=("self",)).get(number=number)
    if draft.published_at is not None:
        raise Refused("Regelverket är publicerat och kan inte ändras.")
    if revision is not None and draft.revision != revision:
        raise Stale(draft)
    return draft


def weigh_after_commit() -> None:
    """Tell a worker that there is a draft to weigh; the timetable finds it in any case."""
    transaction.on_commit(lambda: nudge(WEIGH))
