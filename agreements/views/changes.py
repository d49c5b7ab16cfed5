"""What a new version changes: the sections that differ from the version before it open, the others folded."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agreements.changes import Difference, changes, gone
from agreements.gather import Whole
from agreements.models import Version
from agreements.sheets import sheets
from agreements.views.body import document_for, parties_for, staffing
from agreements.views.doors import open_version
from agreements.views.reading import reader_of
from contacts.access import reach_of


@require_safe
def agreement_changes(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk)
    before = version_before(whole.version)
    if before is None:
        raise Http404("Det finns ingen tidigare version att jämföra med.")
    reader = reader_of(whole, reach_of(request.user))
    document = document_for(whole, reader)
    found = changes(before.frozen or {}, whole.document)
    told = {change.key: change for change in found}
    rows = [(sheet, told[sheet.key]) for sheet in sheets(document, [])]
    context = {
        "version": whole.version,
        "before": before,
        "changed": [row for row in rows if row[1].difference is not Difference.SAME],
        "same": [row for row in rows if row[1].difference is Difference.SAME],
        "gone": gone(before.frozen or {}, whole.document),
        "document": document,
        "parties": parties_for(whole, reader),
        "sees_names": reader.names,
        "staffing": staffing(whole) if reader.names else None,
        "total": len(rows),
        "editable_keys": _editable(whole) if reader.editable else set(),
    }
    return render(request, "agreements/changes.html", context)


def version_before(version: Version) -> Version | None:
    """The signed version that this one was begun from: the latest before it."""
    signed = Version.objects.filter(agreement=version.agreement_id, number__lt=version.number, signed_at__isnull=False)
    return signed.order_by("-number").first()


def _editable(whole: Whole) -> set[str]:
    return {section.key for section in whole.template_sections if section.definition}
