"""Which template an agreement stands on, and which one is in force: what its pages say of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from agreements.comparing.clauses import SectionStanding, Standing, counted, standing_of
from agreements.covering import covered_national
from agreements.document import Document
from agreements.gather import Whole, sections_of
from agreements.models import TemplateVersion
from agreements.redline import ShownLine, shown_line

WORDS = {
    Standing.UNCHANGED: "oförändrat",
    Standing.ADDITION: "lokalt tillägg",
    Standing.DEVIATES: "avviker från den nationella texten",
    Standing.BEHIND: "nyare text i mallen",
}


@dataclass(frozen=True)
class StandsOn:
    """ "Bygger på mall 1. Mall 2 gäller från 1 januari 2027." `newer` is None when no later one is published."""

    own: int
    newer: int | None
    newer_from: datetime.date | None

    @property
    def words(self) -> str:
        if self.newer is None or self.newer_from is None:
            return f"Bygger på mall {self.own}, som är den senaste."
        day = date_format(self.newer_from, "j F Y")
        return f"Bygger på mall {self.own}. Mall {self.newer} gäller från {day}."


def newest_published() -> TemplateVersion | None:
    """The newest template version, whether its first day has come or not."""
    return TemplateVersion.objects.filter(published_at__isnull=False).order_by("-number").first()


def stands_on(own: TemplateVersion, newest: TemplateVersion | None) -> StandsOn:
    if newest is None or newest.number <= own.number:
        return StandsOn(own.number, None, None)
    return StandsOn(own.number, newest.number, newest.valid_from)


@dataclass(frozen=True)
class ShownStanding:
    """A section as the page shows it: what holds of it in words, and the clauses that differ."""

    section: SectionStanding
    tags: list[tuple[Standing, str]]
    deviating: list[ShownLine]
    behind: list[ShownLine]


@dataclass(frozen=True)
class StandingPage:
    stands: StandsOn
    sections: list[ShownStanding]
    """Those that deviate or are behind; the rest have additions, or are the same."""
    additions: list[ShownStanding]
    same: list[ShownStanding]
    counts: list[tuple[Standing, int, str]]


def page_of(whole: Whole, newest: TemplateVersion | None, *, names: bool) -> StandingPage:
    """Everything the page says, for a reader who may see names or not."""
    own = whole.version.template
    now = newest if newest and newest.number > own.number else own
    document: Document = whole.document if names else covered_national(whole.document, whole.template_sections)
    sections = standing_of(document, whole.template_sections, sections_of(now))
    shown = [_shown(section) for section in sections]
    return StandingPage(
        stands=stands_on(own, newest),
        sections=[row for row in shown if {Standing.DEVIATES, Standing.BEHIND} & set(row.section.standings)],
        additions=[row for row in shown if row.section.standings == [Standing.ADDITION]],
        same=[row for row in shown if row.section.standings == [Standing.UNCHANGED]],
        counts=_counts(sections),
    )


def _counts(sections: Sequence[SectionStanding]) -> list[tuple[Standing, int, str]]:
    found = counted(sections)
    return [(standing, found[standing], WORDS[standing]) for standing in Standing]


def _shown(section: SectionStanding) -> ShownStanding:
    def lines(standing: Standing) -> list[ShownLine]:
        return [shown_line(c.line, section.number) for c in section.clauses if c.standing is standing]

    tags = [(standing, WORDS[standing]) for standing in section.standings]
    return ShownStanding(section, tags, lines(Standing.DEVIATES), lines(Standing.BEHIND))


def newer_lines(whole: Whole, key: str, newest: TemplateVersion | None) -> list[ShownLine]:
    """The clauses of one section that the newest template says otherwise; none when the agreement stands on it."""
    if newest is None or newest.number <= whole.version.template.number:
        return []
    own = [part for part in whole.template_sections if part.key == key]
    now = [part for part in sections_of(newest) if part.key == key]
    (section,) = standing_of({"sections": []}, own, now)
    return _shown(section).behind
