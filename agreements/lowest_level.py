"""The national lowest level: rules N01–N18 judged over plain facts, under a versioned rule set. Pure.

The rules are proposals that SKR owns: which apply, whether they are krav (K) or bör (B), and their thresholds are
data in a rule set; what a rule means is here. A rule set applies from a date: raising the level never rewrites the
past.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from contacts.personbound import Verdict

SIDES: Final = {"municipality": "kommunen", "af": "Arbetsförmedlingen"}
LEVELS: Final = {"strategic": "strategisk", "operative": "operativ"}


class Status(StrEnum):
    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"


STATUS_LABELS: Final = {
    Status.MET: "uppfyller",
    Status.PARTLY: "uppfyller delvis",
    Status.NOT_MET: "uppfyller inte",
}


class Weight(StrEnum):
    DEMAND = "K"
    ADVICE = "B"


@dataclass(frozen=True)
class PartyFacts:
    name: str
    side: str
    case_number: str = ""
    signed: bool = False
    signed_by_function: bool = False
    decision: bool = False


@dataclass(frozen=True)
class ContactJudged:
    """A contact point of the version, with the person-bound check's verdict."""

    name: str
    party: str
    level: str
    verdict: Verdict
    has_deputy: bool
    confirmed_on: datetime.date | None
    foreign_domain: bool = False


@dataclass(frozen=True)
class Facts:
    """What the rules look at. content: section key → local content. Dates as dates, in content as ISO strings."""

    on: datetime.date
    parties: tuple[PartyFacts, ...]
    contacts: tuple[ContactJudged, ...]
    content: Mapping[str, Mapping[str, Any]]
    start: datetime.date | None
    end: datetime.date | None
    revision: datetime.date | None
    template: int
    current_template: int
    locked_text_unchanged: bool
    identity_numbers: int
    other_agreements: int
    latest_follow_up: datetime.date | None = None

    def rows(self, section: str, key: str) -> list[Mapping[str, Any]]:
        return list(self.content.get(section, {}).get(key) or [])

    def value(self, section: str, key: str) -> Any:
        return self.content.get(section, {}).get(key)


@dataclass(frozen=True)
class Setting:
    """How one rule is set in a rule set."""

    weight: Weight
    thresholds: Mapping[str, int] = field(default_factory=dict)


RuleSet = Mapping[str, Setting]


@dataclass(frozen=True)
class Judged:
    """One rule's outcome: why, and in which section it is mended."""

    rule: str
    weight: Weight
    status: Status
    reason: str
    section: str


Answer = tuple[Status, str]
Rule = Callable[[Facts, Mapping[str, int]], Answer]


def judge(facts: Facts, rule_set: RuleSet) -> list[Judged]:
    """Every rule of the set, in number order."""
    outcomes = []
    for rule in sorted(rule_set):
        setting = rule_set[rule]
        status, reason = RULES[rule].answer(facts, setting.thresholds)
        outcomes.append(Judged(rule, setting.weight, status, reason, RULES[rule].section))
    return outcomes


def whole(outcomes: list[Judged]) -> Status:
    """The agreement's level: every demand met; or none failed but some met only in part; or some failed.

    Advice (B) is shown and counted, and never takes an agreement below the level.
    """
    demands = {outcome.status for outcome in outcomes if outcome.weight is Weight.DEMAND}
    if Status.NOT_MET in demands:
        return Status.NOT_MET
    return Status.PARTLY if Status.PARTLY in demands else Status.MET


def _all_or_part(missing: list[str], total: int, good: str, bad: str) -> Answer:
    """Met when nothing is missing, partly when some is there, else not met."""
    if not missing:
        return Status.MET, good
    status = Status.PARTLY if len(missing) < total else Status.NOT_MET
    return status, f"{bad}: {', '.join(missing)}."


def _signed(facts: Facts, _: Mapping[str, int]) -> Answer:
    missing = [p.name for p in facts.parties if not (p.signed and p.signed_by_function and p.decision)]
    return _all_or_part(
        missing,
        len(facts.parties),
        "Varje part har undertecknat genom behörig funktion med beslut.",
        "Underskrift med funktion och beslut saknas för",
    )


