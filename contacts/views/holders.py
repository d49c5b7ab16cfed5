"""Who holds a function today. The function itself is not touched."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contacts.access import Permission
from contacts.actions import change_holder
from contacts.errors import Refused
from contacts.forms import HolderForm
from contacts.models import ContactPoint, Holder, User
from contacts.register import current_holders
from contacts.views.contact_points import has_ended, typed
from contacts.views.doors import open_contact_point, trail_to

VACANT = "vakant"
CORRECT = "ratta"
FROM = "overenskommelse"


@require_http_methods(["GET", "HEAD", "POST"])
def holder_change(request: HttpRequest, pk: int) -> HttpResponse:
    point = open_contact_point(request, pk, Permission.EDIT_CONTACTS)
    if has_ended(request, point):
        return redirect("contact_point", pk)
    holder = next(iter(current_holders([pk], timezone.localdate())[pk]), None)
    form = HolderForm(typed(request), initial=_initial(request, holder))
    facts = {"name": ""} if VACANT in request.POST else form.cleaned_data if form.is_valid() else None
    if request.method == "POST" and facts is not None:
        try:
            new = change_holder(by=cast(User, request.user), contact_point_id=pk, today=timezone.localdate(), **facts)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _what_happened(point, holder, new))
            return redirect(_way_back(request, pk))
    context = {
        "form": form,
        "point": point,
        "trail": trail_to(point.organisation, point),
        "holder": holder,
    }
    context |= {"agreement": _agreement(request), "back": _way_back(request, pk)}
    return render(request, "contacts/holder_form.html", context, status=422 if form.errors else 200)


def _agreement(request: HttpRequest) -> str:
    """The agreement from whose staffing list the way led here; empty when it led from elsewhere."""
    number = request.POST.get(FROM, "") or request.GET.get(FROM, "")
    return number if number.isascii() and number.isdecimal() and len(number) < 10 else ""


def _way_back(request: HttpRequest, pk: int) -> str:
    number = _agreement(request)
    return reverse("staffing", args=(int(number),)) if number else reverse("contact_point", args=(pk,))


def _initial(request: HttpRequest, holder: Holder | None) -> dict[str, str]:
    """The present holder's own facts when they are to be corrected, else nothing."""
    if holder is None or CORRECT not in request.GET:
        return {}
    return {"name": holder.name, "email": holder.email, "phone": holder.phone}


def _what_happened(point: ContactPoint, old: Holder | None, new: Holder | None) -> str:
    if new is None:
        return f"{point.name} är vakant från och med i dag. Kontaktytan är oförändrad."
    if old is not None and old.pk == new.pk:
        return f"Uppgifterna om {new.name} är rättade."
    before = f" i stället för {old.name}" if old else ""
    return f"{new.name} har funktionen {point.name} från och med i dag{before}. Kontaktytan är oförändrad."
