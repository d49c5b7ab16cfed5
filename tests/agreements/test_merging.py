"""Two people's changes to the same text: put together when they do not touch, and no word lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.fields import Field, Kind
from agreements.html import clean_html, plain_text
from agreements.merging import Collision, merge, merge_sequence, merge_text, units

COLUMNS = (Field("what", Kind.LINE, "Vad"), Field("due", Kind.DATE, "När"))
FIELDS = (
    Field("text", Kind.TEXT, "Text"),
    Field("line", Kind.LINE, "Rad"),
    Field("groups", Kind.CHOICES, "Grupper", options=(("a", "A"), ("b", "B"), ("c", "C"))),
    Field("goals", Kind.ROWS, "Mål", columns=COLUMNS),
)
words = st.text("abcdeå", min_size=1, max_size=4)
paragraphs = st.lists(words.map(lambda word: f"<p>{word}</p>"), max_size=6)
rows = st.lists(st.sampled_from("stuvxy"), unique=True, max_size=4).flatmap(
    lambda ids: st.tuples(
        *(st.builds(lambda key, what: {"id": key * 4, "what": what}, st.just(key), words) for key in ids)
    )
)
contents = st.builds(
    lambda text, line, groups, goals: without_blanks(
        {"text": "".join(text), "line": line, "groups": sorted(groups), "goals": list(goals)}
    ),
    paragraphs,
    st.sampled_from(["", "ett", "två"]),
    st.sets(st.sampled_from("abc")),
    rows,
)


def without_blanks(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value not in ("", [])}


def said(content: Any) -> set[str]:
    return set(re.findall(r"\w+", plain_text(str(content))))


@given(contents, contents)
def test_against_no_change_the_other_stands(base: dict[str, Any], changed: dict[str, Any]):
    assert (merge(FIELDS, base, changed, base).content, merge(FIELDS, base, changed, base).is_clean) == (changed, True)
    assert (merge(FIELDS, base, base, changed).content, merge(FIELDS, base, base, changed).is_clean) == (changed, True)


@given(contents, contents)
def test_the_same_change_made_by_both_stands(base: dict[str, Any], changed: dict[str, Any]):
    assert merge(FIELDS, base, changed, changed).content == changed


@given(contents, contents, contents)
def test_no_word_that_either_added_is_lost_in_a_clean_merge(base: Any, one: Any, other: Any):
    merged = merge(FIELDS, base, one, other)
    if merged.is_clean:
        kept = said(list(merged.content.values()))
        for side in (one, other):
            assert said(list(side.values())) - said(list(base.values())) <= kept


@given(contents, contents, contents)
def test_words_that_neither_wrote_do_not_come_back(base: Any, one: Any, other: Any):
    merged = merge(FIELDS, base, one, other)

    assert said(list(merged.content.values())) <= said([*one.values(), *other.values()])


@given(st.lists(words, min_size=3, max_size=6, unique=True), words, words)
def test_changes_to_different_paragraphs_give_the_same_text_whoever_was_first(base: list[str], first: str, last: str):
    texts = [f"<p>{word}</p>" for word in base]
    one, other = [f"<p>{first}</p>", *texts[1:]], [*texts[:-1], f"<p>{last}</p>"]
    was, a, b = ("".join(each) for each in (texts, one, other))

    assert merge_text(was, a, b) == merge_text(was, b, a) == "".join([one[0], *texts[1:-1], other[-1]])


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_a_sequence_merged_with_no_change_is_the_other(was: list[str], changed: list[str]):
    assert merge_sequence(was, changed, was) == changed == merge_sequence(was, was, changed)


def test_neighbouring_paragraphs_are_different_places():
    assert merge_text("<p>A</p><p>B</p>", "<p>A1</p><p>B</p>", "<p>A</p><p>B2</p>") == "<p>A1</p><p>B2</p>"


def test_the_same_paragraph_changed_in_two_ways_collides():
    with pytest.raises(Collision):
        merge_text("<p>A</p>", "<p>A1</p>", "<p>A2</p>")


def test_two_who_add_in_the_same_place_collide():
    with pytest.raises(Collision):
        merge_text("<p>A</p>", "<p>A</p><p>B</p>", "<p>A</p><p>C</p>")


def test_items_of_a_list_are_places_of_their_own():
    was = "<ul><li><p>ett</p></li><li><p>två</p></li></ul>"
    one, other = was.replace("ett", "etta"), was.replace("två", "tvåa")

    assert merge_text(was, one, other) == "<ul><li><p>etta</p></li><li><p>tvåa</p></li></ul>"


def test_a_paragraph_removed_by_one_and_changed_by_the_other_collides():
    with pytest.raises(Collision):
        merge_text("<p>A</p><p>B</p><p>C</p>", "<p>A</p><p>C</p>", "<p>A</p><p>B2</p><p>C</p>")


@given(st.recursive(words, lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=8))
def test_units_put_together_are_the_text(tree: Any):
    def listed(node: Any) -> str:
        return (
            f"<p>{node}</p>" if isinstance(node, str) else f"<ul>{''.join(f'<li>{listed(n)}</li>' for n in node)}</ul>"
        )

    text = clean_html(listed(tree))
    assert "".join(units(text)) == text


def goals(*rows: dict[str, str]) -> dict[str, Any]:
    return {"goals": [dict(row) for row in rows]}


ONE, TWO, THREE = ({"id": f"rad{n}", "what": word} for n, word in enumerate(("ett", "två", "tre")))


def test_different_cells_of_a_row_are_different_places():
    merged = merge(FIELDS, goals(ONE), goals(ONE | {"what": "etta"}), goals(ONE | {"due": "2027-01-01"}))

    assert merged.is_clean
    assert merged.content == goals(ONE | {"what": "etta", "due": "2027-01-01"})


def test_the_same_cell_changed_in_two_ways_collides_and_is_named():
    merged = merge(FIELDS, goals(ONE), goals(ONE | {"what": "a"}), goals(ONE | {"what": "b"}))

    assert merged.collisions == ["goals.rad0.what"]


def test_rows_that_both_added_are_both_there():
    merged = merge(FIELDS, goals(ONE), goals(ONE, TWO), goals(ONE, THREE))

    assert merged.is_clean
    assert [row["what"] for row in merged.content["goals"]] == ["ett", "två", "tre"]


def test_a_row_removed_by_one_and_left_alone_by_the_other_is_gone():
    assert merge(FIELDS, goals(ONE, TWO), goals(TWO), goals(ONE, TWO, THREE)).content == goals(TWO, THREE)


def test_a_row_removed_by_one_and_changed_by_the_other_collides():
    assert merge(FIELDS, goals(ONE, TWO), goals(TWO), goals(ONE | {"what": "b"}, TWO)).collisions == ["goals.rad0"]


def test_a_moved_row_can_be_changed_by_the_other():
    merged = merge(FIELDS, goals(ONE, TWO, THREE), goals(THREE, ONE, TWO), goals(ONE, TWO | {"what": "tvåa"}, THREE))

    assert [row["what"] for row in merged.content["goals"]] == ["tre", "ett", "tvåa"]


def test_rows_moved_in_two_ways_collide():
    assert merge(FIELDS, goals(ONE, TWO, THREE), goals(THREE, ONE, TWO), goals(TWO, ONE, THREE)).collisions == ["goals"]


def test_options_ticked_by_both_are_both_ticked():
    merged = merge(FIELDS, {"groups": ["a"]}, {"groups": ["a", "c"]}, {"groups": ["b"]})

    assert merged.content == {"groups": ["b", "c"]}
