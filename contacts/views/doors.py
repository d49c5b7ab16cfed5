"""The doors to organisations and contact points: 404 to outsiders, 403 to readers who try to write."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from contacts.access import Permission, Reach, reach_of
from contacts.models import ContactPoint
from municipalities.models import Organisation, OrganisationQuerySet


def readable(reach: Reach) -> OrganisationQuerySet:
    """The organisations whose contact points the user reads."""
    everything = Organisation.objects.all()
    if reach.nationally(Permission.READ_NATION):
        return everything
    return everything.filter(pk__in=reach.organisations(Permission.READ_AGREEMENTS))


def open_organisation(request: HttpRequest, pk: int, permission: Permission | None = None) -> Organisation:
    reach = reach_of(request.user)
    rows = readable(reach).select_related("parent", "municipality__county__af_region", "municipality__group")
    organisation = rows.filter(pk=pk).first()
    if organisation is None:
        raise Http404("Organisationen finns inte eller är inte din.")
    if permission is not None and not reach.may(permission, [pk]):
        raise PermissionDenied
    return organisation


def open_contact_point(request: HttpRequest, pk: int, permission: Permission | None = None) -> ContactPoint:
    """The contact point, with its organisation, function and deputy."""
    reach = reach_of(request.user)
    rows = ContactPoint.objects.with_function().select_related("organisation")
    point = rows.filter(pk=pk, organisation__in=readable(reach)).first()
    if point is None:
        raise Http404("Kontaktytan finns inte eller är inte din.")
    if permission is not None and not reach.may(permission, [point.organisation_id]):
        raise PermissionDenied
    return point


def trail_to(organisation: Organisation, point: ContactPoint | None = None) -> list[tuple[str, str]]:
    """The way here: the list, the organisation and, below it, the contact point."""
    trail = [("Organisationer", reverse("organisation_list"))]
    trail.append((organisation.name, reverse("organisation", args=[organisation.pk])))
    if point is not None:
        trail.append((point.name, reverse("contact_point", args=[point.pk])))
    return trail