def _period(facts: Facts, _: Mapping[str, int]) -> Answer:
    if facts.start is None:
        return Status.NOT_MET, "Startdatum saknas."
    if facts.end is not None and facts.end < facts.on:
        return Status.NOT_MET, f"Överenskommelsen gick ut {facts.end}."
    if facts.end is None and facts.revision is None:
        return Status.NOT_MET, "Slutdatum eller nästa översyn saknas."
    if facts.revision is not None and facts.revision < facts.on:
        return Status.PARTLY, f"Översynen skulle ha gjorts {facts.revision}."
    return Status.MET, "Perioden har start och slut eller översyn som inte passerat."


def _template(facts: Facts, thresholds: Mapping[str, int]) -> Answer:
    if not facts.locked_text_unchanged:
        return Status.NOT_MET, "Den låsta nationella texten avviker från mallen."
    behind = facts.current_template - facts.template
    if behind > thresholds.get("versions_behind", 1):
        return Status.NOT_MET, f"Bygger på mall {facts.template}, gällande är {facts.current_template}."
    return Status.MET, f"Bygger på mall {facts.template} med oförändrad låst text."


def _forums(facts: Facts, thresholds: Mapping[str, int]) -> Answer:
    missing = [name for level, name in LEVELS.items() if not _has_forum(facts, level, thresholds)]
    return _all_or_part(
        missing,
        len(LEVELS),
        "Strategisk och operativ nivå har forum, mötesfrekvens och ansvarig funktion hos båda.",
        "Forum, tillräcklig mötesfrekvens eller ansvarig funktion hos båda saknas på nivå",
    )


def _has_forum(facts: Facts, level: str, thresholds: Mapping[str, int]) -> bool:
    least = thresholds.get(level, {"strategic": 2, "operative": 4}[level])
    return any(
        row.get("level") == level
        and row.get("forum")
        and (row.get("meetings_per_year") or 0) >= least
        and row.get("municipality_function")
        and row.get("af_function")
        for row in facts.rows("organisation", "forums")
    )


def _used_levels(facts: Facts) -> list[str]:
    """The mandatory levels, and the others that the agreement has contacts at."""
    used = {contact.level for contact in facts.contacts if contact.level in ("tactical",)}
    return [*LEVELS, *sorted(used)]


def _function_bound(facts: Facts, _: Mapping[str, int]) -> Answer:
    names = {**LEVELS, "tactical": "taktisk"}
    bound = {(c.party, c.level) for c in facts.contacts if c.verdict is Verdict.FUNCTION_BOUND}
    wanted = [(party.name, level) for level in _used_levels(facts) for party in facts.parties]
    missing = [f"{party} ({names[level]})" for party, level in wanted if (party, level) not in bound]
    return _all_or_part(
        missing,
        len(wanted),
        "Varje nivå har minst en funktionsbunden kontaktyta per part.",
        "Funktionsbunden kontaktyta saknas för",
    )


def _no_red(facts: Facts, _: Mapping[str, int]) -> Answer:
    red = [c.name for c in facts.contacts if c.verdict is Verdict.PERSON_BOUND]
    yellow = sum(c.verdict is Verdict.MIXED for c in facts.contacts)
    if red:
        return Status.NOT_MET, f"Personbundna kontaktytor: {', '.join(red)}."
    if not facts.contacts:
        return Status.NOT_MET, "Inga kontaktytor är valda."
    return Status.MET, f"Ingen kontaktyta är personbunden ({yellow} blandade)."


def _deputies(facts: Facts, _: Mapping[str, int]) -> Answer:
    checked = [c for c in facts.contacts if c.level in LEVELS]
    if not checked:
        return Status.NOT_MET, "Inga kontaktytor på strategisk eller operativ nivå."
    missing = [f"{c.name}, {c.party}" for c in checked if not c.has_deputy]
    return _all_or_part(
        missing, len(checked), "Strategiska och operativa kontaktytor har ersättare.", "Ersättare saknas för"
    )


