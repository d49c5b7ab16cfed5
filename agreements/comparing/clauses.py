"""How an agreement stands to the national template in force, clause by clause. Pure.

A clause of the national text is unchanged, deviates (the agreement says something else than its own template) or is
behind (the template in force says something else than the agreement's). What is written locally adds to the section.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from agreements.comparing.blocks import merged
from agreements.comparing.parts import Change, Line
from agreements.comparing.rich import compare_rich
from agreements.document import Document
from agreements.fields import STRUCTURAL, Field, TemplatePart, local


class Standing(StrEnum):
    UNCHANGED = "unchanged"
    ADDITION = "addition"
    DEVIATES = "deviates"
    BEHIND = "behind"


GRAVEST: Final = (Standing.DEVIATES, Standing.BEHIND, Standing.ADDITION, Standing.UNCHANGED)


@dataclass(frozen=True)
class Clause:
    """A paragraph or point of the national text; `line` tells what differs.

    Where it deviates, from the agreement's own template to the agreement; where it is behind, from the agreement's
    template to the one in force.
    """

    standing: Standing
    line: Line


@dataclass(frozen=True)
class SectionStanding:
    """A section of either template. new_fields and lost_fields: what the template in force asks for, and no longer."""

    key: str
    number: str
    title: str
    is_new: bool
    is_gone: bool
    clauses: tuple[Clause, ...]
    additions: tuple[str, ...]
    new_fields: tuple[str, ...]
    lost_fields: tuple[str, ...]

    @property
    def standings(self) -> list[Standing]:
        """Everything that holds of the section, the gravest first; unchanged alone when nothing else does."""
        found = {clause.standing for clause in self.clauses} - {Standing.UNCHANGED}
        if self.additions:
            found.add(Standing.ADDITION)
        if self.is_new or self.is_gone or self.new_fields or self.lost_fields:
            found.add(Standing.BEHIND)
        return [standing for standing in GRAVEST if standing in found] or [Standing.UNCHANGED]

    @property
    def unchanged(self) -> int:
        return sum(clause.standing is Standing.UNCHANGED for clause in self.clauses)


def standing_of(
    document: Document, own: Sequence[TemplatePart], now: Sequence[TemplatePart]
) -> tuple[SectionStanding, ...]:
    """Each section of the agreement's own template and of the one in force, in the latter's order.

    document: the agreement (agreements.document); own: the sections of the template it was made from; now: those of
    the template in force, which may be the same.
    """
    written = {section["key"]: section for section in document["sections"]}
    owns, nows = {part.key: part for part in own}, {part.key: part for part in now}
    return tuple(
        _section(nows.get(key) or owns[key], written.get(key), owns.get(key), nows.get(key))
        for key in merged(list(owns), list(nows))
    )


def counted(sections: Iterable[SectionStanding]) -> Counter[Standing]:
    """How many sections each standing holds of; one with several counts in each."""
    return Counter(standing for section in sections for standing in section.standings)


def _section(
    part: TemplatePart, written: dict[str, Any] | None, own: TemplatePart | None, now: TemplatePart | None
) -> SectionStanding:
    old_fields, new_fields = _labels(own), _labels(now)
    filled = _filled(written)
    return SectionStanding(
        key=part.key,
        number=part.number,
        title=part.title,
        is_new=own is None,
        is_gone=now is None,
        clauses=(*_deviating(written, own), *_behind(own, now)),
        additions=tuple(filled.values()),
        new_fields=tuple(label for key, label in new_fields.items() if own and key not in old_fields),
        lost_fields=tuple(label for key, label in filled.items() if now and key not in new_fields),
    )


def _labels(part: TemplatePart | None) -> dict[str, str]:
    fields: tuple[Field, ...] = part.fields if part else ()
    return {field.key: field.label for field in local(fields)}


def _filled(written: dict[str, Any] | None) -> dict[str, str]:
    """The local fields that hold something, key and label; a document leaves out those that are empty."""
    blocks = written["blocks"] if written else []
    return {block["key"]: block["label"] for block in blocks if block["kind"] not in STRUCTURAL}


def _deviating(written: dict[str, Any] | None, own: TemplatePart | None) -> Iterable[Clause]:
    if written is None or own is None or written["locked"] == own.locked:
        return ()
    lines = compare_rich(own.locked, written["locked"])
    return (Clause(Standing.DEVIATES, line) for line in lines if _differs(line))


def _behind(own: TemplatePart | None, now: TemplatePart | None) -> Iterable[Clause]:
    lines = compare_rich(own.locked if own else "", now.locked if now else "")
    return (Clause(Standing.BEHIND if _differs(line) else Standing.UNCHANGED, line) for line in lines)


def _differs(line: Line) -> bool:
    """Whether the words differ; how they look is no difference."""
    return line.change not in (Change.SAME, Change.FORMATTED)
