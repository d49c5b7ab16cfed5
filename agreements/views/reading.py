"""The agreement's own page, and the panel of flags that refreshes itself after a save."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.actions.reviewing import standing_review
from agreements.chased import letters_sent
from agreements.gather import Whole
from agreements.models import SignedFile
from agreements.notices import notice_links, tell_leaving
from agreements.review import Progress, progress
from agreements.sheets import FlagPiles, Reader, flag_lines
from agreements.signed_lines import SignedLine, signed_line
from agreements.states import SIGNED, WORKING, State
from agreements.steps import situation, with_signed_file
from agreements.views.amending import amendable
from agreements.views.body import Body, Happened, body_of, happened, panel_for, parties_for
from agreements.views.copies import copies_panel
from agreements.views.doors import may, open_version
from agreements.views.standing import stands_of
from agreements.views.upgrading import upgrade_panel
from contacts.access import Permission, Reach, reach_of

MOST_ROUNDS = 20
"""How many times the panel asks anew while a check is on its way, two seconds apart."""


@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk)
    reach = reach_of(request.user)
    reader = reader_of(whole, reach)
    now = happened(whole)
    body = body_of(whole, reader, now)
    today = timezone.localdate()
    tell_leaving(whole.parties, body.notices, today)
    parties = parties_for(whole, reader)
    left = [item for *_, item in body.left]
    signed = {party.pk for party, signature in parties if signature}
    own = {party.pk for party, signature in parties if signature and signature.user_id == request.user.pk}
    files = signed_files(whole, reader)
    context = {
        "version": whole.version,
        "body": body,
        "situation": with_signed_file(
            situation(
                whole.version,
                whole.parties,
                reach,
                signed,
                left,
                amendable(whole, body.others),
                review_of(whole, body),
                own,
            ),
            whole.version,
            writes=reader.writes,
            waiting=next((file.pk for file in files if not file.is_counted), None),
        ),
        "standing": whole.version.standing(amending=any(other.state in WORKING for other in body.others)),
        "parties": parties,
        "has_changes": any(other.number < whole.version.number for other in body.others),
        "declined": body.declined,
        "notices": body.notices,
        "notice_links": notice_links(whole.version, whole.parties, body.notices, reach, today),
        "sees_names": reader.names,
        **flag_panel(body.flags, pk, reader, now),
        "stands": stands_of(whole, reach),
        "signed_files": files,
        **copies_panel(whole, reach),
        **upgrade_panel(whole, reach),
    }
    return render(request, "agreements/agreement.html", context)


def signed_files(whole: Whole, reader: Reader) -> list[SignedLine]:
    """Files that were signed outside the portal: those that count or wait. Only a fixed text can have any."""
    if not whole.version.is_frozen:
        return []
    rows = SignedFile.objects.with_files().standing().filter(version=whole.version)
    return [signed_line(row, names=reader.names) for row in rows]


def review_of(whole: Whole, body: Body) -> Progress | None:
    """How far the review has come, while there is one."""
    if whole.version.state != State.PROPOSED:
        return None
    return progress(standing_review(whole, body.hashes))


@require_safe
def flags(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel alone, of the whole agreement or of one section."""
    whole = open_version(request, pk)
    asked, only = request.GET.get("varv", ""), request.GET.get("avsnitt", "")
    spent = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    reader = reader_of(whole, reach_of(request.user))
    panel = flag_panel(lines_of(whole, reader, only), pk, reader, happened(whole), spent=spent, only=only)
    return render(request, "agreements/_flags.html", {"version": whole.version, **panel})


def reader_of(whole: Whole, reach: Reach) -> Reader:
    writes = may(reach, Permission.EDIT_AGREEMENTS, whole)
    return Reader(
        editable=writes and whole.version.state == State.DRAFT,
        names=reach.sees_names(whole.organisation_ids),
        writes=writes,
        is_fixed=whole.version.state in SIGNED,
        reads=None
        if reach.nationally(Permission.READ_NATION)
        else reach.organisations(Permission.READ_AGREEMENTS) & whole.organisation_ids,
    )


def lines_of(whole: Whole, reader: Reader, only: str = "") -> FlagPiles:
    """The open flags, or those of one section."""
    found = [flag for flag in whole.open_flags if only in ("", flag.section_key)]
    contents = {key: section.content for key, section in whole.sections.items()} if found else {}
    return FlagPiles.of(flag_lines(found, panel_for(reader, whole.version.pk, contents)))


def flag_panel(
    flags: FlagPiles, version_id: int, reader: Reader, now: Happened, *, spent: int = 0, only: str = ""
) -> dict[str, Any]:
    """The flags, and whether a check is on its way so that the panel should ask again; `only` is a section's key."""
    return {
        "flags": flags,
        "waiting": now.pending,
        "ask_again": now.pending and spent < MOST_ROUNDS,
        "round": spent + 1,
        "only": only,
        "editable": reader.editable,
        "may_waive": reader.writes,
        "letters": letters_sent(version_id, names=reader.names) if flags.pressing else [],
    }