def _goals(facts: Facts, _: Mapping[str, int]) -> Answer:
    rows = facts.rows("goals", "goals")
    if any(row.get("target") and row.get("due") and row.get("responsible") for row in rows):
        return Status.MET, "Det finns mätbara mål med målvärde, datum och ansvarig funktion."
    if rows:
        return Status.PARTLY, "Målen saknar målvärde, datum eller ansvarig funktion."
    return Status.NOT_MET, "Inget gemensamt mål är skrivet."


def _target_groups(facts: Facts, _: Mapping[str, int]) -> Answer:
    chosen, limited = facts.value("target_groups", "groups"), facts.value("target_groups", "delimitation")
    if chosen and limited:
        return Status.MET, "Målgrupp är vald och avgränsad."
    return (Status.PARTLY, "Målgruppen är inte avgränsad.") if chosen else (Status.NOT_MET, "Ingen målgrupp är vald.")


def _measures(facts: Facts, _: Mapping[str, int]) -> Answer:
    joint = any(r.get("municipality_function") and r.get("af_function") for r in facts.rows("measures", "measures"))
    used = facts.value("job_tracks", "used")
    answered = used == "yes" or (used == "no" and bool(facts.value("job_tracks", "reason")))
    if joint and answered:
        return Status.MET, "Det finns en gemensam insats, och lokala jobbspår är besvarat."
    missing = "Lokala jobbspår är inte besvarat." if joint else "Gemensam insats med ansvarig funktion hos båda saknas."
    return (Status.PARTLY if joint or answered else Status.NOT_MET), missing


def _follow_up(facts: Facts, thresholds: Mapping[str, int]) -> Answer:
    often = (facts.value("follow_up", "times_per_year") or 0) >= thresholds.get("times_per_year", 1)
    if not often:
        return Status.NOT_MET, "Uppföljning minst en gång om året är inte avtalad."
    months = thresholds.get("months", 13)
    since = facts.latest_follow_up or facts.start
    if since is not None and (facts.on - since).days > months * 31:
        return Status.PARTLY, f"Den senaste uppföljningen är äldre än {months} månader."
    return Status.MET, "Uppföljning sker minst årligen."


def _information(facts: Facts, _: Mapping[str, int]) -> Answer:
    wanted = {
        "kanal": facts.value("information", "channels"),
        "dataskyddskontakt hos kommunen": facts.value("information", "data_protection_municipality"),
        "dataskyddskontakt hos Arbetsförmedlingen": facts.value("information", "data_protection_af"),
    }
    missing = [name for name, value in wanted.items() if not value]
    return _all_or_part(
        missing, len(wanted), "Kanal är vald och dataskyddskontakt finns hos båda.", "I avsnitt 14 saknas"
    )


def _presence(facts: Facts, _: Mapping[str, int]) -> Answer:
    form = facts.value("presence", "form")
    if not form or (form == "not_relevant" and not facts.value("presence", "reason")):
        return Status.NOT_MET, "Lokal närvaro är inte besvarad."
    return Status.MET, "Lokal närvaro är besvarad."


def _transition(facts: Facts, _: Mapping[str, int]) -> Answer:
    if facts.value("routines", "transition"):
        return Status.MET, "Rutin för övergång mellan försörjningsstöd och Arbetsförmedlingen är beskriven."
    return Status.NOT_MET, "Rutin för övergång mellan försörjningsstöd och Arbetsförmedlingen saknas."


def _no_identity_numbers(facts: Facts, _: Mapping[str, int]) -> Answer:
    if facts.identity_numbers:
        return Status.NOT_MET, f"Texten innehåller {facts.identity_numbers} personnummer eller samordningsnummer."
    return Status.MET, "Inga personnummer eller samordningsnummer."


def _case_numbers(facts: Facts, _: Mapping[str, int]) -> Answer:
    missing = [party.name for party in facts.parties if not party.case_number]
    return _all_or_part(missing, len(facts.parties), "Diarienummer finns hos båda.", "Diarienummer saknas för")


