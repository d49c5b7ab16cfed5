"""The national lowest level, rule by rule, over plain facts."""

import datetime
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from agreements.lowest_level import (
    RULES,
    ContactJudged,
    Facts,
    PartyFacts,
    Setting,
    Status,
    Weight,
    judge,
    loaded,
    short_of,
    stored,
    thresholds_of,
    whole,
)
from agreements.lowest_level.words import changes, faults, in_words, sentence
from contacts.personbound import Verdict
from tests.sentences import is_sentence

TODAY = datetime.date(2026, 11, 22)
SHIPPED = Path(__file__).resolve().parents[2] / "agreements" / "data" / "lowest_level_1.toml"
FIRST_RULE_SET = loaded(tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["rules"])
KOMMUN, AF = "Östersunds kommun", "Arbetsförmedlingen, region Nord"


def contact(party: str, level: str, **changes: object) -> ContactJudged:
    facts = ContactJudged("Arbetsmarknadschef", party, level, Verdict.FUNCTION_BOUND, True, TODAY)
    return replace(facts, **changes)


def forum(level: str, times: int, **changes: object) -> dict[str, object]:
    return {
        "level": level,
        "forum": "Styrgrupp",
        "meetings_per_year": times,
        "municipality_function": "Arbetsmarknadschef",
        "af_function": "Enhetschef",
    } | changes


CONTENT = {
    "goals": {"goals": [{"what": "Fler i arbete", "target": "75", "due": "2027-12-31", "responsible": "Chef"}]},
    "target_groups": {"groups": ["young"], "delimitation": "<p>16–24 år</p>"},
    "organisation": {"forums": [forum("strategic", 2), forum("operative", 4)]},
    "measures": {"measures": [{"name": "x", "municipality_function": "Jobbcoach", "af_function": "SIUS-konsulent"}]},
    "job_tracks": {"used": "yes"},
    "presence": {"form": "booked"},
    "routines": {"transition": "<p>Gemensam planering.</p>"},
    "information": {"channels": ["sdk"], "data_protection_municipality": "DSO", "data_protection_af": "DSO"},
    "follow_up": {"times_per_year": 1},
}

GOOD = Facts(
    on=TODAY,
    parties=(
        PartyFacts(KOMMUN, "municipality", "KS 1", True, True, True),
        PartyFacts(AF, "af", "A 2", True, True, True),
    ),
    contacts=tuple(contact(party, level) for party in (KOMMUN, AF) for level in ("strategic", "operative")),
    content=CONTENT,
    start=datetime.date(2026, 1, 1),
    end=datetime.date(2027, 12, 31),
    revision=None,
    template=1,
    current_template=1,
    locked_text_unchanged=True,
    identity_numbers=0,
    other_agreements=0,
)


def status(rule: str, facts: Facts, **thresholds: int) -> Status:
    return judge(facts, {rule: Setting(Weight.DEMAND, thresholds)})[0].status


def with_content(section: str, **changes: object) -> Facts:
    return replace(GOOD, content=CONTENT | {section: CONTENT[section] | changes})


def with_contact(**changes: object) -> Facts:
    first, *rest = GOOD.contacts
    return replace(GOOD, contacts=(replace(first, **changes), *rest))


def test_an_agreement_with_everything_meets_every_rule():
    assert {outcome.status for outcome in judge(GOOD, FIRST_RULE_SET)} == {Status.MET}
    assert whole(judge(GOOD, FIRST_RULE_SET)) is Status.MET


def test_the_first_rule_set_has_all_rules_and_survives_storage():
    assert sorted(FIRST_RULE_SET) == sorted(RULES) == [f"N{number:02}" for number in range(1, 19)]
    assert loaded(stored(FIRST_RULE_SET)) == FIRST_RULE_SET


def test_a_stored_rule_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        loaded({"N99": {"weight": "K"}})


def unsigned(facts: Facts, count: int, **changes: object) -> Facts:
    parties = [replace(p, **changes) if i < count else p for i, p in enumerate(facts.parties)]
    return replace(facts, parties=tuple(parties))


