"""What the check finds in a version: pure functions from its text and contact points to findings and a verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from agreements.document import SectionSource
from agreements.fields import Kind as FieldKind
from agreements.fields import prose
from agreements.html import plain_text
from contacts.personbound import Assessment, ContactFacts, Finding, Kind, Verdict, assess, find, summarise
from contacts.rules import OF_HOLDER

SERIOUS, WARNING = "serious", "warning"


@dataclass(frozen=True)
class Found:
    """One finding: at most one per rule and subject of a version."""

    rule: str
    subject: str
    section: str
    severity: str
    reason: str
    mend: str
    details: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True)
class CheckedContact:
    """A contact point of the version, as the check sees it."""

    pk: int
    name: str
    party: str
    facts: ContactFacts


@dataclass(frozen=True)
class CheckResult:
    """Every finding, and how function-bound the whole is: None when there is nothing to judge yet."""

    found: tuple[Found, ...]
    verdict: Verdict | None


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
}

CONTACT_RULES: Final[dict[Verdict, tuple[str, str]]] = {
    Verdict.PERSON_BOUND: ("person_bound_contact", SERIOUS),
    Verdict.MIXED: ("mixed_contact", WARNING),
    Verdict.UNREACHABLE: ("unreachable_contact", SERIOUS),
}


def check(sections: Iterable[SectionSource], contacts: Iterable[CheckedContact]) -> CheckResult:
    """Judge a whole version. The verdict is that of its contact points, worsened by persons in the text."""
    in_text = [found for section in sections for found in section_findings(section)]
    judged = [(contact, assess(contact.facts)) for contact in contacts]
    in_contacts = [found for contact, assessment in judged for found in contact_findings(contact, assessment)]
    verdict = summarise(a.verdict for _c, a in judged).whole if judged else None
    return CheckResult((*in_text, *in_contacts), _worsened(verdict, in_text))


def _worsened(verdict: Verdict | None, in_text: list[Found]) -> Verdict | None:
    """A person's own channel in the text binds the agreement to the person; a mere name makes it mixed."""
    if any(found.rule == "personal_email_in_text" for found in in_text):
        return Verdict.PERSON_BOUND
    if verdict is Verdict.FUNCTION_BOUND and any(found.rule == "name_in_text" for found in in_text):
        return Verdict.MIXED
    return verdict


def section_findings(section: SectionSource) -> Iterator[Found]:
    """What stands in a section's own text; the same words in the same field are one finding."""
    kinds = {field.key: field.kind for field in section.fields}
    for path, text in prose(section.fields, section.content):
        plain = plain_text(text) if kinds.get(path) is FieldKind.TEXT else text
        by_words: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in find(plain):
            if finding.kind in TEXT_RULES:
                by_words[finding.kind, finding.text].append(finding)
        for (kind, words), findings in by_words.items():
            yield _in_text(section, path, kind, words, findings)


def _in_text(section: SectionSource, path: str, kind: str, words: str, findings: list[Finding]) -> Found:
    rule = TEXT_RULES[kind]
    return Found(
        rule=rule.rule,
        subject=f"text:{section.key}:{path}:{words}"[:200],
        section=section.key,
        severity=rule.severity,
        reason=rule.reason.format(text=words)[:400],
        mend=rule.mend,
        details={
            "field": path,
            "words": words,
            "ranges": [[finding.start, finding.end] for finding in findings],
            "confidence": str(findings[0].confidence),
        },
    )


def contact_findings(contact: CheckedContact, assessment: Assessment) -> Iterator[Found]:
    if assessment.verdict not in CONTACT_RULES:
        return
    rule, severity = CONTACT_RULES[assessment.verdict]
    reasons = " ".join(point.sentence for point in assessment.reasons if point.code not in OF_HOLDER)
    yield Found(
        rule=rule,
        subject=f"contact:{contact.pk}",
        section="contacts",
        severity=severity,
        reason=f"{contact.name}, {contact.party}: {reasons}"[:400],
        mend=assessment.mend.sentence[:400] if assessment.mend else "",
        details={"contact_point": contact.pk},
    )
