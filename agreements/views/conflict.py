"""Somebody else saved first: both texts side by side, and a merged one when the changes do not touch."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from agreements.content import tidy
from agreements.document import assemble
from agreements.fields import Kind
from agreements.forms.editor import Editor, posted_revision
from agreements.forms.section import posted_as
from agreements.forms.structure import CONTACTS, Facts, fact_label, saved_facts, typed_facts
from agreements.gather import Whole, head
from agreements.merging import Merged, merge, merge_facts
from agreements.revisions import content_at
from agreements.sheets import Sheet, field_anchor, sheets
from agreements.views.doors import open_version
from agreements.views.section_page import section_page
from contacts.access import Permission, reach_of

AGAIN = frozenset({"csrfmiddlewaretoken", "revision", "base", "next"})


@dataclass(frozen=True)
class Difference:
    """A fact kept in a table of its own that the two have differently."""

    label: str
    theirs: str
    mine: str


def conflict_page(request: HttpRequest, pk: int, key: str, data: QueryDict) -> HttpResponse:
    """What is posted next builds on the text as it is saved now."""
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    editor = Editor(whole, key, reach_of(request.user), data)
    editor.is_valid()
    mine = tidy(editor.specs, editor.change().raw or {})
    merged, facts = _merged(whole, editor, mine, data)
    shown = Editor(whole, key, editor.reach, _as_posted(editor, merged, facts)) if merged.is_clean else editor
    shown.accept_revision()
    more = {
        "theirs": _sheet(whole, key),
        "mine": _sheet(whole, key, mine),
        "merged": merged.is_clean,
        "collisions": [(_label(whole, editor, path), _anchor(path, mine)) for path in merged.collisions],
        "differences": differences(whole, editor, data),
        "as_typed": [(name, value) for name, values in data.lists() if name not in AGAIN for value in values],
        "document": whole.document,
        "parties": [(party, None) for party in whole.parties],
    }
    return section_page(request, whole, shown, status=409, **more)


def _merged(whole: Whole, editor: Editor, mine: dict[str, Any], data: QueryDict) -> tuple[Merged, Facts]:
    """Both changes together, as far as it is known what both began with."""
    section = whole.sections[editor.key]
    base = content_at(whole.version, section, posted_revision(data))
    saved = saved_facts(whole, editor.kinds)
    facts, colliding = merge_facts(_began_with(data, saved), saved, typed_facts(saved, data))
    if base is None:
        return Merged(mine, [*sorted({*mine, *section.content}), *colliding]), facts
    merged = merge(editor.specs, base, section.content, mine)
    merged.collisions += colliding
    return merged, facts


def _began_with(data: QueryDict, saved: Facts) -> Facts:
    """The facts as they were when writing began; what makes no sense is as if nothing had been known."""
    try:
        given = json.loads(data.get("base", "") or "{}")
    except ValueError:
        given = {}
    if not isinstance(given, dict):
        return {}
    return {name: given[name] for name, value in saved.items() if isinstance(given.get(name), type(value))}


def _as_posted(editor: Editor, merged: Merged, facts: Facts) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in posted_as(editor.specs, merged.content).items():
        data.setlist(name, values)
    for name, value in facts.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def _sheet(whole: Whole, key: str, content: dict[str, Any] | None = None) -> Sheet:
    """The section as the agreement shows it, with this content or as it is saved."""
    source = next(source for source in whole.sources if source.key == key)
    shown = source if content is None else replace(source, content=content)
    if content is not None:
        shown = replace(shown, fields=tuple(spec for spec in source.fields if spec.kind is not Kind.CONTACTS))
    return sheets(assemble(head(whole.version), whole.party_lines, [shown], whole.contact_lines), [])[0]


def differences(whole: Whole, editor: Editor, data: QueryDict) -> list[Difference]:
    saved = saved_facts(whole, editor.kinds)
    typed = typed_facts(saved, data)
    names = _contact_names(editor) if CONTACTS in saved else {}
    return [
        Difference(fact_label(whole, name), _words(saved[name], names), _words(typed[name], names))
        for name in saved
        if saved[name] != typed[name]
    ]


def _contact_names(editor: Editor) -> dict[str, str]:
    return {
        choice.value: f"{choice.point.name}, {group.party.name}"
        for group in editor.contact_choices
        for level in group.levels
        for choice in level.choices
    }


def _words(value: str | list[str], names: dict[str, str]) -> str:
    return "; ".join(names.get(item, item) for item in value) if isinstance(value, list) else value


def _label(whole: Whole, editor: Editor, path: str) -> str:
    """Where the two collide, in the words of the page."""
    key, *inner = path.split(".")
    spec = next((spec for spec in editor.specs if spec.key == key), None)
    if spec is None:
        return fact_label(whole, path)
    column = next((column.label for column in spec.columns if column.key == inner[-1]), "") if inner else ""
    return ", ".join(word for word in (spec.label, "en rad" if inner else "", column) if word)


def _anchor(path: str, content: dict[str, Any]) -> str:
    return field_anchor(path, content) or f"id_{path.split('.')[0]}"
