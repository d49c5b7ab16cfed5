"""Lists of agreements: one row per version, headed by its first municipality, in Swedish order."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agreements.models import Flag, Party, Version
from agreements.states import State
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


@dataclass(frozen=True)
class Listed:
    """A row of a list."""

    version: Version
    parties: list[Party]
    flags: int

    @property
    def municipalities(self) -> str:
        return names_of(party.name for party in self.parties if party.side == Organisation.Side.MUNICIPALITY)

    @property
    def counterpart(self) -> str:
        return names_of(party.name for party in self.parties if party.side != Organisation.Side.MUNICIPALITY)

    @property
    def period(self) -> str:
        """From and to, empty while no dates are set."""
        start, end = self.version.period_start, self.version.period_end
        return f"{start} – {end or 'tills vidare'}" if start else ""

    @property
    def color(self) -> str:
        return COLORS.get(self.version.state, "neutral")


def heads(reach: Reach) -> QuerySet[Party]:
    """The first party of each version one may see, by its municipality's name; newest version first.

    That it is a municipality is said so that the database walks the index of names instead of sorting every agreement.
    """
    first = Party.objects.filter(position=0, organisation__kind=Organisation.Kind.MUNICIPALITY)
    if not reach.nationally(Permission.READ_NATION):
        first = first.filter(version__in=Version.objects.visible_to(reach).values("pk"))
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


def flagged(rows: QuerySet[Party]) -> QuerySet[Party]:
    return rows.filter(Exists(Flag.objects.open().filter(version=OuterRef("version"))))


def ending(rows: QuerySet[Party], today: datetime.date) -> QuerySet[Party]:
    return rows.filter(version__state=State.IN_FORCE, version__period_end__lte=today + SOON)


def describe(version_ids: Iterable[int]) -> list[Listed]:
    """The rows in the order of the ids: three queries, however many."""
    ids = list(version_ids)
    versions = Version.objects.select_related("agreement").defer("frozen").in_bulk(ids)
    return with_parties([versions[pk] for pk in ids if pk in versions])


def with_parties(versions: Iterable[Version]) -> list[Listed]:
    """Each version with its parties and the number of its open flags: two queries, however many."""
    versions = list(versions)
    ids = [version.pk for version in versions]
    parties: defaultdict[int, list[Party]] = defaultdict(list)
    for party in Party.objects.filter(version__in=ids):
        parties[party.version_id].append(party)
    counts = Flag.objects.open().filter(version__in=ids).values_list("version").annotate(Count("pk")).order_by()
    flags = dict(counts)
    return [Listed(version, parties[version.pk], flags.get(version.pk, 0)) for version in versions]
