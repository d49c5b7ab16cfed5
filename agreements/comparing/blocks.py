"""The blocks of a section, each kind compared in its own way. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from agreements.comparing.common import common_runs
from agreements.comparing.entries import compare_entries, compare_rows
from agreements.comparing.parts import Block, Change, Entry, Fact, Group, Mark, Pieces, change_of, change_of_parts
from agreements.comparing.rich import compare_rich
from agreements.comparing.words import compare_text, plain, replaced
from agreements.document import Document
from agreements.fields import Kind

Data = Mapping[str, Any]
Key = TypeVar("Key")
NOTHING: Final[Data] = {}

PERIOD: Final = {
    "start": "Gäller från och med",
    "end": "Gäller till och med",
    "revision": "Ses över senast",
    "notice_months": "Uppsägningstid, månader",
}
OF_PARTY: Final = {"unit": "Nämnd, förvaltning eller enhet", "org_number": "Organisationsnummer"}
CASE_NUMBER: Final = {"case_number": "Diarienummer"}
SIGNING: Final = {"signing_function": "Undertecknas av funktionen"}
OF_CONTACT: Final = {
    "unit": "Enhet",
    "mailbox": "Funktionsbrevlåda",
    "phone": "Växel eller funktionstelefon",
    "sdk_address": "SDK-adress",
    "postal_address": "Postadress",
    "deputy": "Ersättare",
}


def compare_blocks(old: Data, new: Data, old_head: Document, new_head: Document) -> tuple[Block, ...]:
    """The blocks of a section in the order of the new one; a block that is gone keeps its place.

    old_head, new_head: the documents, whose parties and period the blocks show.
    """
    olds = {_identity(block): block for block in old.get("blocks", ())}
    news = {_identity(block): block for block in new.get("blocks", ())}
    blocks = [
        _block(olds.get(key, NOTHING), news.get(key, NOTHING), old_head, new_head)
        for key in merged(list(olds), list(news))
    ]
    return tuple(block for block in blocks if block is not None)


def _identity(block: Data) -> tuple[str, str]:
    return block["key"], block["kind"]


def merged(old: Sequence[Key], new: Sequence[Key]) -> list[Key]:
    """The keys of both, in the new order; what only the old has comes after what stood before it there."""
    found = list(new)
    for place, key in enumerate(old):
        if key not in found:
            before = next((other for other in reversed(old[:place]) if other in found), None)
            found.insert(found.index(before) + 1 if before is not None else 0, key)
    return found


def _block(old: Data, new: Data, old_head: Document, new_head: Document) -> Block | None:
    """One block; None for one that shows nothing of what is agreed."""
    kind = (new or old)["kind"]
    if kind in _OF_HEAD:
        return _of_head(old, new, kind, _OF_HEAD[kind](old_head if old else {}, new_head if new else {}))
    if kind == Kind.STAFFING:
        return None
    return _COMPARE.get(kind, _short)(old, new)


def _label(old: Data, new: Data) -> Pieces:
    if not old or not new:
        return (plain(Mark.SAME, (new or old)["label"]),)
    return compare_text(old["label"], new["label"])


def _finished(old: Data, new: Data, show: str, changes: Iterable[Change], **parts: Any) -> Block:
    label = _label(old, new)
    changes = list(changes)
    if not old or not new:
        change = Change.ADDED if new else Change.REMOVED
    else:
        change = change_of_parts([*changes, Change.CHANGED if change_of(label) is not Change.SAME else Change.SAME])
        if change in (Change.ADDED, Change.REMOVED):
            change = Change.CHANGED
    source = new or old
    return Block(source["key"], source["kind"], show, change, label, **parts)


def _text(old: Data, new: Data) -> Block:
    lines = compare_rich(old.get("html", ""), new.get("html", ""))
    return _finished(old, new, "lines", (line.change for line in lines), lines=lines)


_AS_A_WHOLE: Final = frozenset({Kind.INTEGER, Kind.DATE, Kind.CHOICE})


def _short(old: Data, new: Data) -> Block:
    compare = replaced if (new or old)["kind"] in _AS_A_WHOLE else compare_text
    pieces = compare(old.get("text", ""), new.get("text", ""))
    return _finished(old, new, "items", [change_of(pieces)], items=(pieces,))


def _choices(old: Data, new: Data) -> Block:
    olds, news = list(old.get("items", ())), list(new.get("items", ()))
    gone, come = Counter(olds) - Counter(news), Counter(news) - Counter(olds)
    items: list[Pieces] = []
    i = j = 0
    for run in [*common_runs(olds, news), None]:
        a, b = (run.i, run.j) if run else (len(olds), len(news))
        items += [(plain(Mark.DELETED, item),) for item in olds[i:a] if gone[item]]
        items += [(plain(Mark.INSERTED if come[item] else Mark.SAME, item),) for item in news[j:b]]
        if run:
            items += [(plain(Mark.SAME, item),) for item in news[run.j : run.new_end]]
            i, j = run.old_end, run.new_end
    return _finished(old, new, "items", map(change_of, items), items=tuple(items))


def _rows(old: Data, new: Data) -> Block:
    entries = compare_rows(old, new)
    return _of_groups(old, new, (Group("", "", entries),))


def _contacts(old: Data, new: Data) -> Block:
    """By function, party and level; the parties' own names stand in the new order."""
    olds, news = _by_place(old), _by_place(new)
    groups = [
        Group(*place, compare_entries(olds.get(place, ()), news.get(place, ()), name="function", facts=OF_CONTACT))
        for place in merged(list(olds), list(news))
    ]
    return _of_groups(old, new, tuple(groups))


