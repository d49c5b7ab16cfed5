"""States, content, document, flags and what the pages make of them: functions over plain data, no database."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from agreements.content import MAX_ROWS, InvalidContent, tidy, tidy_party
from agreements.document import ContactLine, Head, PartyLine, SectionSource, assemble, canonical, text_hash
from agreements.fields import Field, gaps, parse, prose
from agreements.findings import read_text
from agreements.flags import Case, CheckedContact, check
from agreements.lowest_level import Facts
from agreements.presenters.base import differences
from agreements.rules import days_in_force, left_before_proposing, may_move, period_errors
from agreements.sheets import field_anchor, sheets
from agreements.states import FIXED, OWN_PROPOSAL, TRANSITIONS, Move, State, Who, WrongMove, after, moves_from, refusal
from contacts.personbound import ContactFacts, Verdict

DAY = datetime.date(2027, 1, 1)


def spec(key: str, kind: str, **more: Any) -> Field:
    return parse({"key": key, "kind": kind, "label": key.capitalize(), **more})


ROWS = spec(
    "goals",
    "rows",
    required=True,
    columns=[
        {"key": "what", "kind": "line", "label": "Vad", "required": True},
        {"key": "due", "kind": "date", "label": "När"},
        {"key": "who", "kind": "function", "label": "Vem"},
    ],
)
FIELDS = (
    spec("text", "text"),
    spec("note", "note"),
    spec("used", "choice", options=[["yes", "Ja"], ["no", "Nej"]]),
    spec("groups", "choices", options=[["a", "Unga"], ["b", "Nyanlända"]]),
    spec("times", "integer"),
    spec("why", "note", required_if={"field": "used", "value": "no"}),
    ROWS,
    spec("contacts", "contacts"),
)


def source(content: dict[str, Any], fields: tuple[Field, ...] = FIELDS) -> SectionSource:
    return SectionSource("goals", "4", "Mål", "<p>Låst.</p>", fields, content)


def document(content: dict[str, Any]) -> dict[str, Any]:
    head = Head("ÖK-2027-0001", 1, "Titel", 1, "Mall", "2027-01-01", None, None, 3)
    party = PartyLine("municipality", "Åre kommun", "Nämnden", "", "", "Chef")
    contact = ContactLine("strategic", "Åre kommun", "Socialchef", "", "socialtjansten@are.se", "", "", "", "")
    return assemble(head, [party], [source(content)], [contact])


# ------------------------------------------------------------------------------------------------ states


def test_nothing_leads_out_of_what_has_ended() -> None:
    assert moves_from(State.ENDED) == []
    for move in Move:
        with pytest.raises(WrongMove):
            after(State.ENDED, move)


def test_a_discarded_draft_can_only_be_taken_back_or_purged() -> None:
    assert [t.move for t in moves_from(State.DISCARDED)] == [Move.RESTORE]
    assert after(State.DISCARDED, Move.PURGE) == State.DISCARDED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_every_refusal_is_a_sentence_of_its_own(state: State, move: Move) -> None:
    sentence = refusal(move, state)

    assert sentence.startswith(("Överenskommelsen ", "Utkastet ", "Ni har själva "))
    assert sentence.endswith(".")
    asks_in_vain = state in TRANSITIONS[move].sources and TRANSITIONS[move].who == Who.OTHER_PARTY
    assert (sentence == OWN_PROPOSAL) == asks_in_vain


def test_every_refusal_differs_and_every_fixed_state_says_what_to_do() -> None:
    told = {refusal(move, state) for move in Move for state in State} - {OWN_PROPOSAL}

    assert len(told) == len(Move) * len(State) - 2
    assert set(FIXED) == set(State) - {State.DRAFT}


def test_every_state_but_the_first_is_reached_by_a_move() -> None:
    assert {t.target for t in TRANSITIONS.values()} == set(State)


def test_only_the_other_side_reviews() -> None:
    assert may_move(Move.ACCEPT, State.PROPOSED, {"af"}, "municipality")
    assert not may_move(Move.ACCEPT, State.PROPOSED, {"municipality"}, "municipality")
    assert not may_move(Move.ACCEPT, State.DRAFT, {"af"}, "municipality")


def test_the_systems_moves_are_nobodys() -> None:
    for move, transition in TRANSITIONS.items():
        if transition.who == Who.SYSTEM:
            assert not any(may_move(move, state, {"af", "municipality"}, "") for state in State)


# ----------------------------------------------------------------------------------------------- content


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"okänt": "x"}, "okänt"),
        ({"contacts": "x"}, "contacts"),
        ({"text": 5}, "text"),
        ({"used": "kanske"}, "used"),
        ({"groups": "a"}, "groups"),
        ({"groups": ["c"]}, "groups"),
        ({"times": "många"}, "times"),
        ({"times": "1" * 9}, "times"),
        ({"note": "x" * 5001}, "note"),
        ({"goals": "x"}, "goals"),
        ({"goals": [{"what": "x"}] * (MAX_ROWS + 1)}, "goals"),
        ({"goals": [{}, {"due": "31 maj"}]}, "goals.1.due"),
        ({"goals": [{"who": "811218-9876"}]}, "goals.0.who"),
    ],
)
def test_what_cannot_be_stored_is_told_by_its_path(raw: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidContent) as refusal:
        tidy(FIELDS, raw)
    assert list(refusal.value.errors) == [path]


def test_every_complaint_is_told_at_once() -> None:
    with pytest.raises(InvalidContent) as refusal:
        tidy(FIELDS, {"times": "x", "goals": [{"due": "x"}, {"due": "y"}]})
    assert len(refusal.value.errors) == 3


def test_blank_values_and_blank_rows_are_left_out() -> None:
    assert tidy(FIELDS, {"text": "<p> </p>", "note": " ", "groups": [], "times": "", "goals": [{"what": ""}]}) == {}


def test_what_is_tidy_stays_as_it_is() -> None:
    once = tidy(FIELDS, {"text": "<p>A&amp;B</p>", "times": "0", "goals": [{"what": " Mål  ett "}]})

    assert once["goals"][0]["what"] == "Mål ett"
    assert tidy(FIELDS, once) == once


def test_a_row_id_is_kept_once_and_never_trusted() -> None:
    rows = tidy(
        FIELDS, {"goals": [{"what": "a", "id": "k3f9"}, {"what": "b", "id": "k3f9"}, {"what": "c", "id": "<x>"}]}
    )["goals"]

    ids = [row["id"] for row in rows]
    assert ids[0] == "k3f9"
    assert len(set(ids)) == 3
    assert all(row_id.isalnum() for row_id in ids)


@pytest.mark.parametrize(
    "wrong", [{"org_number": "123"}, {"org_number": "811218-9876"}, {"unit": "x" * 201}, {"name": "Ny"}]
)
def test_a_partys_facts_are_judged(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidContent):
        tidy_party(wrong)


# ---------------------------------------------------------------------------------------- what is left


def test_what_is_left_tells_row_and_column() -> None:
    found = [gap.message for gap in gaps(FIELDS, {"used": "no", "goals": [{"id": "a", "due": "2027-01-01"}]})]

    assert found == ["Why är inte ifyllt.", "Goals, rad 1: Vad är inte ifyllt."]


def test_zero_is_an_answer() -> None:
    assert not list(gaps((spec("times", "integer", required=True),), {"times": 0}))


def test_each_party_needs_contact_points_on_two_levels() -> None:
    party = PartyLine("af", "AF", "Enhet", "", "", "Chef")
    contacts = SectionSource("contacts", "7", "Kontaktytor", "", (), {})

    left = left_before_proposing([contacts], [party], {("strategic", "AF")}, DAY, DAY, None)

    assert [item.message for item in left] == ["AF: kontaktyta på operativ nivå saknas."]


def test_the_period_is_in_order() -> None:
    later, sooner = DAY + datetime.timedelta(days=9), DAY - datetime.timedelta(days=9)

    assert period_errors(DAY, later, DAY) == {}
    assert set(period_errors(DAY, sooner, None)) == {"period_end"}
    assert set(period_errors(DAY, None, sooner)) == {"revision_date"}
    assert set(period_errors(DAY, later, later + datetime.timedelta(days=1))) == {"revision_date"}
    assert set(period_errors(None, datetime.date(9999, 12, 31), None)) == {"period_end"}


def test_an_agreement_never_binds_before_its_last_signature() -> None:
    signed = DAY + datetime.timedelta(days=30)

    assert days_in_force(DAY, None, signed) == (signed, None)
    assert days_in_force(DAY, datetime.date(2027, 12, 31), DAY) == (DAY, datetime.date(2028, 1, 1))


# ----------------------------------------------------------------------------------- document and pages


def test_the_same_content_has_the_same_hash_and_one_letter_another() -> None:
    one, same, other = (document({"note": text}) for text in ("Läget är gott.", "Läget är gott.", "Läget är gott!"))

    assert canonical(one) == canonical(same)
    assert text_hash(one) == text_hash(same) != text_hash(other)


def test_flagged_words_are_marked_where_they_stand_and_nothing_else_is() -> None:
    class Flagged:
        section_key = "goals"
        details = {"field": "goals.k1.who", "words": "Anna Berg"}

    content = {"note": "Anna Berg", "goals": [{"id": "k1", "who": "Anna Berg <b>"}, {"id": "k2", "who": "Anna Berg"}]}
    [sheet] = sheets(document(content), [Flagged()])  # type: ignore[list-item]

    note, rows = sheet.blocks[0]["text"], sheet.blocks[1]["rows"]
    assert note == "Anna Berg"
    assert rows[0][2][1] == '<mark class="flagged">Anna Berg</mark> &lt;b&gt;'
    assert rows[1][2][1] == "Anna Berg"


def test_an_anchor_follows_its_row() -> None:
    content = {"goals": [{"id": "k2"}, {"id": "k1"}]}

    assert field_anchor("goals.k1.who", content) == "id_goals-1-who"
    assert field_anchor("note", content) == "id_note"


# -------------------------------------------------------------------------------------- flags, history


ON = datetime.date(2026, 11, 22)


def contact(**facts: Any) -> CheckedContact:
    return CheckedContact(7, facts.get("function", ""), "Åre kommun", ContactFacts(**facts), confirmed_on=ON)


def a_draft(content: dict[str, Any], *contacts: CheckedContact) -> Case:
    """A draft with this content in one section, that rests on these contact points."""
    facts = Facts(ON, (), (), {}, None, None, None, 1, 1, True, 0, 0)
    return Case(State.DRAFT, {"goals": read_text(FIELDS, content)}, contacts, facts)


def test_a_name_and_a_personal_address_in_a_row_are_found_once_each() -> None:
    content = {
        "goals": [{"id": "k1", "what": "Ring Anna Lindqvist. Anna Lindqvist svarar.", "who": "anna.lindqvist@are.se"}]
    }

    result = check(a_draft(content, contact(function="Socialchef", mailbox="socialtjansten@are.se")))

    assert {(found.rule, found.details["field"]) for found in result.found} == {
        ("name_in_text", "goals.k1.what"),
        ("personal_email_in_text", "goals.k1.who"),
    }
    assert result.verdict is Verdict.PERSON_BOUND


@pytest.mark.parametrize(
    ("facts", "verdict", "rule"),
    [
        (
            {"function": "Socialchef", "in_catalogue": True, "mailbox": "socialtjansten@are.se"},
            Verdict.FUNCTION_BOUND,
            None,
        ),
        ({"function": "Socialchef", "in_catalogue": True, "phone": "070-123 45 67"}, Verdict.MIXED, "mixed_contact"),
        (
            {"function": "Anna Lindqvist", "mailbox": "anna.lindqvist@are.se"},
            Verdict.PERSON_BOUND,
            "person_bound_contact",
        ),
        ({"function": "Socialchef", "in_catalogue": True}, Verdict.UNREACHABLE, "unreachable_contact"),
    ],
)
def test_a_contact_point_is_judged_with_reason_and_mend(
    facts: dict[str, Any], verdict: Verdict, rule: str | None
) -> None:
    result = check(a_draft({}, contact(**facts)))

    assert result.verdict is verdict
    assert [found.rule for found in result.found] == ([rule] if rule else [])
    assert all(found.reason and found.mend for found in result.found)


def test_an_empty_draft_is_not_judged() -> None:
    assert check(a_draft({})).verdict is None


def test_free_text_is_read_where_people_write_freely_and_nowhere_else() -> None:
    content = {"text": "<p>a</p>", "used": "yes", "times": 1, "goals": [{"id": "k1", "what": "b", "due": "2027-01-01"}]}

    assert list(prose(FIELDS, content)) == [("text", "<p>a</p>"), ("goals.k1.what", "b")]


def test_history_tells_rows_apart() -> None:
    before = {
        "note": "Lika",
        "goals": [{"id": "a", "what": "Ett"}, {"id": "b", "what": "Två"}, {"id": "c", "what": "Tre"}],
    }
    after_ = {
        "note": "Lika",
        "goals": [{"id": "c", "what": "Tre"}, {"id": "b", "what": "Tvåa"}, {"id": "d", "what": "Ny"}],
    }

    told = [(change.what, change.before, change.after) for change in differences(FIELDS, before, after_)]

    assert told == [
        ("Goals, rad 2", "Vad: Två", "Vad: Tvåa"),
        ("Goals, rad 3", "", "Vad: Ny"),
        ("Goals, rad 1, borttagen", "Vad: Ett", ""),
        ("Goals, ordning", "Raderna stod i en annan ordning.", "Raderna är flyttade."),
    ]


def test_history_reads_values_as_people_do() -> None:
    before, now = (
        {"used": "yes", "text": "<p>A</p>"},
        {"used": "no", "groups": ["a", "b"], "text": "<p>A</p><p>B &amp; C</p>"},
    )

    told = {change.what: (change.before, change.after) for change in differences(FIELDS, before, now)}

    assert told == {"Text": ("A", "A\nB & C"), "Used": ("Ja", "Nej"), "Groups": ("", "Unga, Nyanlända")}
