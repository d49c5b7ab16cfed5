"""The part of an agreement's page that depends on the agreement alone, made once for each thing that happens to it.

Every change writes a history row in its own transaction, and every check stamps the version; so the newest row and
the stamp name a text exactly. Nothing is kept while a check is on its way. A cache that is away costs time, not truth.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.core.cache import cache
from django.db import connection
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from agreements.attached import attached_lines
from agreements.covering import Signed, covered_document, covered_parties
from agreements.declined import Declined, declined_of
from agreements.document import Document
from agreements.followed import read_followed
from agreements.gather import Whole
from agreements.models import VerdictPeriod, Version, signature_of
from agreements.notices import NoticeLine, notice_lines
from agreements.review import section_hashes
from agreements.rules import Left
from agreements.sheets import FlagPiles, Panel, Reader, flag_lines, progress, section_addresses, sheets
from agreements.states import SIGNED, WORKING, State
from agreements.steps import Sibling
from contacts.models import Holder

KEEP = 15 * 60
KEPT_AS = "overenskommelse5"
"""Raised when what is kept is no longer made as before, so that nothing made the old way is shown."""
NEWEST = """
    SELECT max(id), bool_or(pending) FROM contacts_event WHERE subject IN (
        SELECT %s UNION ALL
        SELECT 'contact_point:' || contact_point_id FROM agreements_agreementcontact WHERE version_id = %s)
"""
"""In SQL, since putting the query together would take longer than running it, on the page that is read most."""
PARTS = (
    "agreements/_nav.html",
    "agreements/_document.html",
    "agreements/_attached.html",
    "agreements/_blocks.html",
    "agreements/_level.html",
    "agreements/_marks_slot.html",
    "agreements/_following.html",
)


@dataclass(frozen=True)
class Happened:
    """The newest history row of the agreement and its contact points, and whether consequences are left to draw."""

    last: int
    pending: bool


@dataclass(frozen=True)
class Body:
    nav: SafeString
    text: SafeString
    left: list[tuple[str, str, Left]]
    others: list[Sibling]
    flags: FlagPiles
    level: SafeString
    declined: Declined | None
    notices: list[NoticeLine]
    following: SafeString
    last_at: datetime.datetime | None
    last_by: str
    text_hash: str
    talk: SafeString
    """Where what is new to the reader comes, once the page is shown: nothing of one user's is kept here."""
    hashes: dict[str, str]
    """Of each section, while the text is under review."""


def happened(whole: Whole) -> Happened:
    """One query, however long the history is or however many contact points there are."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [whole.version.subject, whole.version.pk])
        last, pending = cursor.fetchone()
    return Happened(last or 0, bool(pending))


def body_of(whole: Whole, reader: Reader, now: Happened) -> Body:
    """The kept part of the page, or a new one."""
    key = _key(whole, reader, now)
    body: Body | None = None if now.pending else cache.get(key)
    if body is None:
        body = _make(whole, reader, now)
        if not now.pending:
            cache.set(key, body, KEEP)
    whole.current_hash = body.text_hash
    return body


def _key(whole: Whole, reader: Reader, now: Happened) -> str:
    version = whole.version
    named = (
        version.pk,
        version.created_at.timestamp(),
        now.last,
        version.state,
        version.checked_at.timestamp() if version.checked_at else 0,
        int(reader.editable),
        int(reader.names),
        int(reader.writes),
        "all" if reader.reads is None else ".".join(map(str, sorted(reader.reads))),
        timezone.localdate(),
        _fashion(),
    )
    return f"{KEPT_AS}:" + ":".join(str(part) for part in named)


@lru_cache(maxsize=1)
def _fashion() -> str:
    """Changes with the templates, so that a new release shows itself at once."""
    sources = (get_template(name).template.source for name in PARTS)  # type: ignore[attr-defined]  # Django's backend
    return hashlib.sha256("".join(sources).encode()).hexdigest()[:12]


def _make(whole: Whole, reader: Reader, now: Happened) -> Body:
    flags = whole.open_flags
    address, talk_address = section_addresses(whole.version.pk), talk_addresses(whole.version.pk)
    document = document_for(whole, reader)
    shown = sheets(document, flags, _edit_address(whole, address) if reader.editable else None)
    for sheet in shown:
        sheet.talk = talk_address(sheet.key)
    context = {
        "sheets": shown,
        "document": document,
        "parties": parties_for(whole, reader),
        "sees_names": reader.names,
        "staffing": staffing(whole) if reader.names else None,
        "attached": attached_lines(whole.attachments, names=reader.names),
        "version": whole.version,
        "progress": progress(whole.sources, left_of(whole), flags, lambda key: f"#avsnitt-{key}"),
    }
    contents = {key: section.content for key, section in whole.sections.items()} if flags else {}
    last_at, last_by = last_written(whole)
    return Body(
        nav=render_to_string("agreements/_nav.html", context | {"here": "", "current": ""}),
        text=render_to_string("agreements/_document.html", context),
        left=[
            (whole.template_section(item.section).number, address(item.section, item.anchor), item)
            for item in left_of(whole)
        ],
        flags=FlagPiles.of(flag_lines(flags, panel_for(reader, whole.version.pk, contents))),
        level=render_to_string("agreements/_level.html", level_panel(whole)),
        declined=declined_of(whole.version, names=reader.names),
        notices=notice_lines(whole.version, whole.parties, names=reader.names),
        following=render_to_string("agreements/_following.html", following_panel(whole, reader)),
        others=siblings(whole.version),
        last_at=last_at,
        last_by=last_by,
        text_hash=whole.current_hash,
        talk=render_to_string("agreements/_marks_slot.html", slot(whole, now)),
        hashes=section_hashes(whole.document) if whole.version.state == State.PROPOSED else {},
    )


def slot(whole: Whole, now: Happened) -> dict[str, object]:
    """Asks for what is new to the reader, with the newest row of history that the page shows."""
    address = reverse("marks", args=(whole.version.pk,))
    return {"version": whole.version, "address": f"{address}?sett={now.last}&rubriker=1"}


def talk_addresses(version_id: int) -> Callable[[str], str]:
    """From a section's key to where it is talked about."""
    start, _, end = reverse("section_talk", args=(version_id, "avsnitt-nyckel")).rpartition("avsnitt-nyckel")
    return lambda key: f"{start}{key}{end}"


