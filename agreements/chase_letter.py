"""What stands in a letter about what waits: the most serious first, few enough to be read. Pure."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from agreements.chase import Letter, Step
from agreements.findings import SERIOUS

MOST_AGREEMENTS, MOST_LINES = 20, 6
"""Named in a letter, and told of each; the rest is counted and found in the portal."""

OF_LEVEL: Final = re.compile(r"n\d\d")
"""Rules of the national lowest level: told as one line an agreement."""

HEADINGS: Final[dict[Step, tuple[str, str]]] = {
    Step.RESPONSIBLE: ("Det här kan ni rätta", "Ni får brevet för att er funktion svarar för uppgifterna."),
    Step.DEPUTY: (
        "Det här kan ni rätta som ersättare",
        "Den ansvariga funktionen har inte rättat det på två veckor, eller så når vi den inte.",
    ),
    Step.OTHER_PARTY: (
        "Det här väntar hos er motpart",
        "Det har väntat i fyra veckor, eller så har motparten ingen funktion som vi når. Ta gärna kontakt.",
    ),
    Step.SKR: (
        "Det här väntar ute i landet",
        "Det har väntat i fyra veckor, eller så finns ingen funktion som vi når.",
    ),
}


class Known(NamedTuple):
    """A flag as the letter weighs it."""

    pk: int
    version: int
    rule: str
    severity: str
    open_since: datetime.date

    @property
    def is_serious(self) -> bool:
        return self.severity == SERIOUS

    @property
    def level(self) -> str:
        """The rule of the lowest level it is about, such as N04."""
        return self.rule.upper() if OF_LEVEL.fullmatch(self.rule) else ""


@dataclass(frozen=True)
class Picked:
    """An agreement in a letter. flags: those told one by one; level: rules not met; more: those left out."""

    step: Step
    version: int
    flags: tuple[int, ...]
    level: tuple[str, ...]
    level_flags: tuple[int, ...]
    more: int

    @property
    def told(self) -> tuple[int, ...]:
        return self.flags + self.level_flags


@dataclass(frozen=True)
class Choice:
    """The agreements that a letter names, in order, and how many are left for the portal's own list."""

    picked: tuple[Picked, ...]
    left_out: int

    @property
    def told(self) -> list[int]:
        return [flag for item in self.picked for flag in item.told]


def choose(letter: Letter, flags: Mapping[int, Known]) -> Choice:
    """What the letter tells: one's own first; in each part what is serious, then what has waited longest."""
    found: defaultdict[tuple[Step, int], list[Known]] = defaultdict(list)
    for pk, step in letter.flags.items():
        found[step, flags[pk].version].append(flags[pk])
    order = sorted(found, key=lambda key: (list(Step).index(key[0]), *_weight(found[key]), key[1]))
    picked = tuple(_pick(step, version, found[step, version]) for step, version in order[:MOST_AGREEMENTS])
    return Choice(picked, len(order) - len(picked))


def _weight(flags: Collection[Known]) -> tuple[int, datetime.date]:
    return -sum(flag.is_serious for flag in flags), min(flag.open_since for flag in flags)


def _pick(step: Step, version: int, flags: Iterable[Known]) -> Picked:
    ordered = sorted(flags, key=lambda flag: (not flag.is_serious, flag.open_since, flag.pk))
    single = [flag.pk for flag in ordered if not flag.level]
    of_level = sorted((flag for flag in ordered if flag.level), key=lambda flag: flag.level)
    return Picked(
        step=step,
        version=version,
        flags=tuple(single[:MOST_LINES]),
        level=tuple(flag.level for flag in of_level),
        level_flags=tuple(flag.pk for flag in of_level),
        more=len(single[MOST_LINES:]),
    )


# --------------------------------------------------------------------------------------------------- in words


class Told(NamedTuple):
    """A flag's words, and its agreement's."""

    reason: str
    mend: str
    contact_point: int | None
    section: str
    is_serious: bool


@dataclass(frozen=True)
class Line:
    reason: str
    mend: str
    address: str
    is_serious: bool


@dataclass(frozen=True)
class Agreement:
    title: str
    address: str
    lines: list[Line]
    level: str
    level_address: str
    more: int


@dataclass(frozen=True)
class Part:
    heading: str
    lead: str
    agreements: list[Agreement]


class Addresses(NamedTuple):
    """How pages are found: of an agreement, of its lowest level, of a section in it, of a contact point."""

    agreement: Callable[[int], str]
    level: Callable[[int], str]
    section: Callable[[int, str], str]
    contact_point: Callable[[int], str]


def parts(choice: Choice, titles: Mapping[int, str], told: Mapping[int, Told], addresses: Addresses) -> list[Part]:
    """The letter's parts in order; flags that have gone meanwhile are left out."""
    by_step: defaultdict[Step, list[Agreement]] = defaultdict(list)
    for item in choice.picked:
        lines = [_line(item, told[flag], addresses) for flag in item.flags if flag in told]
        if lines or item.level:
            by_step[item.step].append(
                Agreement(
                    title=titles[item.version],
                    address=addresses.agreement(item.version),
                    lines=lines,
                    level=_level(item.level),
                    level_address=addresses.level(item.version),
                    more=item.more,
                )
            )
    return [Part(*HEADINGS[step], by_step[step]) for step in Step if by_step[step]]


def _level(rules: Sequence[str]) -> str:
    """How many rules are not met, and which: "2 regler (N04, N05)"; empty when there are none."""
    return f"{len(rules)} {'regel' if len(rules) == 1 else 'regler'} ({', '.join(rules)})" if rules else ""


def _line(item: Picked, told: Told, addresses: Addresses) -> Line:
    """The other party does not read one's contact points, and is led to the agreement."""
    if told.contact_point is not None and item.step is not Step.OTHER_PARTY:
        address = addresses.contact_point(told.contact_point)
    else:
        address = addresses.section(item.version, told.section)
    return Line(told.reason, told.mend, address, told.is_serious)


def subject_of(choice: Choice, titles: Mapping[int, str]) -> str:
    """For example "Att rätta i 3 överenskommelser", or the title when it is one."""
    versions = {item.version for item in choice.picked}
    count = len(versions) + choice.left_out
    own = any(item.step in (Step.RESPONSIBLE, Step.DEPUTY) for item in choice.picked)
    what = "Att rätta" if own else "Väntar på att rättas"
    return f"{what}: {titles[versions.pop()]}" if count == 1 else f"{what} i {count} överenskommelser"
