"""Rules of the agreement's life and completeness: pure functions over plain data."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from psycopg.types.range import Range

from agreements.document import PartyLine, SectionSource
from agreements.fields import gaps
from agreements.states import AMENDABLE, IS, TRANSITIONS, WORKING, Move, State, Who

FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True)
class Left:
    """Something left before the agreement can be proposed: where it is mended, and what to say."""

    section: str
    anchor: str
    message: str


def may_move(move: Move, state: str, sides: Collection[str], proposed_by: str) -> bool:
    """Whether someone acting for these sides may make the move now; permission is asked elsewhere."""
    transition = TRANSITIONS[move]
    if state not in transition.sources or transition.who == Who.SYSTEM:
        return False
    if transition.who == Who.OTHER_PARTY:
        return any(side != proposed_by for side in sides)
    return bool(sides)


def why_not_amend(state: str, later: Mapping[int, str]) -> str:
    """Why no new version can be begun on this one; empty when it can. later: number → state of later versions."""
    for number, its_state in later.items():
        if its_state in WORKING:
            return f"Version {number} är redan under arbete. Fortsätt i den."
    if later:
        return f"Version {max(later)} har redan ersatt den här. Börja på en ny version av den i stället."
    if state not in AMENDABLE:
        return f"{IS[State(state)]}. En ny version börjar man på när den är undertecknad."
    return ""


def is_bound(days: Range[datetime.date] | None, today: datetime.date) -> bool:
    """Whether the half-open range of days holds today or a later day."""
    return days is not None and (days.upper is None or days.upper > today)


def days_to_come(today: datetime.date, *days: datetime.date | None) -> list[datetime.date | None]:
    """The days, without those that have passed."""
    return [day if day and day >= today else None for day in days]


def left_before_proposing(
    sections: Iterable[SectionSource],
    parties: Collection[PartyLine],
    reached: Collection[tuple[str, str]],
    start: datetime.date | None,
    end: datetime.date | None,
    revision: datetime.date | None,
) -> list[Left]:
    """Everything left, in the order of the template's sections. reached: level and party of each contact point."""
    extra = [
        *_parties_left(parties),
        *_contacts_left(parties, reached),
        *_period_left(start, end, revision),
    ]
    left: list[Left] = []
    for section in sections:
        for gap in gaps(section.fields, section.content):
            left.append(
                Left(section.key, _anchor(gap.field.key, gap.row, gap.column.key if gap.column else None), gap.message)
            )
        left += [item for item in extra if item.section == section.key]
    return left


def _anchor(field: str, row: int | None, column: str | None) -> str:
    """The HTML id of the control: row is 1-based in messages, 0-based in forms."""
    return f"id_{field}" if row is None else f"id_{field}-{row - 1}-{column}"


def _parties_left(parties: Collection[PartyLine]) -> Iterator[Left]:
    for index, party in enumerate(parties):
        if not party.unit:
            yield Left("parties", f"id_party-{index}-unit", f"{party.name}: nämnd, förvaltning eller enhet saknas.")
        if not party.signing_function:
            yield Left(
                "signatures", f"id_party-{index}-signing_function", f"{party.name}: undertecknande funktion saknas."
            )


def _contacts_left(parties: Collection[PartyLine], reached: Collection[tuple[str, str]]) -> Iterator[Left]:
    for level, name in (("strategic", "strategisk"), ("operative", "operativ")):
        for index, party in enumerate(parties):
            if (level, party.name) not in reached:
                yield Left(
                    "contacts", f"id_contacts-{index}-{level}", f"{party.name}: kontaktyta på {name} nivå saknas."
                )


def _period_left(
    start: datetime.date | None, end: datetime.date | None, revision: datetime.date | None
) -> Iterator[Left]:
    if start is None:
        yield Left("validity", "id_period_start", "Datum då överenskommelsen börjar gälla saknas.")
    if end is None and revision is None:
        yield Left("validity", "id_period_end", "Slutdatum eller datum för översyn saknas.")


def period_errors(
    start: datetime.date | None, end: datetime.date | None, revision: datetime.date | None
) -> dict[str, str]:
    """Dates out of order: field → Swedish message."""
    errors = {
        field: f"Skriv ett år mellan {FIRST_YEAR} och {LAST_YEAR}."
        for field, day in (("period_start", start), ("period_end", end), ("revision_date", revision))
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR
    }
    if start and end and end <= start:
        errors["period_end"] = "Slutdatum ska vara senare än startdatum."
    if start and revision and revision < start:
        errors["revision_date"] = "Översyn kan inte vara före startdatum."
    if end and revision and revision > end:
        errors["revision_date"] = "Översyn kan inte vara efter slutdatum."
    return errors


def days_in_force(
    start: datetime.date | None, end: datetime.date | None, signed_on: datetime.date
) -> tuple[datetime.date, datetime.date | None]:
    """The half-open range of days a version binds: from its start, never before the last signature; end included."""
    first = max(start or signed_on, signed_on)
    last = end + datetime.timedelta(days=1) if end else None
    return first, last
