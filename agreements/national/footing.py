"""What the rest of the portal reads in the template's fields: the lowest level's rules, and what no agreement can lack.

A rule whose field is gone can never be met again. FOOTING is told true by its test, which judges the rules with and
without each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from agreements.fields import Field, Kind
from agreements.lowest_level import RULES, RuleSet, Weight


@dataclass(frozen=True)
class Needs:
    """A field that a rule reads: section, "field" or "field.column", kind, and options that mean something to it."""

    section: str
    path: str
    kind: Kind
    options: tuple[str, ...] = ()


FOOTING: Final[dict[str, tuple[Needs, ...]]] = {
    "N04": (
        Needs("organisation", "forums.level", Kind.CHOICE, ("strategic", "operative")),
        Needs("organisation", "forums.forum", Kind.LINE),
        Needs("organisation", "forums.meetings_per_year", Kind.INTEGER),
        Needs("organisation", "forums.municipality_function", Kind.FUNCTION),
        Needs("organisation", "forums.af_function", Kind.FUNCTION),
    ),
    "N08": (
        Needs("goals", "goals.target", Kind.LINE),
        Needs("goals", "goals.due", Kind.DATE),
        Needs("goals", "goals.responsible", Kind.FUNCTION),
    ),
    "N09": (
        Needs("target_groups", "groups", Kind.CHOICES),
        Needs("target_groups", "delimitation", Kind.TEXT),
    ),
    "N10": (
        Needs("measures", "measures.municipality_function", Kind.FUNCTION),
        Needs("measures", "measures.af_function", Kind.FUNCTION),
        Needs("job_tracks", "used", Kind.CHOICE, ("yes", "no")),
        Needs("job_tracks", "reason", Kind.NOTE),
    ),
    "N11": (Needs("follow_up", "times_per_year", Kind.INTEGER),),
    "N12": (
        Needs("information", "channels", Kind.CHOICES),
        Needs("information", "data_protection_municipality", Kind.FUNCTION),
        Needs("information", "data_protection_af", Kind.FUNCTION),
    ),
    "N13": (
        Needs("presence", "form", Kind.CHOICE, ("not_relevant",)),
        Needs("presence", "reason", Kind.NOTE),
    ),
    "N14": (Needs("routines", "transition", Kind.TEXT),),
}
"""The rules that read what is written in sections; the others read parties, dates, contacts and signatures."""

LASTING: Final[dict[str, tuple[str, Kind | None]]] = {
    "cover": ("Flaggor om mallen leder dit.", None),
    "parties": ("Parterna skrivs där.", Kind.PARTIES),
    "contacts": ("Kontaktytorna väljs där (N05–N07, N17).", Kind.CONTACTS),
    "follow_up": ("Uppföljningar antecknas mot det avsnittet (N11).", None),
    "validity": ("Giltighetstiden skrivs där (N02).", Kind.PERIOD),
    "signatures": ("Parterna undertecknar där (N01).", Kind.SIGNATURES),
}
"""Sections that the portal itself leads to, why, and the kind of field that must stand there."""
ONCE: Final = {
    Kind.PARTIES: "Parter",
    Kind.CONTACTS: "Kontaktytor",
    Kind.PERIOD: "Giltighetstid",
    Kind.SIGNATURES: "Underskrifter",
    Kind.CASE_NUMBERS: "Diarienummer",
    Kind.STAFFING: "Bemanningslista",
}


@dataclass(frozen=True)
class SectionFacts:
    """A section as far as others rest on it."""

    key: str
    number: str
    title: str
    locked: str
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a draft. blocks: it can't be published; section: where it is mended, if there."""

    message: str
    blocks: bool
    section: str = ""
    rule: str = ""


def faults(sections: Sequence[SectionFacts], rule_set: RuleSet | None) -> list[Fault]:
    """Everything that stands in the way of publishing, then what SKR should know of."""
    found = [
        *_numbers(sections),
        *_lasting(sections),
        *_once(sections),
        *_unfinished(sections),
        *lost_footing(sections, rule_set),
    ]
    return sorted(found, key=lambda fault: not fault.blocks)


