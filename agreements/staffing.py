"""Annex B4: who holds the functions of an agreement on a day, and who has held them. For those who see names alone.

The list is drawn from the contact points and is no part of what is signed. Holders' own addresses and numbers are left
out: a function is reached through its own channels.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from agreements.gather import Whole
from agreements.models import AgreementContact, Party, Version
from contacts.access import Permission, Reach
from contacts.csv_lines import Columns
from contacts.judging import level_heading
from contacts.models import Holder, Level


@dataclass(frozen=True)
class Spell:
    """Somebody's time in a function. until: the last day."""

    name: str
    since: datetime.date
    until: datetime.date | None


@dataclass(frozen=True)
class Post:
    """A function of a party, who held it on the day that is asked for, and everybody who has."""

    contact_point: int
    party: str
    level: str
    function: str
    unit: str
    mailbox: str
    phone: str
    holder: Spell | None
    spells: tuple[Spell, ...]
    may_open: bool
    may_change: bool
    has_ended: bool


@dataclass(frozen=True)
class Staffing:
    """The list on a day. version: the number of the one in force that day; was_in_force: whether there was one."""

    on: datetime.date
    version: int
    was_in_force: bool
    posts: list[Post] = field(default_factory=list)

    @property
    def vacant(self) -> int:
        return sum(post.holder is None for post in self.posts)

    @property
    def by_party(self) -> list[tuple[str, list[Post]]]:
        found: defaultdict[str, list[Post]] = defaultdict(list)
        for post in self.posts:
            found[post.party].append(post)
        return list(found.items())


def read_staffing(whole: Whole, on: datetime.date, reach: Reach) -> Staffing:
    """Three queries, and two more when another version was in force on the day."""
    bound = _in_force(whole.version, on, reach)
    there = Whole(bound) if bound is not None and bound.pk != whole.version.pk else whole
    rows = {row.contact_point_id: row for row in there.contacts}
    holders: defaultdict[int, list[Holder]] = defaultdict(list)
    for holder in Holder.objects.filter(contact_point__in=rows, from_date__lte=on).order_by("-from_date", "-pk"):
        holders[holder.contact_point_id].append(holder)
    posts = [_post(row, holders[pk], on, reach) for pk, row in rows.items()]
    return Staffing(on, there.version.number, bound is not None, posts)


def _in_force(version: Version, on: datetime.date, reach: Reach) -> Version | None:
    """The version of the agreement that bound somebody on the day, among those this user reads."""
    bound = Party.objects.filter(version__agreement=version.agreement_id, in_force__contains=on).values("version_id")
    rows = Version.objects.visible_to(reach).filter(pk__in=bound).with_heads().defer("frozen")
    return rows.order_by("-number").first()


def _post(row: AgreementContact, holders: Collection[Holder], on: datetime.date, reach: Reach) -> Post:
    point = row.contact_point
    spells = tuple(spell_of(holder) for holder in holders if holder.to_date != holder.from_date)
    current = (holder for holder in holders if holder.to_date is None or holder.to_date > on)
    holder = next(current, None)
    owner = [point.organisation_id]
    return Post(
        contact_point=point.pk,
        party=row.party.name,
        level=level_heading(Level(row.level)),
        function=point.name,
        unit=point.unit,
        mailbox=point.mailbox,
        phone=point.phone,
        holder=spell_of(holder) if holder else None,
        spells=spells,
        may_open=reach.reads(owner),
        may_change=point.ended_on is None and reach.may(Permission.EDIT_CONTACTS, owner),
        has_ended=point.ended_on is not None and point.ended_on <= on,
    )


def spell_of(holder: Holder) -> Spell:
    until = holder.to_date - datetime.timedelta(days=1) if holder.to_date else None
    return Spell(holder.name, holder.from_date, until)


COLUMNS: Final[Columns[Post]] = {
    "Part": lambda post: post.party,
    "Nivå": lambda post: post.level,
    "Funktion": lambda post: post.function,
    "Enhet": lambda post: post.unit,
    "Innehavare": lambda post: post.holder.name if post.holder else "",
    "Sedan": lambda post: post.holder.since.isoformat() if post.holder else "",
    "Funktionsbrevlåda": lambda post: post.mailbox,
    "Växel eller funktionstelefon": lambda post: post.phone,
}
