"""Whole agreements compared: sections, rows, choices, dates, parties, contact points and period."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.comparing import Change, Comparison, compare, new_text, old_text, template_as_document, words_of_tally
from agreements.document import Document
from agreements.models import TemplateSection
from agreements.redline import redline
from tests import printed

SECTIONS = ("goals", "target_groups", "contacts", "routines", "follow_up", "parties", "validity", "signatures")


@pytest.fixture
def old() -> Document:
    return printed.text(only=SECTIONS)


@pytest.fixture
def new(old: Document) -> Document:
    return copy.deepcopy(old)


def block(document: Document, section: str, key: str) -> dict[str, Any]:
    own = next(one for one in document["sections"] if one["key"] == section)
    return next(one for one in own["blocks"] if one["key"] == key)  # type: ignore[no-any-return]


def entries(comparison: Comparison, section: str, key: str) -> list[Any]:
    found = comparison.section(section)
    assert found is not None
    return next(one for one in found.blocks if one.key == key).entries


def test_two_equal_documents_do_not_differ(old: Document, new: Document):
    comparison = compare(old, new)

    assert comparison.is_same
    assert words_of_tally(comparison.tally) == "Det är samma text"
    assert redline(comparison, only_changes=True).sections == []


def test_comparing_changes_neither_document(old: Document, new: Document):
    block(new, "goals", "goals")["rows"].reverse()
    before = copy.deepcopy((old, new))

    compare(old, new)

    assert (old, new) == before


def test_rows_that_change_places_have_moved(old: Document, new: Document):
    goals = block(new, "goals", "goals")
    goals["rows"].append(goals["rows"].pop(0))
    goals["ids"].append(goals["ids"].pop(0))

    moved = [(row.was, row.now) for row in entries(compare(old, new), "goals", "goals") if row.moved]

    assert moved == [(1, 3)]


def test_a_row_can_be_added_removed_and_changed(old: Document, new: Document):
    goals = block(new, "goals", "goals")
    goals["rows"][0][0] = "Fler unga i arbete"
    goals["ids"][1] = "nyrad"

    changes = [row.change for row in entries(compare(old, new), "goals", "goals")]

    assert changes == [Change.CHANGED, Change.REMOVED, Change.ADDED, Change.SAME]
    assert words_of_tally(compare(old, new).tally) == "1 avsnitt ändrat, 1 rad ändrad, 1 tillagd, 1 borttagen"


def test_rows_without_common_ids_are_matched_by_what_they_say(old: Document, new: Document):
    goals = block(new, "goals", "goals")
    goals["ids"] = ["x1", "x2", "x3"]

    assert compare(old, new).is_same


def test_a_row_whose_columns_have_other_names_keeps_its_values(old: Document, new: Document):
    block(new, "goals", "goals")["columns"][0] = "Ett annat ord för målet"

    row = entries(compare(old, new), "goals", "goals")[0]

    assert [(fact.label, fact.change) for fact in row.facts if fact.change is not Change.SAME] == [
        ("Ett annat ord för målet", Change.ADDED),
        (block(old, "goals", "goals")["columns"][0], Change.REMOVED),
    ]


def test_choices_are_told_one_by_one(old: Document, new: Document):
    items = block(new, "target_groups", "groups")["items"]
    gone = items.pop(0)

    section = compare(old, new).section("target_groups")

    assert section is not None
    told = [piece for item in section.blocks[0].items for piece in item if piece.mark != "same"]
    assert [(piece.mark, piece.text) for piece in told] == [("deleted", gone)]


def test_a_contact_point_is_known_by_its_function_party_and_level(old: Document, new: Document):
    block(new, "contacts", "contacts")["groups"][0]["contacts"][0]["mailbox"] = "nytt@ostersund.se"

    changed = [entry for entry in entries(compare(old, new), "contacts", "contacts") if not entry.is_same]

    assert [fact.label for fact in changed[0].facts if fact.change is not Change.SAME] == ["Funktionsbrevlåda"]
    assert len(changed) == 1


def test_a_date_is_replaced_and_never_mended_within(old: Document, new: Document):
    new["period"]["end"] = "2029-12-31"

    section = compare(old, new).section("validity")

    assert section is not None
    (fact,) = [fact for fact in section.blocks[0].facts if fact.change is not Change.SAME]
    assert [piece.text for piece in fact.pieces] == ["2028-12-31", "2029-12-31"]


def test_a_party_called_something_else_is_the_same_party(old: Document, new: Document):
    new["parties"][0]["name"] = "Åre kommun"

    party = entries(compare(old, new), "parties", "parties")[0]

    assert (old_text(party.name), new_text(party.name)) == ("Östersunds kommun", "Åre kommun")


def test_a_section_that_is_new_pushes_the_others_without_changing_them(old: Document, new: Document):
    new["sections"].insert(0, {"key": "brand_new", "number": "1", "title": "Nytt", "locked": "", "blocks": []})
    new["sections"][1]["number"] = "2"

    comparison = compare(old, new)

    assert [section.change for section in comparison.changed] == [Change.ADDED]
    assert comparison.sections[1].was_number == old["sections"][0]["number"]


def test_national_clauses_are_told_one_by_one(old: Document, new: Document):
    section = next(one for one in new["sections"] if one["key"] == "routines")
    section["locked"] = section["locked"].replace("fem arbetsdagar", "tre arbetsdagar")

    tally = compare(old, new).tally

    assert (tally.clauses, tally.sections_changed) == (1, 1)


def test_bold_alone_is_told_as_formatting(old: Document, new: Document):
    text = block(new, "routines", "handover")
    text["html"] = text["html"].replace("Även", "<em>Även</em>")

    assert words_of_tally(compare(old, new).tally) == "1 avsnitt med bara ändrad formatering"


FILE = {"title": "Karta", "name": "karta.pdf", "section": "", "kind": "pdf", "size": 9, "sha256": "a" * 64}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([], [FILE], "1 bifogad fil tillagd"),
        ([FILE], [], "1 bifogad fil borttagen"),
        ([FILE], [FILE | {"sha256": "b" * 64}], "1 bifogad fil ändrad"),
        ([FILE], [FILE], "Det är samma text"),
    ],
)
def test_attached_files_are_told_by_title_and_hash(
    old: Document, new: Document, before: list[Any], after: list[Any], told: str
):
    comparison = compare(old | {"attachments": before}, new | {"attachments": after})

    assert words_of_tally(comparison.tally) == told
    assert comparison.is_same is (before == after)
    assert bool(redline(comparison, only_changes=True).files) is (before != after)


def test_a_template_is_compared_by_its_locked_text_guidance_and_fields():
    facts = {"key": "a", "number": "1", "title": "Mål", "locked": "<p>Parterna möts.</p>"}
    field = {"key": "goal", "kind": "text", "label": "Mål"}
    one = TemplateSection(**facts, guidance="<p>Skriv.</p>", definition=[field])
    two = TemplateSection(**facts, guidance="<p>Skriv kort.</p>", definition=[field | {"required": True}])

    (section,) = compare(template_as_document(1, "Ett", [one]), template_as_document(2, "Två", [two])).sections

    assert [(block.key, block.change) for block in section.blocks] == [
        ("guidance", Change.CHANGED),
        ("fields", Change.CHANGED),
    ]


def test_an_agreement_whose_every_text_is_as_long_as_can_be_is_compared_in_seconds(old: Document, new: Document):
    for document, shift in ((old, 0), (new, 1)):
        for section in document["sections"]:
            for one in section["blocks"]:
                if "html" in one:
                    one["html"] = "".join(f"<p>{'ord ' * 90}{(i + shift) % 7} {i} slut.</p>" for i in range(130))

    started = time.process_time()
    comparison = compare(old, new)

    assert comparison.tally.sections_changed > 2
    assert time.process_time() - started < 10


CELL = st.sampled_from(["", "Möte", "Två möten", "Möte i maj", "2027-05-15"])
ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), CELL, CELL), max_size=6, unique_by=lambda row: row[0])


def with_rows(document: Document, rows: list[tuple[str, str, str]]) -> Document:
    goals = {"key": "goals", "kind": "rows", "label": "Mål", "columns": ["Vad", "När"], "kinds": ["line", "line"]}
    own = {"ids": [row[0] for row in rows], "rows": [list(row[1:]) for row in rows]}
    section = {"key": "goals", "number": "4", "title": "Mål", "locked": "", "blocks": [goals | own]}
    return document | {"sections": [section]}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ROWS)
def test_both_lists_of_rows_can_be_read_out_of_the_comparison(old: Document, before: list[Any], after: list[Any]):
    comparison = compare(with_rows(old, before), with_rows(old, after))
    rows = entries(comparison, "goals", "goals")

    assert [row.now for row in rows if row.now] == list(range(1, len(after) + 1))
    assert sorted(row.was for row in rows if row.was) == list(range(1, len(before) + 1))
    for row in rows:
        says = ["".join(map(text_of, [fact.pieces for fact in row.facts])) for text_of in (old_text, new_text)]
        assert says[1] == ("".join(after[row.now - 1][1:]) if row.now else "")
        assert says[0] == ("".join(before[row.was - 1][1:]) if row.was else "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ROWS)
def test_rows_are_always_told_in_the_same_way(old: Document, before: list[Any], after: list[Any]):
    assert compare(with_rows(old, before), with_rows(old, after)) == compare(
        with_rows(old, before), with_rows(old, after)
    )