CASES = [
    ("N01", unsigned(GOOD, 1, signed=False), Status.PARTLY),
    ("N01", unsigned(GOOD, 2, signed=False), Status.NOT_MET),
    ("N01", unsigned(GOOD, 1, decision=False), Status.PARTLY),
    ("N01", unsigned(GOOD, 1, signed_by_function=False), Status.PARTLY),
    ("N02", replace(GOOD, start=None), Status.NOT_MET),
    ("N02", replace(GOOD, end=datetime.date(2026, 11, 21)), Status.NOT_MET),
    ("N02", replace(GOOD, end=TODAY), Status.MET),
    ("N02", replace(GOOD, end=None), Status.NOT_MET),
    ("N02", replace(GOOD, end=None, revision=TODAY), Status.MET),
    ("N02", replace(GOOD, revision=datetime.date(2026, 11, 21)), Status.PARTLY),
    ("N03", replace(GOOD, locked_text_unchanged=False), Status.NOT_MET),
    ("N03", replace(GOOD, current_template=2), Status.MET),
    ("N03", replace(GOOD, current_template=3), Status.NOT_MET),
    ("N04", with_content("organisation", forums=[forum("strategic", 2)]), Status.PARTLY),
    ("N04", with_content("organisation", forums=[forum("strategic", 1), forum("operative", 4)]), Status.PARTLY),
    ("N04", with_content("organisation", forums=[forum("strategic", 2), forum("operative", 3)]), Status.PARTLY),
    ("N04", with_content("organisation", forums=[forum("strategic", 2, af_function="")]), Status.NOT_MET),
    ("N04", with_content("organisation", forums=[forum("strategic", 2, municipality_function="")]), Status.NOT_MET),
    ("N04", with_content("organisation", forums=[forum("strategic", 2, forum="")]), Status.NOT_MET),
    ("N04", with_content("organisation", forums=[]), Status.NOT_MET),
    ("N05", with_contact(verdict=Verdict.MIXED), Status.PARTLY),
    ("N05", replace(GOOD, contacts=()), Status.NOT_MET),
    ("N05", replace(GOOD, contacts=(*GOOD.contacts, contact(AF, "tactical"))), Status.PARTLY),
    ("N06", with_contact(verdict=Verdict.MIXED), Status.MET),
    ("N06", with_contact(verdict=Verdict.PERSON_BOUND), Status.NOT_MET),
    ("N06", replace(GOOD, contacts=()), Status.NOT_MET),
    ("N07", with_contact(has_deputy=False), Status.PARTLY),
    ("N07", replace(GOOD, contacts=(contact(AF, "support", has_deputy=False),)), Status.NOT_MET),
    ("N08", with_content("goals", goals=[{"what": "Fler i arbete"}]), Status.PARTLY),
    ("N08", with_content("goals", goals=[]), Status.NOT_MET),
    ("N09", with_content("target_groups", delimitation=""), Status.PARTLY),
    ("N09", with_content("target_groups", groups=[]), Status.NOT_MET),
    ("N10", with_content("job_tracks", used="no"), Status.PARTLY),
    ("N10", with_content("job_tracks", used="no", reason="Inget behov"), Status.MET),
    ("N10", with_content("measures", measures=[{"name": "x", "af_function": "y"}]), Status.PARTLY),
    ("N10", replace(GOOD, content={}), Status.NOT_MET),
    ("N11", with_content("follow_up", times_per_year=0), Status.NOT_MET),
    ("N11", replace(GOOD, latest_follow_up=datetime.date(2025, 10, 1)), Status.PARTLY),
    ("N11", replace(GOOD, latest_follow_up=datetime.date(2025, 10, 31)), Status.MET),
    ("N12", with_content("information", channels=[]), Status.PARTLY),
    ("N12", replace(GOOD, content={}), Status.NOT_MET),
    ("N13", with_content("presence", form="not_relevant"), Status.NOT_MET),
    ("N13", with_content("presence", form="not_relevant", reason="Nära kontor"), Status.MET),
    ("N14", with_content("routines", transition=""), Status.NOT_MET),
    ("N15", replace(GOOD, identity_numbers=1), Status.NOT_MET),
    ("N16", unsigned(GOOD, 1, case_number=""), Status.PARTLY),
    ("N17", with_contact(confirmed_on=None), Status.PARTLY),
    ("N17", with_contact(confirmed_on=datetime.date(2025, 11, 21)), Status.PARTLY),
    ("N17", with_contact(confirmed_on=datetime.date(2025, 11, 22)), Status.MET),
    ("N17", with_contact(foreign_domain=True), Status.PARTLY),
    ("N17", replace(GOOD, contacts=()), Status.NOT_MET),
    ("N18", replace(GOOD, other_agreements=1), Status.NOT_MET),
]


@pytest.mark.parametrize(("rule", "facts", "expected"), CASES)
def test_each_rule_tells_met_from_partly_and_not(rule: str, facts: Facts, expected: Status):
    assert status(rule, facts) is expected


