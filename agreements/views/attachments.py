"""The files attached to an agreement: listed, added, renamed, removed and handed out."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.actions import attaching
from agreements.attached import attached_lines
from agreements.forms.attachments import AttachmentForm, UploadForm, form_of
from agreements.gather import Whole
from agreements.inspecting.kinds import PICTURES
from agreements.models import AttachedFile, Attachment
from agreements.states import State
from agreements.views.doors import is_part, may, open_version, posted
from contacts.access import Permission, reach_of
from contacts.errors import Refused
from contacts.models import User

logger = logging.getLogger(__name__)

LIST = "filer"
MOST_ROUNDS = 60
"""How many times the list asks anew while a file is being checked, two seconds apart."""


@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of a version and, in a draft, the form to add one. An htmx request gets the list alone."""
    is_post = request.method == "POST"
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS if is_post else None)
    form = UploadForm(posted(request), request.FILES if is_post else None, whole.template_sections)
    if is_post and form.is_valid():
        try:
            added = attaching.attach(by=cast(User, request.user), version_id=pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(_field_of(refusal), str(refusal))
        else:
            messages.success(request, f"”{added.title}” är bifogad. Den kan öppnas när den är kontrollerad.")
            return redirect("attachments", pk)
    context = _listed(request, whole) | {"form": form}
    page = "agreements/_attachments.html" if is_part(request, LIST) else "agreements/attachments.html"
    return render(request, page, context, status=422 if form.errors else 200)


def _field_of(refusal: Refused) -> str | None:
    return "upload" if isinstance(refusal, attaching.RefusedFile) else None


def _listed(request: HttpRequest, whole: Whole) -> dict[str, Any]:
    reach = reach_of(request.user)
    names = reach.sees_names(whole.organisation_ids)
    asked = request.GET.get("varv", "")
    spent = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    lines = attached_lines(whole.attachments, names=names)
    titles = {section.key: f"{section.number} {section.title}" for section in whole.template_sections}
    return {
        "version": whole.version,
        "files": [(line, titles.get(line.section_key, "")) for line in lines],
        "may_write": may(reach, Permission.EDIT_AGREEMENTS, whole) and whole.version.state == State.DRAFT,
        "sees_names": names,
        "ask_again": any(line.waits for line in lines) and spent < MOST_ROUNDS,
        "round": spent + 1,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_change(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    whole, attachment = _open(request, pk, attachment_pk, Permission.EDIT_AGREEMENTS)
    form = form_of(attachment, posted(request), whole.template_sections)
    if request.method == "POST" and form.is_valid():
        return _renamed(request, whole, attachment, form)
    return _change_page(request, whole, attachment, form)


def _renamed(request: HttpRequest, whole: Whole, attachment: Attachment, form: AttachmentForm) -> HttpResponse:
    try:
        attaching.rename_attachment(by=cast(User, request.user), attachment_id=attachment.pk, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _change_page(request, whole, attachment, form)
    messages.success(request, "Ändringen är sparad.")
    return redirect("attachments", whole.version.pk)


def _change_page(request: HttpRequest, whole: Whole, attachment: Attachment, form: AttachmentForm) -> HttpResponse:
    context = {"version": whole.version, "attachment": attachment, "form": form}
    return render(request, "agreements/attachment_change.html", context, status=422 if form.errors else 200)


@require_POST
def attachment_remove(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    _whole, attachment = _open(request, pk, attachment_pk, Permission.EDIT_AGREEMENTS)
    try:
        attaching.remove_attachment(by=cast(User, request.user), attachment_id=attachment.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"”{attachment.title}” är borttagen.")
    return redirect("attachments", pk)


@require_safe
def attachment_download(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse | FileResponse:
    """The file itself, to those who read the agreement and see names, once it has been cleared. No browser keeps it."""
    whole, attachment = _open(request, pk, attachment_pk)
    if not reach_of(request.user).sees_names(whole.organisation_ids):
        return render(request, "agreements/attachment_refused.html", {"version": whole.version}, status=403)
    if attachment.file.status != AttachedFile.Status.CLEAR:
        raise Http404("Filen kontrolleras fortfarande, eller är stoppad.")
    return file_response(attachment.file, attachment.name)


def file_response(file: AttachedFile, name: str) -> FileResponse:
    try:
        content = file.file.open("rb")
    except FileNotFoundError:
        logger.error("the stored file %s is missing: %s", file.pk, file.file.name)
        raise Http404("Filen saknas. Felet är antecknat i systemets logg.") from None
    response = FileResponse(
        content, as_attachment=file.kind not in PICTURES, filename=name, content_type=file.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _open(
    request: HttpRequest, pk: int, attachment_pk: int, permission: Permission | None = None
) -> tuple[Whole, Attachment]:
    """An attachment of the version, or of a follow-up of its agreement; 404 for any other, and to outsiders."""
    whole = open_version(request, pk, permission)
    attachment = Attachment.objects.belonging_to(whole.version).filter(pk=attachment_pk).first()
    if attachment is None:
        raise Http404("Filen finns inte, eller hör inte till överenskommelsen.")
    return whole, attachment
