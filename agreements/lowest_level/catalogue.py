"""The rules N01–N18: what they are called, where they are answered and mended, and what can be set in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from agreements.lowest_level import answers
from agreements.lowest_level.facts import Answer, Facts

Rule = Callable[[Facts, Mapping[str, int]], Answer]


@dataclass(frozen=True)
class Threshold:
    """A figure that SKR can set: its label, and its least and greatest value."""

    label: str
    default: int
    least: int
    most: int


@dataclass(frozen=True)
class Definition:
    """What a rule asks, in which section it is answered, how to mend it, and how it is judged."""

    title: str
    section: str
    mend: str
    answer: Rule
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)


RULES: Final[dict[str, Definition]] = {
    "N01": Definition(
        "Undertecknad av behörig funktion hos varje part, med datum och beslut",
        "signatures",
        "Låt behörig funktion hos varje part underteckna och ange beslut.",
        answers.signed,
    ),
    "N02": Definition(
        "Perioden har start och slut eller översyn som inte passerat",
        "validity",
        "Skriv en ny version med start och slut, eller gör översynen.",
        answers.period,
    ),
    "N03": Definition(
        "Tillräckligt ny mall, låst text oförändrad",
        "cover",
        "Gå över till den gällande mallen.",
        answers.template,
        {"versions_behind": Threshold("Mallversioner efter den gällande", 1, 0, 9)},
    ),
    "N04": Definition(
        "Forum, frekvens och ansvarig funktion på strategisk och operativ nivå",
        "organisation",
        "Skriv in forum, antal möten och ansvarig funktion hos båda parter i avsnitt 6.",
        answers.forums,
        {
            "strategic": Threshold("Strategiska möten per år", 2, 1, 12),
            "operative": Threshold("Operativa möten per år", 4, 1, 52),
        },
    ),
    "N05": Definition(
        "Minst en funktionsbunden kontaktyta per nivå och part",
        "contacts",
        "Ge varje nivå och part en funktion med funktionsbrevlåda, växel eller SDK-adress.",
        answers.function_bound,
    ),
    "N06": Definition(
        "Ingen personbunden kontaktyta",
        "contacts",
        "Byt personens egna kontaktvägar mot funktionens.",
        answers.no_red,
    ),
    "N07": Definition(
        "Ersättare för strategiska och operativa kontaktytor",
        "contacts",
        "Välj ersättare för kontaktytorna.",
        answers.deputies,
    ),
    "N08": Definition(
        "Minst ett mätbart mål med värde, datum och ansvarig funktion",
        "goals",
        "Skriv minst ett mål med målvärde, datum och ansvarig funktion i avsnitt 4.",
        answers.goals,
    ),
    "N09": Definition(
        "Minst en målgrupp vald och avgränsad",
        "target_groups",
        "Välj målgrupp och avgränsa den i avsnitt 5.",
        answers.target_groups,
    ),
    "N10": Definition(
        "Gemensam insats med ansvarig funktion hos båda; jobbspår besvarat",
        "measures",
        "Skriv en gemensam insats med ansvarig funktion hos båda i avsnitt 9, och svara om jobbspår i avsnitt 10.",
        answers.measures,
    ),
    "N11": Definition(
        "Uppföljning avtalad och hållen i tid",
        "follow_up",
        "Avtala om uppföljning så ofta som nivån kräver, och anteckna när den har hållits.",
        answers.follow_up,
        {
            "times_per_year": Threshold("Uppföljningar per år", 1, 1, 12),
            "months": Threshold("Månader mellan uppföljningar, högst", 13, 1, 36),
        },
    ),
    "N12": Definition(
        "Kanal och dataskyddskontakt för informationsutbyte",
        "information",
        "Välj kanal och ange dataskyddskontakt hos båda i avsnitt 14.",
        answers.information,
    ),
    "N13": Definition(
        "Lokal närvaro och samlokalisering besvarad",
        "presence",
        "Svara om lokal närvaro i avsnitt 12.",
        answers.presence,
    ),
    "N14": Definition(
        "Rutin för övergång mellan försörjningsstöd och AF",
        "routines",
        "Beskriv rutinen för övergång i avsnitt 13.",
        answers.transition,
    ),
    "N15": Definition(
        "Inget personnummer eller samordningsnummer",
        "information",
        "Ta bort numret ur texten.",
        answers.no_identity_numbers,
    ),
    "N16": Definition(
        "Diarienummer hos båda parter",
        "cover",
        "Ange diarienummer för båda parter.",
        answers.case_numbers,
    ),
    "N17": Definition(
        "Kontaktytor bekräftade i tid, adress i egen domän",
        "contacts",
        "Bekräfta kontaktytorna och använd adresser i den egna domänen.",
        answers.confirmed,
        {"months": Threshold("Månader sedan kontaktytan bekräftades, högst", 12, 1, 36)},
    ),
    "N18": Definition(
        "En samlad överenskommelse per kommun",
        "parties",
        "Samla samverkan i en överenskommelse.",
        answers.single,
    ),
}