def test_a_raised_threshold_takes_an_agreement_below():
    assert status("N04", GOOD, strategic=3) is Status.PARTLY
    assert status("N11", GOOD, times_per_year=2) is Status.NOT_MET
    assert status("N03", replace(GOOD, current_template=2), versions_behind=0) is Status.NOT_MET


def test_advice_never_takes_an_agreement_below_the_level():
    facts = unsigned(GOOD, 2, case_number="")

    assert whole(judge(facts, FIRST_RULE_SET)) is Status.MET
    assert [outcome.rule for outcome in short_of(judge(facts, FIRST_RULE_SET))] == ["N16"]


def test_a_demand_met_in_part_gives_the_level_in_part_and_a_failed_one_not_at_all():
    assert whole(judge(with_content("target_groups", delimitation=""), FIRST_RULE_SET)) is Status.PARTLY
    assert whole(judge(with_contact(verdict=Verdict.PERSON_BOUND), FIRST_RULE_SET)) is Status.NOT_MET


def test_the_reason_names_what_is_missing():
    outcome = judge(with_contact(verdict=Verdict.MIXED), FIRST_RULE_SET)[4]

    assert outcome.reason == "Funktionsbunden kontaktyta saknas för: Östersunds kommun (strategisk)."


@pytest.mark.parametrize(("rule", "facts", "_"), CASES)
def test_every_answer_comes_with_a_sentence(rule: str, facts: Facts, _: Status):
    for outcome in judge(facts, {rule: FIRST_RULE_SET[rule]}):
        assert is_sentence(outcome.reason)


def test_every_rule_that_is_met_says_so_in_a_sentence():
    assert [outcome.reason for outcome in judge(GOOD, FIRST_RULE_SET) if not is_sentence(outcome.reason)] == []


REASONS = [
    ("N01", unsigned(GOOD, 2, signed=False), f"Underskrift med funktion och beslut saknas för: {KOMMUN}, {AF}."),
    ("N05", replace(GOOD, contacts=(*GOOD.contacts, contact(AF, "tactical"))), f"{KOMMUN} (taktisk)."),
    ("N05", with_contact(party=AF), f"{KOMMUN} (strategisk)."),
    ("N06", GOOD, "Ingen kontaktyta är personbunden (0 blandade)."),
    ("N06", with_contact(verdict=Verdict.MIXED), "Ingen kontaktyta är personbunden (1 blandade)."),
    (
        "N06",
        replace(GOOD, contacts=tuple(replace(c, verdict=Verdict.PERSON_BOUND) for c in GOOD.contacts[:2])),
        "Personbundna kontaktytor: Arbetsmarknadschef, Arbetsmarknadschef.",
    ),
    ("N07", with_contact(has_deputy=False), f"Ersättare saknas för: Arbetsmarknadschef, {KOMMUN}."),
    ("N10", with_content("job_tracks", used=""), "Lokala jobbspår är inte besvarat."),
    ("N10", with_content("measures", measures=[]), "Gemensam insats med ansvarig funktion hos båda saknas."),
    (
        "N12",
        with_content("information", channels=[], data_protection_municipality="", data_protection_af=""),
        "kanal, dataskyddskontakt hos kommunen, dataskyddskontakt hos Arbetsförmedlingen.",
    ),
    ("N16", unsigned(GOOD, 1, case_number=""), f"Diarienummer saknas för: {KOMMUN}."),
    ("N17", with_contact(confirmed_on=None), "Inte bekräftade inom tiden, eller med adress i en annan domän: "),
]


@pytest.mark.parametrize(("rule", "facts", "words"), REASONS)
def test_the_reason_says_how_many_who_and_what(rule: str, facts: Facts, words: str):
    assert words in judge(facts, {rule: FIRST_RULE_SET[rule]})[0].reason


@pytest.mark.parametrize("flaw", ["municipality_function", "af_function"])
def test_a_joint_measure_has_a_function_in_charge_at_both(flaw: str):
    measure = CONTENT["measures"]["measures"][0]
    facts = with_content("measures", measures=[measure | {flaw: ""}])
    assert status("N10", facts) is Status.PARTLY
    assert status("N10", replace(facts, content=facts.content | {"job_tracks": {"used": "no"}})) is Status.NOT_MET