def _by_place(block: Data) -> dict[tuple[str, str], list[Data]]:
    return {(group["level"], group["party"]): group["contacts"] for group in block.get("groups", ())}


def _of_groups(old: Data, new: Data, groups: tuple[Group, ...]) -> Block:
    return _finished(old, new, "groups", (_told(entry) for group in groups for entry in group.entries), groups=groups)


def _told(entry: Entry) -> Change:
    return Change.SAME if entry.is_same else Change.CHANGED


# -------------------------------------------------------------------------------------------- shown from the head


def _parties(old: Document, new: Document) -> dict[str, Any]:
    return _of_parties(old, new, OF_PARTY)


def _case_numbers(old: Document, new: Document) -> dict[str, Any]:
    return _of_parties(old, new, CASE_NUMBER)


def _signatures(old: Document, new: Document) -> dict[str, Any]:
    return _of_parties(old, new, SIGNING)


def _of_parties(old: Document, new: Document, facts: Mapping[str, str]) -> dict[str, Any]:
    entries = compare_entries(old.get("parties", ()), new.get("parties", ()), name="name", facts=facts, by="side")
    return {"groups": (Group("", "", entries),)}


def _period(old: Document, new: Document) -> dict[str, Any]:
    periods = [document.get("period", {}) for document in (old, new)]
    facts = (Fact(label, replaced(*(_value(period.get(key)) for period in periods))) for key, label in PERIOD.items())
    return {"facts": tuple(fact for fact in facts if fact.pieces)}


def _value(value: object) -> str:
    return "" if value is None else str(value)


def _of_head(old: Data, new: Data, kind: str, parts: dict[str, Any]) -> Block:
    if "facts" in parts:
        return _finished(old, new, "facts", (fact.change for fact in parts["facts"]), **parts)
    entries = (entry for group in parts["groups"] for entry in group.entries)
    return _finished(old, new, "groups", map(_told, entries), **parts)


_OF_HEAD: Final[dict[str, Callable[[Document, Document], dict[str, Any]]]] = {
    Kind.PARTIES: _parties,
    Kind.CASE_NUMBERS: _case_numbers,
    Kind.SIGNATURES: _signatures,
    Kind.PERIOD: _period,
}
_COMPARE: Final[dict[str, Callable[[Data, Data], Block]]] = {
    Kind.TEXT: _text,
    Kind.CHOICES: _choices,
    Kind.ROWS: _rows,
    Kind.CONTACTS: _contacts,
}
