"""What the check finds in a version: pure functions from its text, contact points, days and level to findings."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from agreements import lowest_level
from agreements.dates import spelled
from agreements.deadlines import (
    Calendar,
    Leaving,
    in_force_findings,
    is_overdue,
    lapsed_findings,
    leaving_findings,
    template_findings,
)
from agreements.findings import (
    SERIOUS,
    WARNING,
    Found,
    InFile,
    InText,
    OwnLine,
    file_findings,
    read_line,
    text_findings,
)
from agreements.lowest_level import ContactJudged, Facts, Judged, RuleSet, Status, Weight
from agreements.states import WORKING, State
from contacts.personbound import Assessment, ContactFacts, Verdict, assess, summarise
from contacts.rules import OF_HOLDER, names_somebody

CONTACT_RULES: Final[dict[Verdict, tuple[str, str]]] = {
    Verdict.PERSON_BOUND: ("person_bound_contact", SERIOUS),
    Verdict.MIXED: ("mixed_contact", WARNING),
    Verdict.UNREACHABLE: ("unreachable_contact", SERIOUS),
}
DEPUTISED: Final = frozenset({"strategic", "operative"})
"""Levels whose contact points should have a deputy (rule N07)."""
UNSAID: Final = OF_HOLDER | {"mailbox_function", "phone_fixed", "sdk", "postal", "own_function"}
"""Reasons that a flag leaves out: what belongs to the holder, and what speaks for the contact point."""
MONTHS_CONFIRMED, MONTHS_FOLLOWED_UP = 12, 13
"""Used where no rule set says otherwise."""

NEVER_WAIVED: Final = frozenset({"identity_number_in_text"})
"""Rules that nobody may let be for a time: such data must never be there."""

assessed = lru_cache(maxsize=4096)(assess)
"""AF's contact points stand in hundreds of agreements; the same facts are judged once."""


@dataclass(frozen=True)
class CheckedContact:
    """A contact point of the version, as the check sees it."""

    pk: int
    name: str
    party: str
    facts: ContactFacts
    organisation: int = 0
    levels: tuple[str, ...] = ()
    has_deputy: bool = True
    confirmed_on: datetime.date | None = None
    vacant_since: datetime.date | None = None
    mark: str = ""
    kept: Assessment | None = None
    """What the check said of the same facts before, and what it is kept as."""
    is_asked: bool = True
    """False for one that has ended: it is unreachable, and nobody is asked to confirm or man it."""


@dataclass(frozen=True)
class Mender:
    """A party, and its contact point that gets the letters about what it should mend."""

    organisation: int
    side: str
    contact_point: int | None