@pytest.mark.parametrize("flaw", ["target", "due", "responsible"])
def test_a_goal_without_target_date_or_function_in_charge_cannot_be_measured(flaw: str):
    facts = with_content("goals", goals=[CONTENT["goals"]["goals"][0] | {flaw: ""}])
    assert status("N08", facts) is Status.PARTLY


@pytest.mark.parametrize("flaw", ["channels", "data_protection_municipality", "data_protection_af"])
def test_information_needs_a_channel_and_a_contact_for_data_protection_at_both(flaw: str):
    assert status("N12", with_content("information", **{flaw: ""})) is Status.PARTLY


def test_a_forum_that_never_meets_is_none_even_if_one_meeting_would_do():
    facts = with_content("organisation", forums=[forum("strategic", 1, meetings_per_year=None)])
    assert status("N04", facts, strategic=1) is Status.NOT_MET
    assert status("N11", with_content("follow_up", times_per_year=None)) is Status.NOT_MET


def test_a_rule_stored_without_figures_is_judged_by_those_proposed():
    (setting,) = loaded({"N04": {"weight": "K"}}).values()
    assert thresholds_of("N04", setting) == {"strategic": 2, "operative": 4}


def test_a_figure_that_the_rule_does_not_have_is_left_out():
    assert thresholds_of("N17", Setting(Weight.DEMAND, {"months": 6, "years": 1})) == {"months": 6}


def test_each_outcome_names_the_section_where_it_is_mended():
    assert {outcome.rule: outcome.section for outcome in judge(GOOD, FIRST_RULE_SET)} == {
        rule: definition.section for rule, definition in RULES.items()
    }


# ------------------------------------------------------------------------------------------------ rule sets in words

DEMAND, ADVICE = Setting(Weight.DEMAND), Setting(Weight.ADVICE)


def test_a_rule_set_is_read_in_number_order_with_its_figures():
    n04, n14 = in_words({"N14": ADVICE, "N04": Setting(Weight.DEMAND, {"strategic": 3})})
    assert (n04.rule, n04.title, n04.weight) == ("N04", RULES["N04"].title, "Krav")
    assert n04.figures == (("Strategiska möten per år", 3), ("Operativa möten per år", 4))
    assert (n14.rule, n14.weight, n14.figures) == ("N14", "Bör", ())


def test_a_rule_is_told_as_a_sentence_and_so_is_one_left_out():
    assert sentence("N17", Setting(Weight.ADVICE, {"months": 6})) == (
        "Bör. Månader sedan kontaktytan bekräftades, högst: 6"
    )
    assert sentence("N17", None) == "Ingår inte"


def test_what_differs_between_two_rule_sets_is_told_and_what_does_not_is_left_out():
    told = changes({"N14": DEMAND, "N13": DEMAND, "N16": DEMAND}, {"N16": ADVICE, "N13": DEMAND, "N18": ADVICE})
    assert [(each.rule, each.before, each.after) for each in told] == [
        ("N14", "Krav", "Ingår inte"),
        ("N16", "Krav", "Bör"),
        ("N18", "Ingår inte", "Bör"),
    ]
    assert told[0].title == RULES["N14"].title


@pytest.mark.parametrize("months", [1, 36])
def test_a_figure_at_its_least_or_most_can_be_used(months: int):
    assert list(faults({"N17": Setting(Weight.DEMAND, {"months": months})})) == []


@pytest.mark.parametrize("months", [0, 37])
def test_a_figure_below_or_above_can_not(months: int):
    assert list(faults({"N17": Setting(Weight.DEMAND, {"months": months})})) == [
        "N17, Månader sedan kontaktytan bekräftades, högst: skriv 1–36."
    ]


def test_a_rule_set_needs_a_rule_and_no_figure_of_its_own_invention():
    assert list(faults({})) == ["Minst en regel måste ingå."]
    assert list(faults({"N14": Setting(Weight.DEMAND, {"times": 1})})) == ["N14 har ingen gräns som heter times."]


def test_every_fault_is_told_not_only_the_first():
    assert len(list(faults({"N11": Setting(Weight.DEMAND, {"x": 1, "months": 0, "times_per_year": 99})}))) == 3


@pytest.mark.parametrize(("least", "words"), [(1, "minst en gång om året"), (2, "minst 2 gånger om året")])
def test_follow_ups_that_are_too_few_are_told_by_the_figure_of_the_level(least: int, words: str):
    facts = with_content("follow_up", times_per_year=0)
    (outcome,) = judge(facts, {"N11": Setting(Weight.DEMAND, {"times_per_year": least})})
    assert words in outcome.reason