def _confirmed(facts: Facts, thresholds: Mapping[str, int]) -> Answer:
    if not facts.contacts:
        return Status.NOT_MET, "Inga kontaktytor är valda."
    oldest = facts.on - datetime.timedelta(days=31 * thresholds.get("months", 12))
    missing = [
        contact.name
        for contact in facts.contacts
        if contact.foreign_domain or contact.confirmed_on is None or contact.confirmed_on < oldest
    ]
    return _all_or_part(
        missing,
        len(facts.contacts),
        "Kontaktytorna är bekräftade och har adress i partens egen domän.",
        "Inte bekräftade inom tiden, eller med adress i en annan domän",
    )


def _single(facts: Facts, _: Mapping[str, int]) -> Answer:
    if facts.other_agreements:
        return Status.NOT_MET, f"Kommunen har {facts.other_agreements} överenskommelse till."
    return Status.MET, "En samlad överenskommelse."


@dataclass(frozen=True)
class Definition:
    title: str
    section: str
    answer: Rule


RULES: Final[dict[str, Definition]] = {
    "N01": Definition("Undertecknad av behörig funktion hos varje part, med datum och beslut", "signatures", _signed),
    "N02": Definition("Perioden har start och slut eller översyn som inte passerat", "validity", _period),
    "N03": Definition("Gällande eller föregående mall, låst text oförändrad", "cover", _template),
    "N04": Definition("Forum, frekvens och ansvarig funktion på strategisk och operativ nivå", "organisation", _forums),
    "N05": Definition("Minst en funktionsbunden kontaktyta per nivå och part", "contacts", _function_bound),
    "N06": Definition("Ingen personbunden kontaktyta", "contacts", _no_red),
    "N07": Definition("Ersättare för strategiska och operativa kontaktytor", "contacts", _deputies),
    "N08": Definition("Minst ett mätbart mål med värde, datum och ansvarig funktion", "goals", _goals),
    "N09": Definition("Minst en målgrupp vald och avgränsad", "target_groups", _target_groups),
    "N10": Definition("Gemensam insats med ansvarig funktion hos båda; jobbspår besvarat", "measures", _measures),
    "N11": Definition("Uppföljning minst årligen", "follow_up", _follow_up),
    "N12": Definition("Kanal och dataskyddskontakt för informationsutbyte", "information", _information),
    "N13": Definition("Lokal närvaro och samlokalisering besvarad", "presence", _presence),
    "N14": Definition("Rutin för övergång mellan försörjningsstöd och AF", "routines", _transition),
    "N15": Definition("Inget personnummer eller samordningsnummer", "information", _no_identity_numbers),
    "N16": Definition("Diarienummer hos båda parter", "cover", _case_numbers),
    "N17": Definition("Kontaktytor bekräftade inom tolv månader, adress i egen domän", "contacts", _confirmed),
    "N18": Definition("En samlad överenskommelse per kommun", "parties", _single),
}

_ADVICE: Final = {"N07", "N13", "N14", "N16", "N17", "N18"}

FIRST_RULE_SET: Final[RuleSet] = {
    rule: Setting(
        Weight.ADVICE if rule in _ADVICE else Weight.DEMAND,
        {"N04": {"strategic": 2, "operative": 4}, "N11": {"times_per_year": 1, "months": 13}}.get(rule, {}),
    )
    for rule in RULES
}
"""The proposal that the portal starts with; SKR edits the stored copy, never this."""


def stored(rule_set: RuleSet) -> dict[str, dict[str, Any]]:
    """A rule set as JSON."""
    return {rule: {"weight": str(s.weight), "thresholds": dict(s.thresholds)} for rule, s in rule_set.items()}


def loaded(data: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    """A rule set from JSON. Raises KeyError for a rule that does not exist, ValueError for a wrong weight."""
    for rule in data:
        RULES[rule]
    return {rule: Setting(Weight(row["weight"]), dict(row.get("thresholds", {}))) for rule, row in data.items()}


def short_of(outcomes: list[Judged]) -> Iterator[Judged]:
    """What keeps the agreement from meeting the level."""
    return (outcome for outcome in outcomes if outcome.status is not Status.MET)
