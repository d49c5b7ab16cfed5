"""Who may do what. The only file that speaks to django-guardian.

A role gives permissions on one organisation and on everything below it (AF, its regions, their units).
National permissions count wherever they are held.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import Permission as Grantable
from django.db import connection
from django.db.models import Model

from contacts.kept import NEWEST_CHANGE, Mark
from contacts.models import Membership, OrganisationUserPermission, User
from contacts.roles import DEFINITIONS, NATIONAL, Permission, Role
from municipalities.models import Organisation

__all__ = ["AdministratorBackend", "Permission", "Reach", "Role", "reach_of", "signatories_of", "synchronise"]


@dataclass(frozen=True)
class Reach:
    """What one user reaches: for each permission, the ids of organisations, those below included."""

    by_permission: dict[str, frozenset[int]]
    mark: Mark | None = None
    """The newest change when this was read: what was kept under the same mark still holds."""

    @property
    def whole(self) -> frozenset[tuple[str, frozenset[int]]]:
        """Everything in it, to keep things by: whoever reaches the same sees the same."""
        return frozenset(self.by_permission.items())

    def organisations(self, permission: Permission) -> frozenset[int]:
        return self.by_permission.get(permission, frozenset())

    def may(self, permission: Permission, organisation_ids: Iterable[int]) -> bool:
        """Whether the permission is held on any of the organisations."""
        return not self.organisations(permission).isdisjoint(organisation_ids)

    def nationally(self, permission: Permission) -> bool:
        """Whether a national permission is held anywhere."""
        return permission in NATIONAL and bool(self.organisations(permission))

    def reads(self, organisation_ids: Iterable[int]) -> bool:
        return self.nationally(Permission.READ_NATION) or self.may(Permission.READ_AGREEMENTS, organisation_ids)

    def sees_names(self, organisation_ids: Iterable[int]) -> bool:
        """Names of persons: those of one's own agreements, or of the whole nation for SKR's officer.

        Who reads the nation without names does not come to see all names by seeing those of one organisation.
        """
        return self.sees_all_names or self.may(Permission.SEE_NAMES, organisation_ids)

    @property
    def sees_all_names(self) -> bool:
        """Whether the user sees names in all of the nation's agreements."""
        return self.may(Permission.SEE_NAMES, self.organisations(Permission.READ_NATION))


NOWHERE = Reach({})


def reach_of(user: User | AnonymousUser) -> Reach:
    """The user's reach, read once and kept on the user object for the request."""
    if not isinstance(user, User) or not user.is_active:
        return NOWHERE
    known: Reach | None = getattr(user, "_reach", None)
    if known is None:
        known = _read(user)
        user._reach = known  # type: ignore[attr-defined]  # one request's memory, on the request's own object
    return known


GRANTS: Final = f"""
SELECT
    ({NEWEST_CHANGE}),
    (SELECT codename FROM auth_permission WHERE id = grants.permission_id),
    grants.content_object_id,
    ARRAY(SELECT id FROM municipalities_organisation WHERE parent_id = grants.content_object_id)
FROM contacts_organisationuserpermission AS grants
WHERE grants.user_id = %s
"""  # noqa: S608 - put together of constants
"""Asked on every page, and therefore written out: to have Django put it together costs six times the answer.

Without joins, since most of the time went to planning them; few have a third level, and only they ask for it.
"""
THIRD_LEVEL: Final = "SELECT parent_id, id FROM municipalities_organisation WHERE parent_id = ANY(%s)"


def _read(user: User) -> Reach:
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, [user.pk])
        grants = cursor.fetchall()
        children = {child for *_, ids in grants for child in ids}
        below: defaultdict[int, list[int]] = defaultdict(list)
        if children:
            cursor.execute(THIRD_LEVEL, [list(children)])
            for parent, pk in cursor.fetchall():
                below[parent].append(pk)
    reach: defaultdict[str, set[int]] = defaultdict(set)
    for _, codename, organisation, ids in grants:
        reach[codename].update((organisation, *ids, *(pk for child in ids for pk in below[child])))
    mark = grants[0][0] if grants else None
    return Reach({codename: frozenset(ids) for codename, ids in reach.items()}, mark)


def signatories_of(organisations: Collection[Organisation]) -> dict[int, list[User]]:
    """For each organisation those who sign for it: by a role there or above it. A constant number of queries."""
    above = {one.pk: [one.pk, one.parent_id] for one in organisations}
    parents = [parent for _, parent in above.values() if parent]
    grandparents = dict(Organisation.objects.filter(pk__in=parents).values_list("pk", "parent_id"))
    places = {pk: {*line, grandparents.get(line[1] or 0)} - {None} for pk, line in above.items()}
    grants = OrganisationUserPermission.objects.filter(
        permission__codename=Permission.SIGN_AGREEMENTS, content_object__in=set().union(*places.values())
    )
    rows = list(grants.filter(user__is_active=True).select_related("user").order_by("user__name", "user_id"))
    return {pk: list({row.user: None for row in rows if row.content_object_id in held}) for pk, held in places.items()}


def synchronise(user: User, organisation: Organisation, *, on: datetime.date) -> None:
    """Make the grants on one organisation equal to what the user's current roles there give."""
    members = list(Membership.objects.current(on).filter(user=user, organisation=organisation))
    grant_all(members)
    due = {permission for member in members for permission in DEFINITIONS[Role(member.role)].permissions}
    held = OrganisationUserPermission.objects.filter(user=user, content_object=organisation)
    held.exclude(permission__codename__in=due).delete()
    user.__dict__.pop("_reach", None)


def grant_all(memberships: Iterable[Membership]) -> None:
    """Write what many roles give, with two queries; grants that are held already stay."""
    on_organisations = Grantable.objects.filter(content_type__app_label="municipalities")
    ids = dict(on_organisations.values_list("codename", "pk"))
    due = {
        (member.user_id, member.organisation_id, ids[permission])
        for member in memberships
        for permission in DEFINITIONS[Role(member.role)].permissions
    }
    OrganisationUserPermission.objects.bulk_create(
        (
            OrganisationUserPermission(user_id=user, content_object_id=organisation, permission_id=permission)
            for user, organisation, permission in sorted(due)
        ),
        ignore_conflicts=True,
    )


class AdministratorBackend(BaseBackend):
    """Lets whoever administers the portal into every page of Django's administration, and nobody else.

    What can be done there each page says itself: it goes through the actions.
    """

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        return reach_of(user_obj).nationally(Permission.ADMINISTER)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        return reach_of(user_obj).nationally(Permission.ADMINISTER)
