"""Who may do what in an organisation, and why: roles held there, above it, and in the whole country."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.functions import Collate

from contacts.models import Membership, MembershipQuerySet
from contacts.roles import DEFINITIONS, NATIONAL, Permission, Role
from municipalities.models import Organisation, swedish_sort_key


@dataclass(frozen=True)
class Right:
    """One person's role in one organisation and what it gives."""

    who: str
    role: str
    organisation: str
    since: datetime.date
    gives: tuple[str, ...]
    reaches_below: bool


def right_of(membership: Membership, *, names: bool) -> Right:
    role = Role(membership.role)
    return Right(
        who=membership.user.name if names else "",
        role=str(role.label),
        organisation=membership.organisation.name,
        since=membership.from_date,
        gives=gives(role),
        reaches_below=membership.organisation.kind in (Organisation.Kind.AF, Organisation.Kind.AF_REGION),
    )


def gives(role: Role) -> tuple[str, ...]:
    """The role's permissions in words, in the order they are listed."""
    return tuple(words(permission) for permission in Permission if permission in DEFINITIONS[role].permissions)


def words(permission: Permission) -> str:
    """What a permission lets its holder do."""
    return str(permission.label)


def held_in(
    organisation_ids: Collection[int] | None, on: datetime.date, text: str = "", *, names: bool = False
) -> MembershipQuerySet:
    """Current roles in the organisations, or in all; a text narrows by organisation and, with names, by person.

    Without names the order says nothing of them either.
    """
    rows = Membership.objects.current(on).filter(user__is_active=True).select_related("user", "organisation")
    if organisation_ids is not None:
        rows = rows.filter(organisation__in=organisation_ids)
    person = [Collate(swedish_sort_key("user__name"), "C")] if names else []
    return rows.matching(text, names=names).order_by("organisation__sort_key", "organisation", *person, "role", "pk")


def above(organisations: Collection[Organisation]) -> set[int]:
    """The organisations above, whose roles reach down: AF above its regions, regions above units."""
    parents = {o.parent_id for o in organisations if o.parent_id}
    rows = Organisation.objects.filter(pk__in=parents).values_list("pk", "parent_id")
    return {pk for row in rows for pk in row if pk} - {o.pk for o in organisations}


def national_roles() -> list[Role]:
    """The roles that reach every organisation in the country."""
    return [role for role in Role if DEFINITIONS[role].permissions & NATIONAL]