def panel_for(reader: Reader, version_id: int, contents: Mapping[str, Mapping[str, object]]) -> Panel:
    return Panel(version_id, contents, timezone.localdate(), reader)


def level_panel(whole: Whole) -> dict[str, object]:
    """How the version stood to the lowest level when it was checked last, in short."""
    now = VerdictPeriod.objects.filter(version=whole.version, until__isnull=True)
    level, short_of = now.values_list("level", "short_of").first() or ("", [])
    return {"version": whole.version, "level": level, "short": len(short_of), "is_work": whole.version.state in WORKING}


def following_panel(whole: Whole, reader: Reader) -> dict[str, object]:
    """How a signed agreement is followed up, in short; nothing before it is signed."""
    signed = whole.version.state in SIGNED
    followed = read_followed(whole, timezone.localdate(), names=reader.names) if signed else None
    return {"version": whole.version, "followed": followed, "sees_names": reader.names}


def document_for(whole: Whole, reader: Reader) -> Document:
    return whole.document if reader.names else covered_document(whole.document)


def parties_for(whole: Whole, reader: Reader) -> list[Signed]:
    """Each party and its signature, if it has signed."""
    parties = [(party, signature_of(party)) for party in whole.parties]
    return parties if reader.names else covered_parties(parties)


def siblings(version: Version) -> list[Sibling]:
    """The agreement's other versions, oldest first; what happens to one of them is told under the same subject."""
    rows = Version.objects.filter(agreement=version.agreement_id).exclude(pk=version.pk).exclude(state=State.DISCARDED)
    return [Sibling(*row) for row in rows.order_by("number").values_list("pk", "number", "state")]


def _edit_address(whole: Whole, address: Callable[..., str]) -> Callable[[str], str]:
    """Where a section is written; empty for one that holds national text alone."""
    open_ones = {section.key for section in whole.template_sections if section.definition}
    return lambda key: address(key) if key in open_ones else ""


def left_of(whole: Whole) -> list[Left]:
    """What is left to write; a text that is fixed has nothing left."""
    return [] if whole.version.is_frozen or whole.version.state == State.DISCARDED else whole.left


def last_written(whole: Whole) -> tuple[datetime.datetime | None, str]:
    """When a section was written last, and by whom."""
    written = [(section.changed_at, section.changed_by) for section in whole.sections.values() if section.changed_at]
    return max(written, default=(None, ""))


def staffing(whole: Whole) -> list[dict[str, object]]:
    """Who holds each function today, by party: annex B4."""
    points = {row.contact_point_id: row for row in whole.contacts}
    today = timezone.localdate()
    holders = {h.contact_point_id: h for h in Holder.objects.current(today).filter(contact_point__in=points)}
    return [
        {
            "party": row.party.name,
            "function": row.contact_point.name,
            "contact_point": row.contact_point_id,
            "holder": holders.get(row.contact_point_id),
        }
        for row in points.values()
    ]
