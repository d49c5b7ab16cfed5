"""Which archives a user can ask for, and which agreements each holds: only what the user sees, decided in the query."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q

from agreements.models import ArchiveOrder, Party, Version
from agreements.states import SIGNED
from contacts.access import Permission, Reach
from contacts.models import Membership, User
from municipalities.models import County, Organisation

Scope = ArchiveOrder.Scope


@dataclass(frozen=True)
class Choice:
    scope: str
    place: str
    label: str
    organisation: int
    """For whom it is asked for."""

    @property
    def value(self) -> str:
        """As a form's choice."""
        return f"{self.scope}-{self.place}" if self.place else self.scope


def choices_of(user: User, reach: Reach, today: datetime.date) -> list[Choice]:
    """One's own organisations, and for SKR the country, its regions and counties. Three queries at most."""
    return [*_own(user, reach, today), *_national(reach)]


def _own(user: User, reach: Reach, today: datetime.date) -> list[Choice]:
    held = Membership.objects.current(today).filter(user=user).values("organisation")
    reads = reach.organisations(Permission.READ_AGREEMENTS)
    rows = Organisation.objects.filter(pk__in=held).filter(pk__in=reads).exclude(kind=Organisation.Kind.SKR)
    named = rows.in_swedish_order().values_list("pk", "name")
    return [Choice(Scope.OWN, str(pk), name, pk) for pk, name in named]


def _national(reach: Reach) -> list[Choice]:
    if not reach.nationally(Permission.READ_NATION):
        return []
    ours = min(reach.organisations(Permission.READ_NATION))
    regions = Organisation.objects.filter(kind=Organisation.Kind.AF_REGION).in_swedish_order()
    found = [Choice(Scope.COUNTRY, "", "Hela landet", ours)]
    found += [Choice(Scope.REGION, str(pk), name, ours) for pk, name in regions.values_list("pk", "name")]
    found += [Choice(Scope.COUNTY, code, name, ours) for code, name in County.objects.values_list("code", "name")]
    return found


def _holds(order: ArchiveOrder) -> Q:
    """What an order holds, as a condition on versions."""
    parties = Party.objects.filter(_parties(order))
    return Q(pk__in=parties.values("version_id"), state__in=SIGNED, signed_at__isnull=False)


def _parties(order: ArchiveOrder) -> Q:
    if order.scope == Scope.OWN:
        return _at_or_below(int(order.place))
    if order.scope == Scope.REGION:
        region = int(order.place)
        return _at_or_below(region) | Q(organisation__municipality__county__af_region=region)
    if order.scope == Scope.COUNTY:
        return Q(organisation__municipality__county=order.place)
    return Q()


def _at_or_below(organisation: int) -> Q:
    """An organisation and what is below it, such as a region and its units."""
    return (
        Q(organisation=organisation)
        | Q(organisation__parent=organisation)
        | Q(organisation__parent__parent=organisation)
    )


def signed_versions(order: ArchiveOrder, reach: Reach) -> list[tuple[int, str]]:
    """What an order holds of what its reader sees: the id of each and its title, oldest agreement first."""
    rows = Version.objects.visible_to(reach).filter(_holds(order)).order_by("agreement_id", "number")
    return list(rows.values_list("pk", "title"))
