"""Publishing a template from a day on, taking it back before that day, and closing an old one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements.actions import template_publishing as actions
from agreements.forms.template_publishing import CloseForm, PublishForm
from agreements.models import TemplateVersion
from agreements.views.doors import posted
from agreements.views.template import open_template, when
from agreements.views.template_drafts import GET_AND_POST, published
from contacts.errors import Refused, Stale

CHANGED_MEANWHILE = "Utkastet har ändrats sedan du öppnade sidan. Läs vad som skiljer innan du publicerar."


@require_http_methods(GET_AND_POST)
def template_publish(request: HttpRequest, number: int) -> HttpResponse:
    draft = open_template(request, number, write=True)
    form = PublishForm(posted(request), seen=_mark(draft), today=timezone.localdate())
    if request.method != "POST":
        return published(request, draft) or _publish_page(request, draft, form)
    if not form.is_valid():
        return _publish_page(request, draft, form, status=422)
    try:
        version = actions.publish(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            number=number,
            seen=form.cleaned_data["seen"],
            valid_from=form.cleaned_data["valid_from"],
            close_others=form.cleaned_data["close_others"],
            now=timezone.localtime(),
        )
    except (Refused, Stale) as refusal:
        form.add_error(None, str(refusal) if isinstance(refusal, Refused) else CHANGED_MEANWHILE)
        form.accept(_mark(draft))
        return _publish_page(request, draft, form, status=409)
    messages.success(request, f"{version.name} är publicerad.")
    return redirect("template", number)


def _mark(draft: TemplateVersion) -> str:
    return actions.mark_of(draft, list(draft.sections.all()))


def _publish_page(request: HttpRequest, draft: TemplateVersion, form: PublishForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    faults = actions.faults_of(list(draft.sections.all()), today)
    context = {
        "template_version": draft,
        "form": form,
        "faults": faults,
        "stops": any(fault.blocks for fault in faults),
        "current": TemplateVersion.objects.open_for_new_agreements(today).first(),
        "coming": TemplateVersion.objects.published().filter(valid_from__gt=today).order_by("valid_from"),
    }
    return render(request, "agreements/template_publish.html", context, status=status)


@require_http_methods(GET_AND_POST)
def template_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    version = open_template(request, number, write=True)
    today = timezone.localdate()
    if request.method != "POST":
        if when(version, today) != "coming":
            messages.info(request, "Bara en mall som inte har börjat gälla kan tas tillbaka.")
            return redirect("template", number)
        return render(request, "agreements/template_withdraw.html", {"template_version": version})
    try:
        actions.withdraw(by=request.user, number=number, today=today)  # type: ignore[arg-type]  # login is demanded
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Publiceringen är tillbakatagen. Mallen är ett utkast igen.")
    return redirect("template", number)


@require_http_methods(GET_AND_POST)
def template_close(request: HttpRequest, number: int) -> HttpResponse:
    version = open_template(request, number, write=True)
    form = CloseForm(posted(request), initial={"valid_to": version.valid_to}, label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return _close_page(request, version, form, status=422 if form.errors else 200)
    try:
        actions.close(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            number=number,
            valid_to=form.cleaned_data["valid_to"],
            today=timezone.localdate(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _close_page(request, version, form, status=409)
    messages.success(request, "Sparat.")
    return redirect("template", number)


def _close_page(request: HttpRequest, version: TemplateVersion, form: CloseForm, status: int = 200) -> HttpResponse:
    if version.is_draft:
        messages.info(request, "Ett utkast är inte öppet för nya överenskommelser.")
        return redirect("template", version.number)
    context = {"template_version": version, "form": form}
    return render(request, "agreements/template_close.html", context, status=status)
