"""The rows that evidence is made of, read for many versions at once as the least that is needed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from django.db.models import Max
from django.utils import timezone

from agreements.findings import InFile, OwnLine
from agreements.flags import CheckedContact, Mender
from agreements.lowest_level import PartyFacts
from agreements.models import AgreementContact, Attachment, Flag, FollowUp, Notice, Party, Version
from agreements.models.agreement import LIVING, remains
from agreements.states import State
from contacts.judging import contact_facts, loaded, mark_of
from contacts.mailboxes import gets_letters
from contacts.models import ContactPoint, Holder

FlagKey = tuple[str, str]
"""Rule and subject: at most one flag of them is open in a version."""


class PartyRow(NamedTuple):
    """A party of a version, with its signature when it has signed."""

    version: int
    organisation: int
    side: str
    name: str
    case_number: str
    unit: str
    signing_function: str
    function: str | None
    reference: str | None


class NoticeRow(NamedTuple):
    """A municipality that leaves a version."""

    version: int
    organisation: int
    name: str
    last_day: datetime.date


class ContactRow(NamedTuple):
    version: int
    contact_point: int
    level: str
    organisation: int
    party: str


@dataclass(frozen=True)
class Described:
    """A contact point, read and described once for all the versions that rest on it."""

    contact: CheckedContact
    mends: int | None
    """Its place among those that mend, when it can be written to."""

    def at(self, row: ContactRow, levels: tuple[str, ...]) -> CheckedContact:
        return replace(self.contact, party=row.party, organisation=row.organisation, levels=levels)


Row = TypeVar("Row", PartyRow, ContactRow)


def grouped(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    """The rows by version."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.version].append(row)
    return found


def party_rows(versions: Collection[int], on: datetime.date) -> Iterator[PartyRow]:
    """Without those who have left."""
    columns = ("version_id", "organisation_id", "side", "name", "case_number", "unit", "signing_function")
    signed = ("signature__function", "signature__decision_reference")
    rows = Party.objects.filter(version__in=versions).remaining(on).order_by("version_id", "position", "pk")
    return map(PartyRow._make, rows.values_list(*columns, *signed))


def contact_rows(versions: Collection[int], on: datetime.date) -> Iterator[ContactRow]:
    """Those of the parties that have not left."""
    columns = ("version_id", "contact_point_id", "level", "party__organisation_id", "party__name")
    rows = AgreementContact.objects.filter(version__in=versions).filter(remains(on, "party__"))
    return map(ContactRow._make, rows.order_by("version_id", "position", "pk").values_list(*columns))


def standing_notices(versions: Collection[int]) -> defaultdict[int, list[NoticeRow]]:
    """Notices that have not been taken back, by version."""
    found: defaultdict[int, list[NoticeRow]] = defaultdict(list)
    columns = ("version_id", "leaving__organisation_id", "leaving__name", "last_day")
    rows = Notice.objects.standing().filter(version__in=versions).order_by("last_day", "pk")
    for row in map(NoticeRow._make, rows.values_list(*columns)):
        found[row.version].append(row)
    return found


def party_text(rows: Iterable[PartyRow]) -> Iterator[OwnLine]:
    """What is written freely about the parties, in the order of the parties."""
    for place, row in enumerate(rows):
        yield OwnLine("parties", f"party-{place}-unit", row.unit)
        yield OwnLine("signatures", f"party-{place}-signing_function", row.signing_function)


def party_facts(row: PartyRow) -> PartyFacts:
    signed = row.function is not None
    return PartyFacts(row.name, row.side, row.case_number, signed, bool(row.function), bool(row.reference))


def describe(ids: Collection[int], on: datetime.date) -> dict[int, Described]:
    """Contact points by id, as they are on the day."""
    points = ContactPoint.objects.select_related("function", "organisation").in_bulk(list(ids))
    holders: defaultdict[int, list[Holder]] = defaultdict(list)
    for holder in Holder.objects.filter(contact_point__in=list(points)):
        holders[holder.contact_point_id].append(holder)
    return {pk: described(point, holders[pk], on) for pk, point in points.items()}


def described(point: ContactPoint, holders: Iterable[Holder], on: datetime.date) -> Described:
    """A contact point with all who have or had its function, as it is on the day."""
    holders = list(holders)
    current = [h for h in holders if h.from_date <= on and (h.to_date is None or h.to_date > on)]
    left = max((h.to_date for h in holders if h.to_date and h.to_date <= on), default=None)
    facts = contact_facts(point, current)
    mark = mark_of(facts)
    contact = CheckedContact(
        pk=point.pk,
        name=point.name,
        party="",
        facts=facts,
        mark=mark,
        kept=loaded(point.assessment) if point.assessed_as == mark else None,
        has_deputy=point.deputy_id is not None,
        confirmed_on=timezone.localdate(point.confirmed_at) if point.confirmed_at else None,
        vacant_since=None if current else left,
        is_asked=point.ended_on is None,
    )
    mends = point.function.mends
    return Described(contact, mends if mends is not None and gets_letters(point) else None)


def mender_of(party: PartyRow, own: Iterable[Described], reserve: int | None) -> Mender:
    """The function with the lowest number: of those the agreement rests on, else of all the party has."""
    mending = ((point.mends, point.contact.pk) for point in own if point.mends is not None)
    _, chosen = min(mending, default=(0, reserve))
    return Mender(party.organisation, party.side, chosen)


def living_elsewhere(municipalities: Collection[int], on: datetime.date) -> defaultdict[int, list[tuple[int, int]]]:
    """For each municipality every (agreement, version) that is being written or in force, and that it has not left."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Party.objects.remaining(on).filter(organisation__in=municipalities, version__state__in=LIVING)
    for organisation, agreement, version in rows.values_list("organisation_id", "version__agreement_id", "version_id"):
        found[organisation].append((agreement, version))
    return found


def lapsed(versions: Iterable[Version]) -> set[int]:
    """Those of the versions that have ended and left a municipality alone; no query when none has ended."""
    ended = [version.pk for version in versions if version.state == State.ENDED]
    return set(Version.objects.lapsed().filter(pk__in=ended).values_list("pk", flat=True)) if ended else set()


def latest_follow_ups(agreements: Collection[int]) -> dict[int, datetime.date]:
    rows = FollowUp.objects.held().filter(agreement__in=agreements).order_by()
    return dict(rows.values_list("agreement_id").annotate(latest=Max("held_on")))


def files_with_numbers(versions: Collection[int]) -> defaultdict[int, list[InFile]]:
    """The attached files in whose text an identity number has been found."""
    found: defaultdict[int, list[InFile]] = defaultdict(list)
    rows = Attachment.objects.filter(version__in=versions, file__identity_numbers__gt=0)
    columns = ("version_id", "pk", "title", "section_key", "file__identity_numbers")
    for version, pk, title, section, numbers in rows.values_list(*columns):
        found[version or 0].append(InFile(pk, title, section, numbers))
    return found


def open_flags(versions: Collection[int]) -> defaultdict[int, dict[FlagKey, Flag]]:
    flags: defaultdict[int, dict[FlagKey, Flag]] = defaultdict(dict)
    for flag in Flag.objects.open().filter(version__in=versions):
        flags[flag.version_id][flag.rule, flag.subject] = flag
    return flags
