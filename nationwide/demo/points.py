"""The invented registers as rows: contact points and who holds them."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contacts.models import ContactPoint, Function, Holder
from municipalities.models import Organisation
from nationwide.demo.bulk import copy_rows
from nationwide.demo.course import BOUNCED_DAYS_AGO
from nationwide.demo.people import chance
from nationwide.demo.register import Point
from nationwide.demo.timeline import Moment, days, moment

CLOSED_DAYS_AGO = 90


@dataclass(frozen=True)
class Kept:
    """A contact point in the database, who holds it, and how it was before it changed."""

    row: ContactPoint
    holders: list[Holder]
    before: ContactPoint | None = None


@dataclass
class Registers:
    """Every organisation's contact points by slot."""

    today: datetime.date
    functions: Mapping[str, Function]
    seed: int
    kept: dict[int, dict[str, Kept]] = field(default_factory=dict)

    def add(self, organisation: Organisation, points: Iterable[Point], *, since: Moment) -> None:
        """Prepare an organisation's points; nothing is written yet."""
        points = list(points)
        rows = {point.slot: self._row(organisation, point, since) for point in points}
        for point in points:
            rows[point.slot].deputy = rows[point.deputy] if point.deputy else None
        self.kept[organisation.pk] = {
            point.slot: Kept(rows[point.slot], self._holders(point, rows[point.slot]), self._before(point, rows))
            for point in points
        }

    def write(self) -> None:
        """All of it; deputies among each other in any order, since keys are compared at the end."""
        kept = [kept for slots in self.kept.values() for kept in slots.values()]
        copy_rows([k.row for k in kept])
        for k in kept:
            if k.before:
                k.before.pk = k.row.pk
        copy_rows([holder for k in kept for holder in k.holders])

    def _row(self, organisation: Organisation, point: Point, since: Moment) -> ContactPoint:
        rng = chance("confirmed", self.seed, organisation.name, point.slot)
        today = self.today
        confirmed = max(since, moment(today - days(rng.randint(5, 380)), 10, rng))
        return ContactPoint(
            organisation=organisation,
            function=self.functions[point.function],
            function_text=point.function_text,
            level=point.level,
            unit=point.unit,
            mailbox=point.mailbox,
            phone=point.phone,
            sdk_address=point.sdk_address,
            postal_address=point.postal_address,
            created_at=since,
            confirmed_at=confirmed,
            bounced_at=moment(today - days(BOUNCED_DAYS_AGO), 6) if point.bounced else None,
            ended_on=today - days(CLOSED_DAYS_AGO) if point.ended else None,
        )

    def _holders(self, point: Point, row: ContactPoint) -> list[Holder]:
        if point.holder is None:
            return []
        rng = chance("holder", self.seed, row.organisation.name, point.slot)
        return [
            Holder(
                contact_point=row,
                name=point.holder.name,
                email=point.holder_mailbox,
                phone=point.holder_phone,
                from_date=self.today - days(rng.randint(40, 1500)),
            )
        ]

    def _before(self, point: Point, rows: Mapping[str, ContactPoint]) -> ContactPoint | None:
        """The same row as it was when the agreement was signed."""
        if point.before is None:
            return None
        old = copy.copy(rows[point.slot])
        for name in ("function_text", "mailbox", "phone", "sdk_address"):
            setattr(old, name, getattr(point.before, name))
        old.bounced_at = None
        return old
