"""What the check says of a version's own text: pure functions from its sections to findings.

Reading text is slow and judging what was read is quick, so the two are apart: what `read_text` gives is kept with the
section for as long as the text, and the edition of the check, stay the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from agreements.fields import Content, Field, prose
from agreements.fields import Kind as FieldKind
from agreements.html import plain_text
from contacts.personbound import Finding, Kind, find
from contacts.rules import HIDDEN, without_names

SERIOUS, WARNING = "serious", "warning"


@dataclass(frozen=True)
class Found:
    """One finding: at most one per rule and subject of a version.

    organisation: the party that can mend it, 0 when the version has none; mender: its contact point that gets the
    letters, None when the party has no function that can be reached.
    """

    rule: str
    subject: str
    section: str
    severity: str
    reason: str
    mend: str
    details: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)
    organisation: int = 0
    mender: int | None = None


class InText(NamedTuple):
    """The same words in the same field; kept as a list in JSON. ranges: [start, end) in the field's plain text."""

    path: str
    kind: str
    words: str
    confidence: str
    ranges: list[list[int]]


@dataclass(frozen=True)
class TextRule:
    rule: str
    severity: str
    reason: str
    mend: str


TEXT_RULES: Final[dict[str, TextRule]] = {
    Kind.PERSON_NAME: TextRule(
        "name_in_text",
        WARNING,
        "Namnet ”{text}” står i texten. När personen slutar stämmer överenskommelsen inte längre.",
        "Skriv funktionen i stället för namnet, till exempel ”arbetsmarknadschefen”. Namn hör hemma i bilaga B4.",
    ),
    Kind.EMAIL_PERSONAL: TextRule(
        "personal_email_in_text",
        SERIOUS,
        "Adressen {text} går till en person. När personen slutar når ingen fram.",
        "Byt till en funktionsbrevlåda, eller hänvisa till kontaktytorna i avsnitt 7.",
    ),
    Kind.PHONE_MOBILE: TextRule(
        "mobile_in_text",
        WARNING,
        "Mobilnumret {text} följer den som har telefonen.",
        "Byt till växel eller funktionstelefon, eller hänvisa till kontaktytorna i avsnitt 7.",
    ),
    Kind.PERSONNUMMER: TextRule(
        "identity_number_in_text",
        SERIOUS,
        "Texten innehåller ett personnummer eller samordningsnummer.",
        "Ta bort numret. Uppgifter om enskilda personer får inte finnas i överenskommelsen.",
    ),
}


class InFile(NamedTuple):
    """An attached file whose text holds identity numbers: they are counted, and not quoted."""

    attachment: int
    title: str
    section: str
    numbers: int


class OwnLine(NamedTuple):
    """A line that people write and that is kept in a column of its own. path: the name of its control."""

    section: str
    path: str
    text: str


def read_text(fields: tuple[Field, ...], content: Content) -> list[InText]:
    """Everything the check looks for in a section's freely written text, in reading order. Numbers are not quoted."""
    kinds = {field.key: field.kind for field in fields}
    found: list[InText] = []
    for path, text in prose(fields, content):
        found += _read(path, plain_text(text) if kinds.get(path) is FieldKind.TEXT else text)
    return found


@lru_cache(maxsize=4096)
def read_line(line: OwnLine) -> tuple[InText, ...]:
    """The same of one line; the same few stand in most agreements."""
    return tuple(_read(line.path, line.text))


def _read(path: str, plain: str) -> Iterator[InText]:
    by_words: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in find(plain):
        if finding.kind in TEXT_RULES:
            quoted = "" if finding.kind == Kind.PERSONNUMMER else finding.text
            by_words[finding.kind, quoted].append(finding)
    for (kind, words), findings in by_words.items():
        ranges = [[finding.start, finding.end] for finding in findings]
        yield InText(path, str(kind), words, str(findings[0].confidence), ranges)


def quoted_in(subject: str) -> str:
    """The words that a finding's subject quotes, for example "Anna Berg" of "text:goals:goals.k3f.what:Anna Berg"."""
    kind, *rest = subject.split(":", 3)
    return rest[2] if kind == "text" and len(rest) == 3 else ""


def covered(text: str, subject: str = "", named: Iterable[str] = ()) -> str:
    """What a flag says, for a reader who may not see names. named: functions in it that are called by persons' names.

    The words it quotes are covered as they stand: outside the sentence that gave them away they may pass for no name.
    """
    words = quoted_in(subject)
    return without_names(text.replace(words, HIDDEN) if words else text, named)


def file_findings(files: Iterable[InFile]) -> Iterator[Found]:
    """Identity numbers in attached files (rule N15: in text or annexes).

    Names in them are let be: a file is written elsewhere, and minutes without names of those present are none.
    """
    rule = TEXT_RULES[Kind.PERSONNUMMER]
    for file in files:
        yield Found(
            rule=rule.rule,
            subject=f"attachment:{file.attachment}",
            section=file.section,
            severity=rule.severity,
            reason=f"Den bifogade filen ”{file.title}” innehåller ett personnummer eller samordningsnummer."[:400],
            mend="Ta bort filen och bifoga den utan numret. Uppgifter om enskilda får inte finnas här.",
            details={"attachment": file.attachment, "named": [file.title]},
        )


def text_findings(section: str, in_text: Iterable[InText]) -> Iterator[Found]:
    """What was read in a section, judged."""
    for path, kind, words, confidence, ranges in in_text:
        rule = TEXT_RULES[kind]
        yield Found(
            rule=rule.rule,
            subject=f"text:{section}:{path}:{words}"[:200],
            section=section,
            severity=rule.severity,
            reason=rule.reason.format(text=words)[:400],
            mend=rule.mend,
            details={"field": path, "words": words, "ranges": ranges, "confidence": confidence},
        )
