"""Lists of agreements: one row per version, headed by its first municipality, in Swedish order."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agreements.models import Flag, Notice, Party, Version
from agreements.models.agreement import reference_of
from agreements.states import Standing, State
from contacts.access import Permission, Reach
from municipalities.models import Organisation, fold

SOON = datetime.timedelta(days=183)
"""An agreement that ends within this time should be renewed or replaced by now (section 19)."""

COLORS: Final[dict[str, str]] = {
    State.IN_FORCE: "success",
    State.PROPOSED: "info",
    State.ACCEPTED: "accent",
    State.SIGNING: "accent",
}


def names_of(names: Iterable[str]) -> str:
    """Names in a row: "A, B och C"."""
    words = list(names)
    return " och ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


class Listed(NamedTuple):
    """A row of a list, as plain values: rows that are equal look the same."""

    version: int
    number: int
    state: str
    start: datetime.date | None
    end: datetime.date | None
    reference: str
    municipalities: str
    counterpart: str
    flags: int
    under_notice: bool = False

    @property
    def status(self) -> str:
        return str(Standing.NOTICE_GIVEN.label if self.is_leaving else State(self.state).label)

    @property
    def is_leaving(self) -> bool:
        return self.under_notice and self.state == State.IN_FORCE

    @property
    def period(self) -> str:
        """From and to, empty while no dates are set."""
        return f"{self.start} – {self.end or 'tills vidare'}" if self.start else ""

    @property
    def color(self) -> str:
        return "warning" if self.is_leaving else COLORS.get(self.state, "neutral")


def heads(reach: Reach) -> QuerySet[Party]:
    """The first party of each version one may see, by its municipality's name; newest version first.

    That it is a municipality is said so that the database walks the index of names instead of sorting every agreement.
    """
    first = Party.objects.filter(position=0, organisation__kind=Organisation.Kind.MUNICIPALITY)
    if not reach.nationally(Permission.READ_NATION):
        mine = Party.objects.filter(organisation__in=reach.organisations(Permission.READ_AGREEMENTS))
        first = first.filter(version__in=mine.values("version"))
    return first.order_by("organisation__sort_key", "organisation_id", "-version_id")


def matching(rows: QuerySet[Party], text: str) -> QuerySet[Party]:
    """Rows one of whose parties has the text in its name, or whose reference it is."""
    text = text.strip()
    if not text:
        return rows
    number = text.upper().removeprefix("ÖK-").rpartition("-")[2]
    named = Party.objects.filter(version=OuterRef("version"), organisation__search_key__contains=fold(text))
    wanted = Q(Exists(named))
    if number.isdecimal() and len(number) < 12:
        wanted |= Q(version__agreement=int(number))
    return rows.filter(wanted)


def in_state(rows: QuerySet[Party], state: str) -> QuerySet[Party]:
    return rows.filter(version__state=state) if state else rows.exclude(version__state=State.DISCARDED)


def flagged(rows: QuerySet[Party], today: datetime.date) -> QuerySet[Party]:
    """Agreements with something to mend that is not let be; what the lowest level asks has pages of its own."""
    pressing = Flag.objects.pressing(today).filter(version=OuterRef("version"))
    return rows.filter(Exists(pressing.exclude(details__has_key="level")))


def ending(rows: QuerySet[Party], today: datetime.date) -> QuerySet[Party]:
    return rows.filter(version__in=Version.objects.ending_by(today + SOON))


def given_notice(rows: QuerySet[Party]) -> QuerySet[Party]:
    """Agreements that somebody leaves: all of its municipalities, or one of several."""
    standing = Notice.objects.standing().filter(version=OuterRef("version"))
    return rows.filter(Exists(standing), version__state=State.IN_FORCE)


VALUES: Final = (
    "version_id",
    "version__number",
    "version__state",
    "version__period_start",
    "version__period_end",
    "version__agreement_id",
    "version__agreement__created_at",
    "version__notice_until",
)


def described(rows: QuerySet[Party]) -> QuerySet[Party, tuple[Any, ...]]:
    """What is read of each row: plain values, since a model's instance costs more than all the rest of its row."""
    return rows.values_list(*VALUES)


def with_parties(rows: Iterable[tuple[Any, ...]]) -> list[Listed]:
    """Described rows with their parties and the number of their open flags: two queries, however many."""
    rows = list(rows)
    ids = [row[0] for row in rows]
    ours: defaultdict[int, list[str]] = defaultdict(list)
    theirs: defaultdict[int, list[str]] = defaultdict(list)
    for version, side, name in Party.objects.filter(version__in=ids).values_list("version_id", "side", "name"):
        (ours if side == Organisation.Side.MUNICIPALITY else theirs)[version].append(name)
    counts = Flag.objects.open().filter(version__in=ids).values_list("version").annotate(Count("pk")).order_by()
    flags = dict(counts)
    return [
        Listed(
            pk, number, state, start, min(filter(None, (end, notice)), default=None), reference_of(begun, agreement),
            names_of(ours[pk]), names_of(theirs[pk]), flags.get(pk, 0), notice is not None,
        )
        for pk, number, state, start, end, agreement, begun, notice in rows
    ]  # fmt: skip
