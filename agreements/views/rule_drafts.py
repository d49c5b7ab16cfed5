"""Starting, writing, publishing and throwing away a draft of the lowest level. Nothing typed is ever lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agreements.actions import rule_sets as actions
from agreements.forms.rule_sets import DraftForm, PublishForm
from agreements.lowest_level.words import changes
from agreements.models import RuleSet
from agreements.views.doors import posted
from agreements.views.rule_sets import edits, impact_panel, open_rule_set
from contacts.errors import Refused, Stale

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_POST
def rule_set_start(request: HttpRequest) -> HttpResponse:
    if not edits(request):
        raise PermissionDenied
    try:
        draft = actions.start_draft(by=request.user)  # type: ignore[arg-type]  # login is demanded by middleware
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("rule_sets")
    messages.success(request, "Utkastet är en kopia av det senaste regelverket. Ändra det du vill och spara.")
    return redirect("rule_set_edit", draft.number)


@require_http_methods(GET_AND_POST)
def rule_set_edit(request: HttpRequest, number: int) -> HttpResponse:
    draft = open_rule_set(request, number, write=True)
    form = DraftForm(posted(request), draft=actions.written(draft), revision=draft.revision)
    if request.method != "POST":
        return _published(request, draft) or _edit_page(request, draft, form)
    if not form.is_valid():
        return _edit_page(request, draft, form, status=422)
    try:
        actions.save_draft(by=request.user, number=number, change=form.draft(), revision=form.seen)  # type: ignore[arg-type]
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, draft, form, status=409)
    except Stale as stale:
        return _conflict(request, stale.current, form)
    messages.success(request, "Utkastet är sparat. Följderna räknas.")
    return redirect("rule_set", number)


def _published(request: HttpRequest, rule_set: RuleSet) -> HttpResponse | None:
    """The way back from a form that has nothing to change any more."""
    if rule_set.published_at is None:
        return None
    messages.info(request, "Regelverket är publicerat och kan inte ändras. Skapa ett utkast till ett nytt i stället.")
    return redirect("rule_set", rule_set.number)


def _conflict(request: HttpRequest, current: RuleSet, form: DraftForm) -> HttpResponse:
    """Somebody saved first: what differs is told, and mine can be saved over theirs when I have looked."""
    form.accept_revision(current.revision)
    theirs = changes(current.settings, form.draft().rules)
    return _edit_page(request, current, form, status=409, conflict=True, theirs=theirs)


def _edit_page(request: HttpRequest, draft: RuleSet, form: DraftForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"rule_set": draft, "form": form, "conflict": False, "theirs": [], **more}
    return render(request, "agreements/rule_set_edit.html", context, status=status)


@require_http_methods(GET_AND_POST)
def rule_set_publish(request: HttpRequest, number: int) -> HttpResponse:
    draft = open_rule_set(request, number, write=True)
    form = PublishForm(posted(request), revision=draft.revision, today=timezone.localdate())
    if request.method != "POST":
        return _published(request, draft) or _publish_page(request, draft, form)
    if not form.is_valid():
        return _publish_page(request, draft, form, status=422)
    try:
        rule_set = actions.publish(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            number=number,
            revision=form.cleaned_data["revision"],
            valid_from=form.cleaned_data["valid_from"],
            now=timezone.localtime(),
        )
    except (Refused, Stale) as refusal:
        form.add_error(None, str(refusal) if isinstance(refusal, Refused) else CHANGED_MEANWHILE)
        fresh = open_rule_set(request, number, write=True)
        return _publish_page(request, fresh, form, status=409)
    messages.success(request, f"{rule_set.name} är publicerat.")
    return redirect("rule_set", number)


CHANGED_MEANWHILE = "Utkastet har ändrats sedan du öppnade sidan. Läs följderna på nytt innan du publicerar."


def _publish_page(request: HttpRequest, draft: RuleSet, form: PublishForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    coming = RuleSet.objects.published().filter(valid_from__gt=today).order_by("valid_from")
    context = {
        "rule_set": draft,
        "form": form,
        "current": RuleSet.objects.in_force(today),
        "coming": coming.defer("rules", "impact"),
        **impact_panel(draft),
    }
    return render(request, "agreements/rule_set_publish.html", context, status=status)


@require_http_methods(GET_AND_POST)
def rule_set_discard(request: HttpRequest, number: int) -> HttpResponse:
    draft = open_rule_set(request, number, write=True)
    if request.method != "POST":
        return _published(request, draft) or render(request, "agreements/rule_set_discard.html", {"rule_set": draft})
    try:
        actions.discard_draft(by=request.user, number=number)  # type: ignore[arg-type]  # login is demanded
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("rule_set", number)
    messages.success(request, "Utkastet är kastat.")
    return redirect("rule_sets")