@dataclass(frozen=True)
class Case:
    """Everything about one version that the check looks at. texts: section key → what was read there."""

    state: str
    texts: Mapping[str, Sequence[InText]]
    contacts: tuple[CheckedContact, ...]
    facts: Facts
    rule_set: RuleSet | None = None
    menders: tuple[Mender, ...] = ()
    lines: tuple[OwnLine, ...] = ()
    """What is written about the parties."""
    files: tuple[InFile, ...] = ()
    has_successor: bool = False
    is_lapsed: bool = False
    under_notice: bool = False
    leaving: tuple[Leaving, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """Every finding; how function-bound the whole is, and its level. None when there is nothing to judge."""

    found: tuple[Found, ...]
    verdict: Verdict | None
    level: Status | None = None
    short_of: tuple[str, ...] = ()


NOTHING: Final = CheckResult((), None)
ContactAssessed = tuple[CheckedContact, Assessment]


def check(case: Case) -> CheckResult:
    """Judge a whole version. The verdict is that of its contact points, worsened by persons in the text."""
    if case.state not in WORKING and case.state != State.IN_FORCE:
        lapsed = lapsed_findings(calendar_of(case)) if case.is_lapsed else ()
        return CheckResult(tuple(with_mender(found, case.menders) for found in lapsed), None)
    in_text = [found for section, texts in case.texts.items() for found in text_findings(section, texts)]
    in_text += [found for line in case.lines for found in text_findings(line.section, read_line(line))]
    judged = assessments(case)
    found = [
        *in_text,
        *file_findings(case.files),
        *contact_list_findings(judged, case),
        *template_findings(calendar_of(case)),
        *locked(case.facts),
    ]
    outcomes: list[Judged] = []
    if case.state == State.IN_FORCE:
        outcomes = level_outcomes(case, judged)
        found += [*in_force_findings(calendar_of(case)), *leaving_findings(case.leaving, case.facts.on)]
        found += level_findings(outcomes, case.contacts)
    verdict = summarise(a.verdict for _c, a in judged).whole if judged else None
    return CheckResult(
        tuple(with_mender(item, case.menders) for item in found),
        _worsened(verdict, in_text),
        lowest_level.whole(outcomes) if outcomes else None,
        tuple(outcome.rule for outcome in lowest_level.short_of(outcomes)),
    )


def _worsened(verdict: Verdict | None, in_text: list[Found]) -> Verdict | None:
    """A person's own channel in the text binds the agreement to the person; a mere name makes it mixed."""
    if any(found.rule == "personal_email_in_text" for found in in_text):
        return Verdict.PERSON_BOUND
    if verdict is Verdict.FUNCTION_BOUND and any(found.rule == "name_in_text" for found in in_text):
        return Verdict.MIXED
    return verdict


def assessments(case: Case) -> list[ContactAssessed]:
    """Each contact point with what is said of it."""
    return [(contact, contact.kept or assessed(contact.facts)) for contact in case.contacts]


def threshold(case: Case, rule: str, name: str, otherwise: int) -> int:
    """A figure of the rule set in force, which the flags share with the level."""
    setting = (case.rule_set or {}).get(rule)
    return setting.thresholds.get(name, otherwise) if setting else otherwise


def calendar_of(case: Case) -> Calendar:
    facts = case.facts
    return Calendar(
        on=facts.on,
        start=facts.start,
        end=facts.end,
        followed_up=facts.latest_follow_up,
        follow_up_months=threshold(case, "N11", "months", MONTHS_FOLLOWED_UP),
        has_successor=case.has_successor,
        template=facts.template,
        current_template=facts.current_template,
        under_notice=case.under_notice,
    )


# ------------------------------------------------------------------------------------------------- contact points


def contact_list_findings(judged: Iterable[ContactAssessed], case: Case) -> Iterator[Found]:
    months = threshold(case, "N17", "months", MONTHS_CONFIRMED)
    for contact, assessment in judged:
        for found in contact_findings(contact, assessment, on=case.facts.on, months=months):
            yield replace(found, organisation=contact.organisation)


def contact_findings(
    contact: CheckedContact, assessment: Assessment, *, on: datetime.date, months: int = MONTHS_CONFIRMED
) -> Iterator[Found]:
    """What is wrong with a contact point: what it is bound to first, then how it is kept."""
    if assessment.verdict in CONTACT_RULES:
        yield _bound(contact, assessment)
    if not contact.is_asked:
        return
    if not contact.has_deputy and DEPUTISED.intersection(contact.levels):
        yield _kept(contact, "no_deputy", "Ingen annan funktion är ersättare.", "Välj en ersättare för funktionen.")
    if contact.vacant_since is not None:
        reason = f"Ingen har funktionen sedan {spelled(contact.vacant_since)}."
        yield _kept(contact, "vacant_function", reason, "Ange vem som har funktionen nu, eller avsluta kontaktytan.")
    if contact.confirmed_on is None or is_overdue(contact.confirmed_on, on, months):
        since = f"sedan {spelled(contact.confirmed_on)}" if contact.confirmed_on else "någon gång"
        reason = f"Uppgifterna är inte bekräftade {since}."
        yield _kept(contact, "not_confirmed", reason, "Kontrollera att uppgifterna stämmer och bekräfta dem.")
    if any(point.code == "foreign_domain" for point in assessment.reasons):
        reason = f"Brevlådan ligger utanför {contact.facts.own_domain}."
        yield _kept(contact, "foreign_domain", reason, "Byt till en brevlåda i den egna domänen om det går.")


def named_in(contacts: Iterable[CheckedContact]) -> list[str]:
    """The contact points that are called by a person's name, for those who may not see names."""
    return [c.name for c in contacts if not c.facts.in_catalogue and names_somebody(c.name)]


def _with_named(details: dict[str, Any], contacts: Iterable[CheckedContact]) -> dict[str, Any]:
    named = named_in(contacts)
    return details | {"named": named} if named else details


def _bound(contact: CheckedContact, assessment: Assessment) -> Found:
    rule, severity = CONTACT_RULES[assessment.verdict]
    if contact.facts.bounced:
        rule = "mail_bounced"
    reasons = " ".join(point.sentence for point in assessment.reasons if point.code not in UNSAID)
    mend = assessment.mend.sentence if assessment.mend else ""
    return _about(contact, rule, severity, reasons, mend)


def _kept(contact: CheckedContact, rule: str, reason: str, mend: str) -> Found:
    return _about(contact, rule, WARNING, reason, mend)


def _about(contact: CheckedContact, rule: str, severity: str, reason: str, mend: str) -> Found:
    return Found(
        rule=rule,
        subject=f"contact:{contact.pk}",
        section="contacts",
        severity=severity,
        reason=f"{contact.name}, {contact.party}: {reason}"[:400],
        mend=mend[:400],
        details=_with_named({"contact_point": contact.pk}, [contact]),
    )


# ------------------------------------------------------------------------------------------------ the lowest level


def locked(facts: Facts) -> Iterator[Found]:
    """The national text must be as it was published."""
    if not facts.locked_text_unchanged:
        yield Found(
            rule="locked_text_deviates",
            subject="locked",
            section="cover",
            severity=SERIOUS,
            reason="Den låsta nationella texten är inte den som mallen har.",
            mend="Skriv en ny version från den gällande mallen.",
        )


def level_outcomes(case: Case, judged: Iterable[ContactAssessed]) -> list[Judged]:
    """Every rule of the set that applies; none when no set does."""
    return lowest_level.judge(level_facts(case, judged), case.rule_set) if case.rule_set else []


def level_facts(case: Case, judged: Iterable[ContactAssessed]) -> Facts:
    """The case as the lowest level sees it: each contact point once per level it stands at."""
    contacts = tuple(
        ContactJudged(
            name=contact.name,
            party=contact.party,
            level=level,
            verdict=assessment.verdict,
            has_deputy=contact.has_deputy,
            confirmed_on=contact.confirmed_on,
            foreign_domain=any(point.code == "foreign_domain" for point in assessment.reasons),
        )
        for contact, assessment in judged
        for level in contact.levels
    )
    in_text = (len(item.ranges) for texts in case.texts.values() for item in texts if item.kind == "personnummer")
    numbers = sum(in_text) + sum(file.numbers for file in case.files)
    return replace(case.facts, contacts=contacts, identity_numbers=numbers)


def level_findings(outcomes: Iterable[Judged], contacts: Sequence[CheckedContact] = ()) -> Iterator[Found]:
    """A flag for each rule that is not fully met. contacts: those the reasons may name."""
    for outcome in lowest_level.short_of(list(outcomes)):
        failed = outcome.weight is Weight.DEMAND and outcome.status is Status.NOT_MET
        yield Found(
            rule=outcome.rule.lower(),
            subject="level",
            section=outcome.section,
            severity=SERIOUS if failed else WARNING,
            reason=f"Nationell lägsta nivå, {outcome.rule}: {outcome.reason}"[:400],
            mend=lowest_level.RULES[outcome.rule].mend,
            details=_with_named({"level": outcome.rule}, contacts if outcome.section == "contacts" else ()),
        )


# -------------------------------------------------------------------------------------------- who can mend it

MENDED_BY_AF: Final = frozenset(
    {"expiring", "expired", "follow_up_overdue", "template_behind", "locked_text_deviates"}
    | {rule.lower() for rule in lowest_level.RULES}
)
"""AF initiates and coordinates (domain fact 1); the municipality answers for what is written of the place."""


def with_mender(found: Found, menders: Sequence[Mender]) -> Found:
    """The finding with the party that can mend it and that party's function."""
    if found.organisation:
        chosen = next((m for m in menders if m.organisation == found.organisation), None)
    else:
        side = "af" if found.rule in MENDED_BY_AF else "municipality"
        chosen = next((m for m in menders if m.side == side), None)
    if chosen is None:
        return found
    return replace(found, organisation=chosen.organisation, mender=chosen.contact_point)
