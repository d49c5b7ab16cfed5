"""A template as the agreement it would become, as a page and as PDF; and what differs between two versions."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agreements.actions import printing
from agreements.comparing import Comparison, compare, template_as_document, words_of_tally
from agreements.document import Document, text_hash
from agreements.models import PrintedCopy, TemplateVersion
from agreements.national.specimen import specimen
from agreements.redline import redline
from agreements.sheets import sheets
from agreements.views.copies import MOST_ROUNDS, as_file
from agreements.views.template import edits, open_template

CONTENTS: Final = {"tom": "Tom", "exempel": "Med exempel"}


@dataclass(frozen=True)
class Trial:
    """A trial print of the template with one of the contents, when it has been ordered."""

    content: str
    label: str
    copy: PrintedCopy | None

    @property
    def waits(self) -> bool:
        return self.copy is not None and self.copy.made_at is None and self.copy.failed_at is None


def document_of(version: TemplateVersion, content: str) -> Document:
    """With the same example day all year round, so that the same template is the same text."""
    day = datetime.date(timezone.localdate().year + 1, 1, 1)
    parts = list(version.sections.all())
    return specimen(version.number, version.name, parts, day, filled=content == "exempel")


def asked_content(given: str) -> str:
    if given not in CONTENTS:
        raise Http404("Det finns ingen sådan förhandsvisning.")
    return given


@require_safe
def template_preview(request: HttpRequest, number: int) -> HttpResponse:
    version = open_template(request, number)
    content = asked_content(request.GET.get("innehall", "tom"))
    document = document_of(version, content)
    context = {
        "template_version": version,
        "content": content,
        "tabs": [(label, f"?innehall={key}", key == content) for key, label in CONTENTS.items()],
        "document": document,
        "sheets": sheets(document, []),
        "parties": [],
        "sees_names": False,
        "staffing": [],
        **trials_panel(request, version),
    }
    return render(request, "agreements/template_preview.html", context)


def trials_panel(request: HttpRequest, version: TemplateVersion, *, spent: int = 0) -> dict[str, Any]:
    """The trial prints, for those who edit the template."""
    lines = trials(version) if edits(request) else []
    waiting = any(line.waits for line in lines)
    return {
        "template_version": version,
        "trials": lines,
        "copies_ask_again": waiting and spent < MOST_ROUNDS,
        "copies_wait": waiting,
        "copies_round": spent + 1,
    }


def trials(version: TemplateVersion) -> list[Trial]:
    hashes = {content: text_hash(document_of(version, content)) for content in CONTENTS}
    rows = version.copies.filter(text_hash__in=hashes.values()).defer("document")
    copies = {copy.text_hash: copy for copy in rows}
    return [Trial(content, CONTENTS[content], copies.get(hashed)) for content, hashed in hashes.items()]


@require_safe
def template_trials(request: HttpRequest, number: int) -> HttpResponse:
    """The panel alone, for a page that waits."""
    version = open_template(request, number, write=True)
    asked = request.GET.get("varv", "")
    spent = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    return render(request, "agreements/_template_trials.html", trials_panel(request, version, spent=spent))


@require_POST
def template_trial_order(request: HttpRequest, number: int, content: str) -> HttpResponse:
    """Have a worker print the template as it stands."""
    version = open_template(request, number, write=True)
    document = document_of(version, asked_content(content))
    printing.order_of_template(by=request.user, template=version, document=document, now=timezone.now())  # type: ignore[arg-type]
    return redirect(f"{request.path.rsplit('/pdf/', 1)[0]}/forhandsvisning/?innehall={content}#exemplar")


@require_safe
def template_trial(request: HttpRequest, number: int, content: str) -> FileResponse:
    version = open_template(request, number, write=True)
    line = next(line for line in trials(version) if line.content == asked_content(content))
    if line.copy is None or line.copy.made_at is None:
        raise Http404("Det finns ingen sådan PDF.")
    return as_file(line.copy, f"mall-{number}-{content}.pdf")


@require_safe
def template_compare(request: HttpRequest, number: int, other: int) -> HttpResponse:
    """What the first says otherwise than the other, clause by clause."""
    new, old = open_template(request, number), open_template(request, other)
    comparison = compared(old, new)
    context = {
        "new": new,
        "old": old,
        "redline": redline(comparison),
        "is_same": comparison.is_same,
        "tally": words_of_tally(comparison.tally),
    }
    return render(request, "agreements/template_compare.html", context)


def compared(old: TemplateVersion, new: TemplateVersion) -> Comparison:
    documents = [template_as_document(one.number, one.name, list(one.sections.all())) for one in (old, new)]
    return compare(*documents)
