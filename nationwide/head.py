"""The head of the dashboard: the country in seven numbers, each with its list and its change since an earlier day."""

from __future__ import annotations

from typing import Final, NamedTuple

from nationwide.counting import SIGNED, Criteria, Number, filter_rows, percent, population
from nationwide.rules import Binding, Confirmation, Edition, Expiry, Level, Row


class Measure(NamedTuple):
    """What is counted among the municipalities: those that meet `criteria`, of those that meet `of`."""

    key: str
    label: str
    criteria: Criteria
    of: Criteria = SIGNED
    show: str = ""
    """What the map shows of it."""


HEAD: Final = (
    Measure("signed", "Gällande överenskommelse", SIGNED, Criteria(), "status"),
    Measure("function_bound", "Funktionsbunden", SIGNED._replace(binding=Binding.FUNCTION_BOUND.value), show="binding"),
    Measure("met", "Uppfyller lägsta nivån", SIGNED._replace(level=Level.MET.value), show="level"),
    Measure("soon", "Löper ut inom sex månader", SIGNED._replace(expiry=Expiry.SOON.value), show="expiry"),
    Measure(
        "unconfirmed",
        "Kontaktuppgifter inte bekräftade",
        SIGNED._replace(confirmation=Confirmation.UNCONFIRMED.value),
        show="confirmation",
    ),
    Measure("current", "Bygger på gällande mall", SIGNED._replace(edition=Edition.CURRENT.value), show="edition"),
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


def head_of(rows: list[Row], earlier: list[Row] | None, base: Criteria) -> Head:
    """Rows and earlier rows: those of the asked part on both days; earlier is None when there is no earlier day."""
    headlines = [headline(measure, rows, earlier, base) for measure in HEAD]
    return Head(headlines, share_of(rows, earlier, base))


def headline(measure: Measure, rows: list[Row], earlier: list[Row] | None, base: Criteria) -> Headline:
    criteria = within(base, measure.criteria)
    of = len(filter_rows(rows, measure.of))
    number = Number(measure.key, measure.label, len(filter_rows(rows, measure.criteria)), of, criteria)
    before = None if earlier is None else len(filter_rows(earlier, measure.criteria))
    return Headline(number, before, measure.show)


def share_of(rows: list[Row], earlier: list[Row] | None, base: Criteria) -> Share:
    before = None if earlier is None else population_percent(earlier)
    return Share(population_percent(rows), before, within(base, SIGNED))


def population_percent(rows: list[Row]) -> int:
    return percent(population(filter_rows(rows, SIGNED)), population(rows))


def within(base: Criteria, more: Criteria) -> Criteria:
    """What is asked of a measure, in the asked part of the country."""
    return base._replace(**dict(more.asked()))
