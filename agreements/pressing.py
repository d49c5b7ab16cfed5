"""What waits to be mended in the whole country, and whose mailboxes it leads to: a constant number of queries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from agreements.chase import Step, Waiting
from agreements.models import AgreementContact, Flag, Party
from agreements.states import WORKING
from contacts.mailboxes import Mailbox, mailbox_of, mending_mailboxes
from contacts.models import ContactPoint
from contacts.rules import is_function_mailbox
from municipalities.models import Organisation


class FlagRow(NamedTuple):
    """As much of a flag as decides who is written to, and what comes first."""

    pk: int
    version: int
    rule: str
    severity: str
    organisation: int | None
    mender: int | None
    opened_at: datetime.datetime
    waived_until: datetime.date | None

    @property
    def open_since(self) -> datetime.date:
        """The day it opened, or the first day after a waiver: weeks in which it was let be are not counted."""
        opened = timezone.localdate(self.opened_at)
        return max(opened, self.waived_until + datetime.timedelta(days=1)) if self.waived_until else opened


COLUMNS = ("pk", "version_id", "rule", "severity", "organisation_id", "mender_id", "opened_at", "waived_until")


@dataclass(frozen=True)
class Pressing:
    """flags: by id; waiting: the same as the rule of letters sees them; owners: address → whose mailbox it is."""

    flags: dict[int, FlagRow]
    waiting: list[Waiting]
    owners: dict[str, int]


def read_pressing(on: datetime.date) -> Pressing:
    """A text that is still being written has its writers at it: only what is in force, or has lapsed, is chased."""
    rows = Flag.objects.pressing(on).exclude(version__state__in=WORKING).order_by("pk")
    flags = [FlagRow._make(row) for row in rows.values_list(*COLUMNS)]
    directory = Directory(flags)
    waiting = [Waiting(flag.pk, flag.open_since, tuple(directory.steps(flag))) for flag in flags]
    return Pressing({flag.pk: flag for flag in flags}, waiting, directory.owners)


class Directory:
    """Where letters about some flags can go."""

    def __init__(self, flags: Collection[FlagRow]) -> None:
        versions = {flag.version for flag in flags}
        self.owners: dict[str, int] = {}
        self.menders = _with_deputies({flag.mender for flag in flags if flag.mender})
        self.parties: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        rows = Party.objects.filter(version__in=versions).order_by("position", "pk")
        for version, organisation, side in rows.values_list("version_id", "organisation_id", "side"):
            self.parties[version].append((organisation, side))
        self.chosen = _chosen_in(versions)
        skr = list(Organisation.objects.filter(kind=Organisation.Kind.SKR).order_by("pk").values_list("pk", flat=True))
        organisations = {organisation for parties in self.parties.values() for organisation, _ in parties}
        self.mending = mending_mailboxes(organisations | set(skr))
        self.skr = [self.mending[pk] for pk in skr if pk in self.mending]

    def steps(self, flag: FlagRow) -> Iterator[tuple[Step, str]]:
        """Every step with an address, mildest first."""
        responsible, deputy = self.menders.get(flag.mender or 0, (None, None))
        yield from self._addresses(Step.RESPONSIBLE, [responsible])
        yield from self._addresses(Step.DEPUTY, [deputy])
        yield from self._addresses(Step.OTHER_PARTY, self._others(flag))
        yield from self._addresses(Step.SKR, self.skr)

    def _addresses(self, step: Step, mailboxes: Iterable[Mailbox | None]) -> Iterator[tuple[Step, str]]:
        for mailbox in mailboxes:
            if mailbox is not None:
                address, owner = mailbox
                self.owners.setdefault(address, owner)
                yield step, address

    def _others(self, flag: FlagRow) -> Iterator[Mailbox | None]:
        """Of each party on the other side: the function in the agreement that mends, else the party's own."""
        parties = self.parties[flag.version]
        side = next((side for organisation, side in parties if organisation == flag.organisation), None)
        for organisation, its_side in parties:
            if its_side != side:
                yield self.chosen.get((flag.version, organisation)) or self.mending.get(organisation)


def _with_deputies(ids: Collection[int]) -> dict[int, tuple[Mailbox | None, Mailbox | None]]:
    """For each contact point its mailbox and its deputy's, where they can be written to."""
    points = ContactPoint.objects.filter(pk__in=ids).select_related("deputy")
    return {point.pk: (mailbox_of(point), mailbox_of(point.deputy) if point.deputy else None) for point in points}


def _chosen_in(versions: Collection[int]) -> dict[tuple[int, int], Mailbox]:
    """By version and party: of the functions that the version rests on, the one with the lowest number."""
    rows = AgreementContact.objects.filter(
        version__in=versions,
        contact_point__in=ContactPoint.objects.reachable(),
        contact_point__function__mends__isnull=False,
    ).order_by("-contact_point__function__mends", "-contact_point")
    columns = ("version_id", "party__organisation_id", "contact_point__mailbox", "contact_point_id")
    found = (row for row in rows.values_list(*columns) if is_function_mailbox(row[2]))
    return {(version, organisation): (mailbox.lower(), pk) for version, organisation, mailbox, pk in found}
