"""Starting, writing and throwing away a draft of the national template. Nothing typed is ever lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from agreements.actions import template_drafts as actions
from agreements.forms.section import with_added_row
from agreements.forms.templates import FactsForm, Outline, SectionEditor
from agreements.models import TemplateSection, TemplateVersion
from agreements.national.definition import InvalidDefinition
from agreements.national.footing import resting_on
from agreements.presenters.templates import in_words
from agreements.views.doors import posted
from agreements.views.template import edits, open_template
from contacts.errors import Refused, Stale

GET_AND_POST = ["GET", "HEAD", "POST"]
NOT_WHOLE = "Allt på sidan kom inte fram. Försök spara en gång till."


@require_POST
def template_start(request: HttpRequest) -> HttpResponse:
    if not edits(request):
        raise PermissionDenied
    try:
        draft = actions.start_draft(by=request.user)  # type: ignore[arg-type]  # login is demanded by middleware
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("template_list")
    messages.success(request, "Utkastet är en kopia av den senaste mallen. Inget gäller förrän du publicerar.")
    return redirect("template", draft.number)


def published(request: HttpRequest, version: TemplateVersion) -> HttpResponse | None:
    """The way back from a form that has nothing to change any more."""
    if version.is_draft:
        return None
    messages.info(request, "Mallen är publicerad och kan inte ändras. Skapa ett utkast till en ny version i stället.")
    return redirect("template", version.number)


@require_http_methods(GET_AND_POST)
def template_facts(request: HttpRequest, number: int) -> HttpResponse:
    draft = open_template(request, number, write=True)
    initial = {"name": draft.name, "news": draft.news, "note": draft.note, "revision": draft.revision}
    form = FactsForm(posted(request), initial=initial)
    if request.method != "POST":
        return published(request, draft) or _facts_page(request, draft, form)
    if not form.is_valid():
        return _facts_page(request, draft, form, status=422)
    try:
        actions.save_facts(by=request.user, number=number, facts=form.facts(), revision=form.seen)  # type: ignore[arg-type]
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _facts_page(request, draft, form, status=409)
    except Stale as stale:
        form.accept_revision(stale.current.revision)
        return _facts_page(request, stale.current, form, status=409, conflict=True)
    messages.success(request, "Utkastet är sparat.")
    return redirect("template", number)


def _facts_page(
    request: HttpRequest, draft: TemplateVersion, form: FactsForm, status: int = 200, *, conflict: bool = False
) -> HttpResponse:
    context = {"template_version": draft, "form": form, "conflict": conflict}
    return render(request, "agreements/template_facts.html", context, status=status)


@require_http_methods(GET_AND_POST)
def template_outline(request: HttpRequest, number: int) -> HttpResponse:
    draft = open_template(request, number, write=True)
    data = posted(request)
    if data is not None and "add_row" in data:
        return _outline_page(request, draft, Outline(draft.sections.all(), with_added_row(data), draft.revision))
    outline = Outline(draft.sections.all(), data, draft.revision)
    if request.method != "POST":
        return published(request, draft) or _outline_page(request, draft, outline)
    if not outline.is_whole():
        return _outline_page(request, draft, outline, status=422, refusal=NOT_WHOLE)
    return _save_outline(request, draft, outline)


def _save_outline(request: HttpRequest, draft: TemplateVersion, outline: Outline) -> HttpResponse:
    try:
        actions.save_outline(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            number=draft.number,
            rows=outline.asked(),
            seen=outline.seen(),
            revision=outline.form.seen,
        )
    except InvalidDefinition as invalid:
        outline.place(invalid.errors)
        return _outline_page(request, draft, outline, status=422)
    except Refused as refusal:
        return _outline_page(request, draft, outline, status=409, refusal=str(refusal))
    except Stale as stale:
        theirs = list(stale.current.sections.all())
        mine = outline.reconciled(theirs, stale.current.revision)
        return _outline_page(request, stale.current, mine, status=409, theirs=theirs)
    messages.success(request, "Avsnitten är sparade.")
    return redirect("template", draft.number)


def _outline_page(
    request: HttpRequest, draft: TemplateVersion, outline: Outline, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"template_version": draft, "outline": outline, "refusal": "", "theirs": [], **more}
    return render(request, "agreements/template_outline.html", context, status=status)


@require_http_methods(GET_AND_POST)
def template_section(request: HttpRequest, number: int, key: str) -> HttpResponse:
    draft = open_template(request, number, write=True)
    section = draft.sections.filter(key=key).first()
    if section is None:
        raise Http404("Avsnittet finns inte i mallen.")
    if request.method != "POST":
        return published(request, draft) or _section_page(request, section, SectionEditor(section, None))
    data = posted(request) or QueryDict()
    if "add_row" in data:
        return _section_page(request, section, SectionEditor(section, with_added_row(data)))
    editor = SectionEditor(section, data)
    if not editor.is_whole():
        return _section_page(request, section, editor, status=422, refusal=NOT_WHOLE)
    return _save_section(request, section, editor)


def _save_section(request: HttpRequest, section: TemplateSection, editor: SectionEditor) -> HttpResponse:
    number, key = section.version.number, section.key
    try:
        actions.save_section(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            number=number,
            key=key,
            change=editor.change(),
            revision=editor.texts.seen,
        )
    except InvalidDefinition as invalid:
        editor.place(invalid.errors)
        return _section_page(request, section, editor, status=422)
    except (Refused, TemplateSection.DoesNotExist) as refusal:
        gone = "Avsnittet har tagits bort av någon annan. Texten nedan är din; kopiera det du vill behålla."
        words = str(refusal) if isinstance(refusal, Refused) else gone
        return _section_page(request, section, editor, status=409, refusal=words)
    except Stale as stale:
        editor.texts.accept_revision(stale.current.revision)
        return _section_page(request, stale.current, editor, status=409, theirs=in_plain_sight(stale.current))
    messages.success(request, f"{section.number} {section.title} är sparat.")
    return redirect("template_section" if "stay" in request.POST else "template", *_place(request, number, key))


def _place(request: HttpRequest, number: int, key: str) -> tuple[Any, ...]:
    return (number, key) if "stay" in request.POST else (number,)


def in_plain_sight(section: TemplateSection) -> dict[str, Any]:
    """What somebody else has saved, to be read beside one's own."""
    return {
        "locked": mark_safe(section.locked),  # noqa: S308 - cleaned when it was saved
        "guidance": mark_safe(section.guidance),  # noqa: S308 - as above
        "fields": [in_words(field) for field in section.fields],
    }


def _section_page(
    request: HttpRequest, section: TemplateSection, editor: SectionEditor, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "template_version": section.version,
        "section": section,
        "editor": editor,
        "resting": resting_on(section.key),
        "refusal": "",
        "theirs": None,
        **more,
    }
    return render(request, "agreements/template_section.html", context, status=status)


@require_http_methods(GET_AND_POST)
def template_discard(request: HttpRequest, number: int) -> HttpResponse:
    draft = open_template(request, number, write=True)
    if request.method != "POST":
        page = render(request, "agreements/template_discard.html", {"template_version": draft})
        return published(request, draft) or page
    try:
        actions.discard_draft(by=request.user, number=number)  # type: ignore[arg-type]  # login is demanded
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("template", number)
    messages.success(request, "Utkastet är kastat.")
    return redirect("template_list")
