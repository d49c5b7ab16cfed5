"""Rich text line by line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agreements.comparing.parts import Change, Line, new_text, old_text
from agreements.comparing.rich import compare_rich, read
from agreements.html import clean_html

PHRASE = st.lists(
    st.sampled_from(["Vi", "möts", "ofta", "i", "Åre", "&amp;", "varje", "vår"]), min_size=1, max_size=9
).map(" ".join)
STYLED = st.tuples(
    st.sampled_from(["{}", "<strong>{}</strong>", "<em>{}</em>", '<a href="https://skr.se">{}</a>']), PHRASE
).map(lambda parts: parts[0].format(parts[1]))
BLOCK = st.tuples(
    st.sampled_from(["<p>{}</p>", "<h3>{}</h3>", "<ul><li>{}</li></ul>", "<ol><li>{}</li><li>Två</li></ol>"]), STYLED
).map(lambda parts: parts[0].format(parts[1]))
RICH = st.one_of(st.lists(BLOCK, max_size=6).map("".join), st.text(max_size=80).map(clean_html))


def texts(lines: tuple[Line, ...], side: str) -> list[str]:
    """What the lines say on one side; lines that do not stand there are left out."""
    text_of, other = (new_text, Change.REMOVED) if side == "new" else (old_text, Change.ADDED)
    return [text_of(line.pieces) for line in lines if line.change is not other]


@given(RICH, RICH)
def test_both_texts_can_be_read_out_of_the_comparison(old: str, new: str):
    lines = compare_rich(old, new)

    assert texts(lines, "new") == [line.text for line in read(new)]
    assert texts(lines, "old") == [line.text for line in read(old)]


@given(RICH)
def test_a_text_does_not_differ_from_itself(text: str):
    assert {line.change for line in compare_rich(text, text)} <= {Change.SAME}


@given(RICH, RICH)
def test_what_has_moved_is_told_where_it_stood_and_where_it_stands(old: str, new: str):
    moved = [
        (line.change, new_text(line.pieces) or old_text(line.pieces)) for line in compare_rich(old, new) if line.moved
    ]

    gone, come = (sorted(text for change, text in moved if change is one) for one in (Change.REMOVED, Change.ADDED))
    assert gone == come


def test_a_changed_paragraph_is_one_line():
    (line,) = compare_rich("<p>Parterna möts två gånger per år.</p>", "<p>Parterna möts fyra gånger per år.</p>")

    assert line.change is Change.CHANGED


def test_a_paragraph_that_has_nothing_in_common_is_removed_and_added():
    lines = compare_rich("<p>Parterna möts ofta.</p>", "<p>Rum bokas av kommunen.</p>")

    assert [line.change for line in lines] == [Change.REMOVED, Change.ADDED]


def test_a_bold_word_is_a_change_of_form_and_said_in_words():
    (line,) = compare_rich("<p>Vi möts ofta.</p>", "<p>Vi <strong>möts</strong> ofta.</p>")

    assert (line.change, line.notes) == (Change.FORMATTED, ("ny fetstil",))


def test_a_paragraph_made_a_list_item_keeps_its_words():
    (line,) = compare_rich("<p>Vi möts ofta.</p>", "<ul><li>Vi möts ofta.</li></ul>")

    assert (line.change, line.notes) == (Change.FORMATTED, ("stycke har blivit punkt i lista",))


def test_a_link_that_leads_elsewhere_is_a_change_of_form():
    (line,) = compare_rich('<p><a href="https://a.se">Läs</a></p>', '<p><a href="https://b.se">Läs</a></p>')

    assert line.notes == ("ändrad länk",)


def test_a_paragraph_that_has_moved_is_told_as_moved_in_both_places():
    one, two, three = (f"<p>{text}</p>" for text in ("Först av allt.", "Sedan rum.", "Sist lunch."))

    lines = compare_rich(one + two + three, two + three + one)

    assert [(line.change, line.moved) for line in lines if line.moved] == [(Change.REMOVED, True), (Change.ADDED, True)]


def test_clauses_know_their_numbers_before_and_now():
    lines = compare_rich(
        "<ol><li>Första</li><li>Andra</li></ol>", "<ol><li>Ny sak</li><li>Första</li><li>Andra</li></ol>"
    )

    assert [(line.was_number, line.number) for line in lines] == [(0, 1), (1, 2), (2, 3)]


def test_a_paragraph_inside_an_item_is_a_line_of_its_own():
    assert [(line.form, line.number) for line in read("<ol><li><p>Ett</p><p>Mer</p></li></ol>")] == [
        ("ol", 1),
        ("more", 0),
    ]
