"""What each rule of the lowest level means: facts and thresholds to an answer with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agreements.dates import spelled
from agreements.deadlines import is_overdue
from agreements.lowest_level.facts import Answer, Facts, Status
from contacts.personbound import Verdict

LEVELS: Final = {"strategic": "strategisk", "operative": "operativ"}


def _all_or_part(missing: list[str], total: int, good: str, bad: str) -> Answer:
    """Met when nothing is missing, partly when some is there, else not met."""
    if not missing:
        return Status.MET, good
    status = Status.PARTLY if len(missing) < total else Status.NOT_MET
    return status, f"{bad}: {', '.join(missing)}."


def signed(facts: Facts, _: Mapping[str, int]) -> Answer:
    missing = [p.name for p in facts.parties if not (p.signed and p.signed_by_function and p.decision)]
    return _all_or_part(
        missing,
        len(facts.parties),
        "Varje part har undertecknat genom behörig funktion med beslut.",
        "Underskrift med funktion och beslut saknas för",
    )


def period(facts: Facts, _: Mapping[str, int]) -> Answer:
    if facts.start is None:
        return Status.NOT_MET, "Startdatum saknas."
    if facts.end is not None and facts.end < facts.on:
        return Status.NOT_MET, f"Överenskommelsen gick ut {spelled(facts.end)}."
    if facts.end is None and facts.revision is None:
        return Status.NOT_MET, "Slutdatum eller nästa översyn saknas."
    if facts.revision is not None and facts.revision < facts.on:
        return Status.PARTLY, f"Översynen skulle ha gjorts {spelled(facts.revision)}."
    return Status.MET, "Perioden har start och slut eller översyn som inte passerat."


def template(facts: Facts, thresholds: Mapping[str, int]) -> Answer:
    if not facts.locked_text_unchanged:
        return Status.NOT_MET, "Den låsta nationella texten avviker från mallen."
    behind = facts.current_template - facts.template
    if behind > thresholds["versions_behind"]:
        return Status.NOT_MET, f"Bygger på mall {facts.template}, gällande är {facts.current_template}."
    return Status.MET, f"Bygger på mall {facts.template} med oförändrad låst text."


def forums(facts: Facts, thresholds: Mapping[str, int]) -> Answer:
    missing = [name for level, name in LEVELS.items() if not _has_forum(facts, level, thresholds)]
    return _all_or_part(
        missing,
        len(LEVELS),
        "Strategisk och operativ nivå har forum, mötesfrekvens och ansvarig funktion hos båda.",
        "Forum, tillräcklig mötesfrekvens eller ansvarig funktion hos båda saknas på nivå",
    )


def _has_forum(facts: Facts, level: str, thresholds: Mapping[str, int]) -> bool:
    least = thresholds[level]
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


def function_bound(facts: Facts, _: Mapping[str, int]) -> Answer:
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


def no_red(facts: Facts, _: Mapping[str, int]) -> Answer:
    red = [c.name for c in facts.contacts if c.verdict is Verdict.PERSON_BOUND]
    yellow = sum(c.verdict is Verdict.MIXED for c in facts.contacts)
    if red:
        return Status.NOT_MET, f"Personbundna kontaktytor: {', '.join(red)}."
    if not facts.contacts:
        return Status.NOT_MET, "Inga kontaktytor är valda."
    return Status.MET, f"Ingen kontaktyta är personbunden ({yellow} blandade)."


def deputies(facts: Facts, _: Mapping[str, int]) -> Answer:
    checked = [c for c in facts.contacts if c.level in LEVELS]
    if not checked:
        return Status.NOT_MET, "Inga kontaktytor på strategisk eller operativ nivå."
    missing = [f"{c.name}, {c.party}" for c in checked if not c.has_deputy]
    return _all_or_part(
        missing, len(checked), "Strategiska och operativa kontaktytor har ersättare.", "Ersättare saknas för"
    )


def goals(facts: Facts, _: Mapping[str, int]) -> Answer:
    rows = facts.rows("goals", "goals")
    if any(row.get("target") and row.get("due") and row.get("responsible") for row in rows):
        return Status.MET, "Det finns mätbara mål med målvärde, datum och ansvarig funktion."
    if rows:
        return Status.PARTLY, "Målen saknar målvärde, datum eller ansvarig funktion."
    return Status.NOT_MET, "Inget gemensamt mål är skrivet."


def target_groups(facts: Facts, _: Mapping[str, int]) -> Answer:
    chosen, limited = facts.value("target_groups", "groups"), facts.value("target_groups", "delimitation")
    if chosen and limited:
        return Status.MET, "Målgrupp är vald och avgränsad."
    return (Status.PARTLY, "Målgruppen är inte avgränsad.") if chosen else (Status.NOT_MET, "Ingen målgrupp är vald.")


def measures(facts: Facts, _: Mapping[str, int]) -> Answer:
    joint = any(r.get("municipality_function") and r.get("af_function") for r in facts.rows("measures", "measures"))
    used = facts.value("job_tracks", "used")
    answered = used == "yes" or (used == "no" and bool(facts.value("job_tracks", "reason")))
    if joint and answered:
        return Status.MET, "Det finns en gemensam insats, och lokala jobbspår är besvarat."
    missing = "Lokala jobbspår är inte besvarat." if joint else "Gemensam insats med ansvarig funktion hos båda saknas."
    return (Status.PARTLY if joint or answered else Status.NOT_MET), missing


def follow_up(facts: Facts, thresholds: Mapping[str, int]) -> Answer:
    least = thresholds["times_per_year"]
    if (facts.value("follow_up", "times_per_year") or 0) < least:
        often = "en gång" if least == 1 else f"{least} gånger"
        return Status.NOT_MET, f"Uppföljning minst {often} om året är inte avtalad."
    months = thresholds["months"]
    if is_overdue(facts.latest_follow_up or facts.start, facts.on, months):
        return Status.PARTLY, f"Den senaste uppföljningen är äldre än {months} månader."
    return Status.MET, "Uppföljning är avtalad och har hållits i tid."


def information(facts: Facts, _: Mapping[str, int]) -> Answer:
    wanted = {
        "kanal": facts.value("information", "channels"),
        "dataskyddskontakt hos kommunen": facts.value("information", "data_protection_municipality"),
        "dataskyddskontakt hos Arbetsförmedlingen": facts.value("information", "data_protection_af"),
    }
    missing = [name for name, value in wanted.items() if not value]
    return _all_or_part(
        missing, len(wanted), "Kanal är vald och dataskyddskontakt finns hos båda.", "I avsnitt 14 saknas"
    )


def presence(facts: Facts, _: Mapping[str, int]) -> Answer:
    form = facts.value("presence", "form")
    if not form or (form == "not_relevant" and not facts.value("presence", "reason")):
        return Status.NOT_MET, "Lokal närvaro är inte besvarad."
    return Status.MET, "Lokal närvaro är besvarad."


def transition(facts: Facts, _: Mapping[str, int]) -> Answer:
    if facts.value("routines", "transition"):
        return Status.MET, "Rutin för övergång mellan försörjningsstöd och Arbetsförmedlingen är beskriven."
    return Status.NOT_MET, "Rutin för övergång mellan försörjningsstöd och Arbetsförmedlingen saknas."


def no_identity_numbers(facts: Facts, _: Mapping[str, int]) -> Answer:
    if facts.identity_numbers:
        return Status.NOT_MET, f"Texten innehåller {facts.identity_numbers} personnummer eller samordningsnummer."
    return Status.MET, "Inga personnummer eller samordningsnummer."


def case_numbers(facts: Facts, _: Mapping[str, int]) -> Answer:
    missing = [party.name for party in facts.parties if not party.case_number]
    return _all_or_part(missing, len(facts.parties), "Diarienummer finns hos båda.", "Diarienummer saknas för")


def confirmed(facts: Facts, thresholds: Mapping[str, int]) -> Answer:
    if not facts.contacts:
        return Status.NOT_MET, "Inga kontaktytor är valda."
    months = thresholds["months"]
    missing = [
        contact.name
        for contact in facts.contacts
        if contact.foreign_domain or contact.confirmed_on is None or is_overdue(contact.confirmed_on, facts.on, months)
    ]
    return _all_or_part(
        missing,
        len(facts.contacts),
        "Kontaktytorna är bekräftade och har adress i partens egen domän.",
        "Inte bekräftade inom tiden, eller med adress i en annan domän",
    )


def single(facts: Facts, _: Mapping[str, int]) -> Answer:
    if facts.other_agreements:
        return Status.NOT_MET, f"Kommunen har {facts.other_agreements} överenskommelse till."
    return Status.MET, "En samlad överenskommelse."
