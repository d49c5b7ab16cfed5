"""The head of the dashboard: the country in seven numbers, each with its list and its change since an earlier day."""

from __future__ import annotations

from typing import Final, NamedTuple

from nationwide.counting import SIGNED, Criteria, Number, filter_rows, percent, population
from nationwide.rules import Binding, Confirmation, Edition, Expiry, Level, Row, Status
from nationwide.tally import Tally


class Measure(NamedTuple):
    """A value whose municipalities are counted. All but the status is said of the agreements in force."""

    show: str
    value: str
    label: str


HEAD: Final = (
    Measure("status", Status.SIGNED.value, "Gällande överenskommelse"),
    Measure("binding", Binding.FUNCTION_BOUND.value, "Funktionsbunden"),
    Measure("level", Level.MET.value, "Uppfyller lägsta nivån"),
    Measure("expiry", Expiry.SOON.value, "Löper ut inom sex månader"),
    Measure("confirmation", Confirmation.UNCONFIRMED.value, "Kontaktuppgifter inte bekräftade"),
    Measure("edition", Edition.CURRENT.value, "Bygger på gällande mall"),
)


class Headline(NamedTuple):
    """A number of the head, and what it was on the earlier day."""

    number: Number
    before: int | None
    show: str

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.number.size - self.before


class Share(NamedTuple):
    """The share of the population that lives where an agreement is in force, in percent."""

    percent: int
    before: int | None
    criteria: Criteria

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.percent - self.before


class Head(NamedTuple):
    headlines: list[Headline]
    share: Share


def head_of(rows: list[Row], earlier: Tally | None, base: Criteria) -> Head:
    """rows: those of the asked part; earlier: the same part on the earlier day, None when there is none."""
    headlines = [headline(measure, rows, earlier, base) for measure in HEAD]
    before = None if earlier is None else earlier.population_percent
    percents = percent(population(filter_rows(rows, SIGNED)), population(rows))
    return Head(headlines, Share(percents, before, within(base, SIGNED)))


def headline(measure: Measure, rows: list[Row], earlier: Tally | None, base: Criteria) -> Headline:
    asked = SIGNED.where(measure.show, measure.value)
    of = len(rows) if measure.show == "status" else len(filter_rows(rows, SIGNED))
    size = len(filter_rows(rows, asked))
    before = None if earlier is None else earlier.sizes[measure.show][measure.value]
    return Headline(Number(measure.value, measure.label, size, of, within(base, asked)), before, measure.show)


def within(base: Criteria, more: Criteria) -> Criteria:
    """What is asked of a measure, in the asked part of the country."""
    for name, value in more.asked():
        base = base.where(name, value)
    return base
