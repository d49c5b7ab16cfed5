"""The rules behind the flags, over plain data: one sentence each."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from agreements.deadlines import Calendar, in_force_findings, is_overdue, lapsed_findings, months_before
from agreements.findings import InText, OwnLine, covered, read_line
from agreements.flags import Case, CheckedContact, Mender, check
from agreements.lowest_level import RULES, Facts, Setting, Status, Weight
from agreements.states import State
from contacts.personbound import ContactFacts, Verdict
from contacts.rules import HIDDEN
from tests.sentences import is_sentence

ON = datetime.date(2026, 11, 22)
KOMMUN, AF = Mender(1, "municipality", 11), Mender(2, "af", 22)
Date = datetime.date

FACTS = Facts(ON, (), (), {}, Date(2025, 11, 1), None, Date(2028, 1, 1), 1, 1, True, 0, 0, Date(2026, 10, 1))
CASE = Case(State.IN_FORCE, {}, (), FACTS, menders=(KOMMUN, AF))
CONTACT = CheckedContact(
    pk=7,
    name="Socialchef",
    party="Åre kommun",
    facts=ContactFacts(function="Socialchef", in_catalogue=True, mailbox="socialtjansten@are.se", own_domain="are.se"),
    organisation=1,
    levels=("strategic",),
    confirmed_on=ON,
)


def rules_of(case: Case) -> list[str]:
    return [found.rule for found in check(case).found]


def with_facts(**changes: Any) -> Case:
    return replace(CASE, facts=replace(FACTS, **changes))


def with_contact(**changes: Any) -> Case:
    return replace(CASE, contacts=(replace(CONTACT, **changes),))


def test_a_sound_agreement_has_no_flags() -> None:
    assert rules_of(with_contact()) == []


# ------------------------------------------------------------------------------------------------- the calendar


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (Date(2026, 3, 31), 1, Date(2026, 2, 28)),
        (Date(2024, 3, 31), 1, Date(2024, 2, 29)),
        (Date(2026, 1, 15), 1, Date(2025, 12, 15)),
        (Date(2026, 1, 15), 13, Date(2024, 12, 15)),
        (Date(2026, 10, 31), -4, Date(2027, 2, 28)),
        (Date(2026, 12, 1), 12, Date(2025, 12, 1)),
    ],
)
def test_months_are_counted_by_the_calendar(day: Date, months: int, before: Date) -> None:
    assert months_before(day, months) == before


def test_thirteen_months_to_the_day_is_not_overdue_and_a_day_more_is() -> None:
    assert not is_overdue(Date(2025, 10, 22), ON, 13)
    assert is_overdue(Date(2025, 10, 21), ON, 13)
    assert not is_overdue(None, ON, 13)


@pytest.mark.parametrize(
    ("end", "subject", "severity"),
    [
        (Date(2027, 11, 22), "period:12", "warning"),
        (Date(2027, 5, 23), "period:12", "warning"),
        (Date(2027, 5, 22), "period:6", "warning"),
        (Date(2027, 2, 22), "period:3", "serious"),
        (ON, "period:3", "serious"),
    ],
)
def test_the_end_is_told_a_year_half_a_year_and_a_quarter_ahead(end: Date, subject: str, severity: str) -> None:
    (found,) = check(with_facts(end=end)).found
    assert (found.rule, found.subject, found.severity) == ("expiring", subject, severity)


@pytest.mark.parametrize("end", [None, Date(2027, 11, 23), Date(2026, 11, 21)])
def test_an_end_that_is_far_off_or_past_is_not_told(end: Date | None) -> None:
    assert rules_of(with_facts(end=end)) == []


def test_who_has_begun_something_new_is_not_told_of_the_end() -> None:
    assert rules_of(replace(with_facts(end=ON), has_successor=True)) == []


def test_an_agreement_without_a_follow_up_for_thirteen_months_is_flagged() -> None:
    assert rules_of(with_facts(latest_follow_up=Date(2025, 10, 21))) == ["follow_up_overdue"]
    assert rules_of(with_facts(latest_follow_up=None, start=Date(2025, 10, 21))) == ["follow_up_overdue"]
    assert rules_of(with_facts(latest_follow_up=None, start=Date(2025, 10, 22))) == []


def test_the_months_between_follow_ups_are_those_of_the_rule_set() -> None:
    days = Calendar(ON, None, None, Date(2026, 1, 1), 6, False, 1, 1)
    assert [found.rule for found in in_force_findings(days)] == ["follow_up_overdue"]
    assert list(in_force_findings(replace(days, follow_up_months=11))) == []


def test_an_older_template_and_a_changed_national_text_are_flagged() -> None:
    assert rules_of(with_facts(current_template=2)) == ["template_behind"]
    assert rules_of(with_facts(locked_text_unchanged=False)) == ["locked_text_deviates"]


def test_a_municipality_left_alone_is_flagged_when_its_agreement_has_ended() -> None:
    ended = replace(with_facts(end=Date(2026, 10, 31)), state=State.ENDED)
    assert rules_of(ended) == []
    (found,) = check(replace(ended, is_lapsed=True)).found
    assert (found.rule, found.organisation, found.mender) == ("expired", 2, 22)
    assert "gick ut 31 oktober 2026" in found.reason


LAPSED = replace(with_facts(end=Date(2026, 10, 31)), state=State.ENDED, is_lapsed=True)


@pytest.mark.parametrize(
    ("case", "subject", "section", "severity", "words"),
    [
        (with_facts(end=ON), "period:3", "validity", "serious", "går ut 22 november 2026, om mindre än 3 månader"),
        (with_facts(latest_follow_up=Date(2025, 1, 1)), "follow_up", "follow_up", "warning", "(sedan 1 januari 2025)"),
        (with_facts(current_template=2), "template", "cover", "warning", "bygger på mall 1. Mall 2 gäller nu."),
        (LAPSED, "period", "validity", "serious", "gick ut 31 oktober 2026"),
    ],
)
def test_a_flag_of_the_calendar_says_when_where_and_how_it_is_mended(
    case: Case, subject: str, section: str, severity: str, words: str
) -> None:
    (found,) = check(case).found
    assert (found.subject, found.section, found.severity) == (subject, section, severity)
    assert words in found.reason
    assert is_sentence(found.reason)
    assert is_sentence(found.mend)


def test_one_that_ended_on_its_last_day_has_not_run_out_before_midnight() -> None:
    (found,) = lapsed_findings(Calendar(ON, None, ON, None, 13, False, 1, 1))
    assert found.reason == "Överenskommelsen har upphört och ingen ny är påbörjad."


def test_one_that_ended_before_its_last_day_is_not_said_to_have_run_out() -> None:
    (found,) = lapsed_findings(Calendar(ON, None, Date(2030, 1, 1), None, 13, False, 1, 1))
    assert "har upphört" in found.reason


@pytest.mark.parametrize("state", [State.DRAFT, State.PROPOSED, State.ACCEPTED, State.SIGNING])
def test_what_is_still_being_written_is_spared_the_calendar(state: State) -> None:
    case = replace(with_facts(end=ON, latest_follow_up=Date(2020, 1, 1)), state=state)
    assert rules_of(case) == []


def test_a_discarded_draft_has_no_flags() -> None:
    assert rules_of(replace(with_contact(has_deputy=False), state=State.DISCARDED)) == []


# ---------------------------------------------------------------------------------------------- contact points


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"has_deputy": False}, "no_deputy"),
        ({"vacant_since": Date(2026, 5, 1)}, "vacant_function"),
        ({"confirmed_on": None}, "not_confirmed"),
        ({"confirmed_on": Date(2025, 11, 21)}, "not_confirmed"),
        ({"facts": replace(CONTACT.facts, mailbox="socialtjansten@annan.se")}, "foreign_domain"),
        ({"facts": replace(CONTACT.facts, bounced=True)}, "mail_bounced"),
        ({"facts": replace(CONTACT.facts, mailbox="")}, "unreachable_contact"),
    ],
)
def test_each_flaw_of_a_contact_point_is_a_flag_of_its_own(changes: dict[str, Any], rule: str) -> None:
    (found,) = check(with_contact(**changes)).found
    assert (found.rule, found.subject, found.organisation) == (rule, "contact:7", 1)
    assert found.reason.startswith("Socialchef, Åre kommun: ")
    assert found.mend


def test_confirmed_a_year_ago_to_the_day_is_confirmed() -> None:
    assert rules_of(with_contact(confirmed_on=Date(2025, 11, 22))) == []


@pytest.mark.parametrize("levels", [("tactical",), ("support",), ()])
def test_only_strategic_and_operative_functions_need_a_deputy(levels: tuple[str, ...]) -> None:
    assert rules_of(with_contact(has_deputy=False, levels=levels)) == []


def test_of_one_that_has_ended_only_that_it_is_unreachable_is_said() -> None:
    facts = ContactFacts(function="Socialchef", in_catalogue=True)
    case = with_contact(facts=facts, is_asked=False, has_deputy=False, confirmed_on=None, vacant_since=ON)
    assert rules_of(case) == ["unreachable_contact"]


def test_a_flag_says_what_is_wrong_and_not_what_is_well() -> None:
    facts = replace(CONTACT.facts, function="Enhetschef Karin Dahlberg", in_catalogue=False)
    (found,) = check(with_contact(facts=facts)).found
    assert found.rule == "mixed_contact"
    assert "funktionsbrevlåda" not in found.reason
    assert "Karin Dahlberg" in found.reason


# ------------------------------------------------------------------------------------------------------- text


def test_what_was_read_in_a_section_is_judged_as_it_was_kept() -> None:
    kept = InText("goals.k1.what", "person_name", "Anna Berg", "strong", [[0, 9]])
    (found,) = check(replace(CASE, texts={"goals": [kept]})).found
    assert (found.rule, found.subject) == ("name_in_text", "text:goals:goals.k1.what:Anna Berg")
    assert found.organisation == 1


def test_an_identity_number_is_flagged_and_never_quoted() -> None:
    (read,) = read_line(OwnLine("parties", "party-0-unit", "Gäller 19121212-1212"))
    (found,) = check(replace(CASE, lines=(OwnLine("parties", "party-0-unit", "Gäller 19121212-1212"),))).found
    assert (read.kind, read.words) == ("personnummer", "")
    assert found.rule == "identity_number_in_text"
    assert "1212" not in f"{found.subject} {found.reason} {found.details}"


def test_what_a_flag_quotes_is_covered_also_where_it_would_pass_for_no_name() -> None:
    subject = "text:routines:handover:Karin"
    told = covered("Namnet ”Karin” står i texten.", subject)
    assert "Karin" not in told
    assert HIDDEN in told
    assert covered("Socialchef, Åre kommun: vakant.", "contact:7") == "Socialchef, Åre kommun: vakant."


def test_a_persons_address_in_the_text_binds_the_whole_to_the_person_and_a_name_makes_it_mixed() -> None:
    sound = with_contact()
    name = InText("t", "person_name", "Anna Berg", "strong", [[0, 9]])
    address = InText("t", "email_personal", "anna.berg@are.se", "strong", [[0, 16]])
    assert check(sound).verdict is Verdict.FUNCTION_BOUND
    assert check(replace(sound, texts={"goals": [name]})).verdict is Verdict.MIXED
    assert check(replace(sound, texts={"goals": [name, address]})).verdict is Verdict.PERSON_BOUND


# ------------------------------------------------------------------------------------------- the lowest level

RULE_SET = {"N08": Setting(Weight.DEMAND), "N13": Setting(Weight.ADVICE)}


def test_a_rule_that_is_not_met_is_flagged_when_the_agreement_is_in_force() -> None:
    result = check(replace(CASE, rule_set=RULE_SET))
    assert [(f.rule, f.subject, f.severity) for f in result.found] == [
        ("n08", "level", "serious"),
        ("n13", "level", "warning"),
    ]
    assert (result.level, result.short_of) == (Status.NOT_MET, ("N08", "N13"))


def test_a_draft_is_not_held_to_the_lowest_level() -> None:
    result = check(replace(CASE, rule_set=RULE_SET, state=State.DRAFT))
    assert (result.found, result.level, result.short_of) == ((), None, ())


def test_without_a_rule_set_there_is_no_level() -> None:
    assert check(CASE).level is None


def test_a_demand_that_is_met_in_part_is_a_warning() -> None:
    facts = replace(FACTS, content={"goals": {"goals": [{"what": "Fler i arbete"}]}})
    (found,) = check(replace(CASE, facts=facts, rule_set={"N08": Setting(Weight.DEMAND)})).found
    assert (found.severity, found.details) == ("warning", {"level": "N08"})


def test_every_rule_says_how_it_is_mended() -> None:
    assert [rule for rule, definition in RULES.items() if not definition.mend] == []


# --------------------------------------------------------------------------------------------- who can mend it


def test_af_answers_for_the_calendar_and_the_municipality_for_the_text() -> None:
    texts = {"goals": [InText("t", "person_name", "Anna Berg", "strong", [[0, 9]])]}
    found = {f.rule: (f.organisation, f.mender) for f in check(replace(with_facts(end=ON), texts=texts)).found}
    assert found == {"name_in_text": (1, 11), "expiring": (2, 22)}


def test_a_party_without_a_function_that_can_be_reached_is_still_named() -> None:
    case = replace(with_facts(end=ON), menders=(replace(AF, contact_point=None),))
    (found,) = check(case).found
    assert (found.organisation, found.mender) == (2, None)


def test_a_contact_points_own_organisation_mends_it() -> None:
    case = replace(with_contact(organisation=2, has_deputy=False), menders=(KOMMUN, AF))
    (found,) = check(case).found
    assert (found.organisation, found.mender) == (2, 22)
