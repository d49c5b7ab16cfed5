"""Beginning on a new version: a page that says what will happen, then the new draft."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from agreements.actions import amending
from agreements.gather import Whole
from agreements.models import TemplateVersion, Version
from agreements.rules import why_not_amend
from agreements.states import State
from agreements.steps import AMEND, Sibling, names
from agreements.views.doors import open_version
from contacts.access import Permission
from contacts.errors import NotAllowed, Refused

LEAD = (
    "Version {number} blir ett utkast på {template}. Parter, text och kontaktytor följer med från version {old}, "
    "och {others} kan skriva i det tillsammans. Det som inte ryms i mallen räknas upp i historiken. "
    "Giltighetstiden sätter ni på nytt. {meanwhile}"
)
MEANWHILE = {
    State.IN_FORCE: (
        "Version {old} gäller oförändrad tills alla parter har undertecknat den nya och dess första dag är här."
    ),
    State.ENDED: "Version {old} ligger kvar som den är.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    try:
        if request.method == "POST":
            version = _start(request, pk)
            messages.success(request, _started(version))
            return redirect("agreement", version.pk)
        amending.refuse_unamendable(whole.version)
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect("agreement", _in_work(whole.version) or pk)
    return _page(request, whole)


def amendable(whole: Whole, others: Sequence[Sibling]) -> bool:
    """Whether to show the way to a new version; the action asks again."""
    version = whole.version
    if why_not_amend(version.state, {other.number: other.state for other in others if other.number > version.number}):
        return False
    return version.state != State.ENDED or not amending.lives_elsewhere(whole, timezone.localdate())


def _start(request: HttpRequest, pk: int) -> Version:
    try:
        return amending.start_amendment(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            version_id=pk,
            today=timezone.localdate(),
        )
    except NotAllowed:
        raise PermissionDenied from None


def _started(version: Version) -> SafeString:
    return format_html(
        'Version {} är startad. Gå igenom avsnitten och sätt en ny tid. <a href="{}">Se vad som skiljer från förra '
        "versionen</a>",
        version.number,
        reverse("comparison", args=(version.pk,)),
    )


def _in_work(version: Version) -> int | None:
    """The version that somebody has begun on already."""
    rows = Version.objects.working().filter(agreement=version.agreement_id)
    return rows.values_list("pk", flat=True).first()


def _page(request: HttpRequest, whole: Whole) -> HttpResponse:
    version = whole.version
    state = State(version.state)
    template = TemplateVersion.objects.open_for_new_agreements(timezone.localdate()).first()
    facts = {
        "number": amending.next_number(version),
        "old": version.number,
        "template": template.name if template else "den senaste nationella mallen",
        "others": names(whole.parties),
    }
    title = AMEND[state]
    lead = LEAD.format(**facts, meanwhile=MEANWHILE[state].format(**facts))
    context = {
        "version": version,
        "title": title,
        "button": title,
        "lead": lead,
        "color": "accent",
        "left": [],
        "serious": [],
        "compare": reverse("agreement_standing", args=(version.pk,)),
        "compare_words": "Se hur texten står mot mallen",
    }
    return render(request, "agreements/move.html", context)