def lost_footing(sections: Iterable[SectionFacts], rule_set: RuleSet | None) -> list[Fault]:
    """The rules that can't be met in an agreement on these sections; a demand in the rule set stops publishing."""
    by_key = {section.key: section for section in sections}
    found = []
    for rule, needs in FOOTING.items():
        missing = [text for need in needs if (text := _missing(need, by_key.get(need.section)))]
        if not missing:
            continue
        setting = (rule_set or {}).get(rule)
        demand = setting is not None and setting.weight is Weight.DEMAND
        section = next(need.section for need in needs if _missing(need, by_key.get(need.section)))
        weight = "krav" if demand else "bör-regel" if setting is not None else "ingår inte i regelverket"
        ending = " Lägg tillbaka fältet, eller ta först bort regeln ur regelverket." if demand else ""
        told = ", ".join(dict.fromkeys(missing))
        message = f"{rule} {RULES[rule].title} ({weight}) tappar fotfästet: {told}.{ending}"
        found.append(Fault(message, demand, section if section in by_key else "", rule))
    return found


def _missing(need: Needs, section: SectionFacts | None) -> str:
    """What the rule no longer finds, in words; empty when all is there."""
    if section is None:
        return f"avsnittet med nyckeln {need.section} saknas"
    key, _, column = need.path.partition(".")
    field = next((field for field in section.fields if field.key == key), None)
    if field is not None and column:
        field = next((inner for inner in field.columns if inner.key == column), None)
    if field is None or field.kind is not need.kind:
        return f"fältet {need.path} saknas i {section.name}"
    if lost := set(need.options) - {value for value, _ in field.options}:
        return f"alternativet {', '.join(sorted(lost))} saknas i fältet {field.label}"
    return ""


def _numbers(sections: Sequence[SectionFacts]) -> list[Fault]:
    count = Counter(section.number for section in sections)
    twice = [section for section in sections if count[section.number] > 1]
    found = [Fault(f"Numret {s.number} står på mer än ett avsnitt: {s.title}.", True, s.key) for s in twice]
    found += [
        Fault(f"Numren följer inte ordningen: {before.name} står före {after.name}.", False, after.key)
        for before, after in pairwise(sections)
        if _place(before.number) > _place(after.number)
    ]
    return found if sections else [Fault("Mallen har inga avsnitt.", True)]


def _place(number: str) -> tuple[bool, int]:
    """Sections before annexes, each by its number; one that is no number stands where it stands."""
    digits = number.removeprefix("B")
    return number.startswith("B"), int(digits) if digits.isdecimal() else 0


def _lasting(sections: Sequence[SectionFacts]) -> list[Fault]:
    by_key = {section.key: section for section in sections}
    found = []
    for key, (why, kind) in LASTING.items():
        section = by_key.get(key)
        if section is None:
            found.append(Fault(f"Avsnittet med nyckeln {key} saknas. {why}", True))
        elif kind is not None and all(field.kind is not kind for field in section.fields):
            found.append(Fault(f"Fältet {ONCE[kind]} saknas i {section.name}. {why}", True, key))
    return found


def _once(sections: Sequence[SectionFacts]) -> list[Fault]:
    count = Counter(field.kind for section in sections for field in section.fields)
    return [Fault(f"{name} står i mer än ett fält.", True) for kind, name in ONCE.items() if count[kind] > 1]


def _unfinished(sections: Sequence[SectionFacts]) -> list[Fault]:
    found = []
    for section in sections:
        if not section.locked and not section.fields:
            text = f"{section.name} har varken nationell text eller fält."
            found.append(Fault(text, True, section.key))
        found += [
            Fault(f"Fältet {field.label} i {section.name} har inga kolumner.", True, section.key)
            for field in section.fields
            if field.kind is Kind.ROWS and not field.columns
        ]
    return found


def resting_on(section: str) -> list[str]:
    """The rules that read a section, for whoever is about to change it."""
    rules = [rule for rule, needs in FOOTING.items() if any(need.section == section for need in needs)]
    return [f"{rule} {RULES[rule].title}" for rule in rules]
