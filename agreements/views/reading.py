"""The agreement's own page, and the panel of flags that refreshes itself after a save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.gather import Whole
from agreements.models import Flag, Section, Signature
from agreements.sheets import flag_lines, progress, section_address, sheets
from agreements.states import State
from agreements.steps import situation
from agreements.views.copies import copies_panel
from agreements.views.doors import may, open_version
from contacts.access import Permission, Reach, reach_of
from contacts.models import Event, Holder

MOST_ROUNDS = 20
"""How many times the panel asks anew while a check is on its way, two seconds apart."""


@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk)
    reach = reach_of(request.user)
    signatures = {s.party_id: s for s in Signature.objects.filter(version=whole.version)}
    editable = is_editable(whole, reach)
    flags = open_flags(whole)
    names = reach.sees_names(whole.organisation_ids)
    context = {
        "whole": whole,
        "version": whole.version,
        "situation": situation(whole.version, whole.parties, reach, signatures, left_of(whole)),
        "left": [(whole.template_section(item.section).number, item) for item in left_of(whole)],
        "sees_names": names,
        "progress": navigation(whole, flags),
        "sheets": sheets(whole.document, flags, edit_address(whole) if editable else None),
        "parties": [(party, signatures.get(party.pk)) for party in whole.parties],
        "last": last_written(whole),
        "staffing": staffing(whole) if names else None,
        **flag_panel(whole, flags, reach),
        **copies_panel(whole, reach),
    }
    return render(request, "agreements/agreement.html", context)


@require_safe
def flags(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel alone."""
    whole = open_version(request, pk)
    round_number = request.GET.get("varv", "")
    spent = int(round_number) if round_number.isdecimal() and len(round_number) < 4 else 0
    only = request.GET.get("avsnitt", "")
    found = [flag for flag in open_flags(whole) if only in ("", flag.section_key)]
    context = {"version": whole.version, **flag_panel(whole, found, reach_of(request.user), spent=spent, only=only)}
    return render(request, "agreements/_flags.html", context)


def is_editable(whole: Whole, reach: Reach) -> bool:
    return whole.version.state == State.DRAFT and may(reach, Permission.EDIT_AGREEMENTS, whole)


def left_of(whole: Whole) -> list[Any]:
    """What is left to write; a text that is fixed has nothing left."""
    return [] if whole.version.is_frozen or whole.version.state == State.DISCARDED else whole.left


def open_flags(whole: Whole) -> list[Flag]:
    return list(Flag.objects.open().filter(version=whole.version))


def flag_panel(whole: Whole, flags: list[Flag], reach: Reach, *, spent: int = 0, only: str = "") -> dict[str, Any]:
    """The flags, and whether a check is on its way so that the panel should ask again; `only` is a section's key."""
    subjects = [whole.version.subject, *(f"contact_point:{row.contact_point_id}" for row in whole.contacts)]
    waiting = Event.objects.about(*subjects).filter(pending=True).exists()
    contents = {key: section.content for key, section in whole.sections.items()} if flags else {}
    editable = is_editable(whole, reach)
    names = reach.sees_names(whole.organisation_ids)
    lines = flag_lines(flags, whole.version.pk, contents, editable=editable, names=names)
    return {
        "flags": lines,
        "waiting": waiting,
        "ask_again": waiting and spent < MOST_ROUNDS,
        "round": spent + 1,
        "only": only,
        "editable": editable,
    }


def navigation(whole: Whole, flags: list[Flag], *, to_fields: bool = False) -> list[Any]:
    """The sections with their progress, leading down the page or to each section's form."""
    pk = whole.version.pk
    address = (lambda key: section_address(pk, key)) if to_fields else (lambda key: f"#avsnitt-{key}")
    return progress(whole.sources, left_of(whole), flags, address)


def edit_address(whole: Whole) -> Callable[[str], str]:
    """Where a section is written; empty for one that holds national text alone."""
    open_ones = {section.key for section in whole.template_sections if section.definition}
    return lambda key: section_address(whole.version.pk, key) if key in open_ones else ""


def last_written(whole: Whole) -> Section | None:
    written = [section for section in whole.sections.values() if section.changed_at]
    return max(written, key=lambda section: section.changed_at, default=None)  # type: ignore[arg-type, return-value]


def staffing(whole: Whole) -> list[dict[str, Any]]:
    """Who holds each function today, by party: annex B4."""
    points = {row.contact_point_id: row for row in whole.contacts}
    holders = {
        h.contact_point_id: h for h in Holder.objects.current(timezone.localdate()).filter(contact_point__in=points)
    }
    return [
        {
            "party": row.party.name,
            "function": row.contact_point.name,
            "contact_point": row.contact_point_id,
            "holder": holders.get(row.contact_point_id),
        }
        for row in points.values()
    ]
