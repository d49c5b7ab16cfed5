"""Word by word: nothing is lost, and what is told can be read."""

from __future__ import annotations

import time
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.comparing.common import MOST_CELLS, common_runs, in_order
from agreements.comparing.parts import Mark, Piece, new_text, old_text
from agreements.comparing.words import compare_text

SWEDISH = st.lists(
    st.sampled_from(
        ["Parterna", "möts", "två", "fyra", "gånger", "per", "år", ".", ",", " ", "\n", "SKR:s", "e-post", "&", "<b>"]
    ),
    max_size=30,
).map(" ".join)
TEXT = st.one_of(SWEDISH, st.text(max_size=60))


def told(old: str, new: str) -> str:
    """The comparison in one line: [-deleted-] and [+inserted+]."""
    frames = {Mark.SAME: "{}", Mark.INSERTED: "[+{}+]", Mark.DELETED: "[-{}-]"}
    return "".join(frames[piece.mark].format(piece.text) for piece in compare_text(old, new))


def seen(text: str) -> str:
    return text.replace("\u00a0", " ")


@given(TEXT, TEXT)
def test_without_what_is_inserted_it_is_the_old_text(old: str, new: str):
    assert old_text(compare_text(old, new)) == seen(old)


@given(TEXT, TEXT)
def test_without_what_is_deleted_it_is_the_new_text(old: str, new: str):
    assert new_text(compare_text(old, new)) == seen(new)


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text: str):
    assert {piece.mark for piece in compare_text(text, text)} <= {Mark.SAME}


@given(TEXT, TEXT)
def test_the_same_two_texts_always_give_the_same_answer(old: str, new: str):
    assert compare_text(old, new) == compare_text(old, new)


@given(TEXT, TEXT)
def test_a_change_is_told_once_with_what_was_deleted_first(old: str, new: str):
    marks = [piece.mark for piece in compare_text(old, new)]

    assert all(a != b for a, b in pairwise(marks))
    assert (Mark.INSERTED, Mark.DELETED) not in set(pairwise(marks))


@given(SWEDISH, SWEDISH)
def test_markup_in_a_text_is_text(old: str, new: str):
    assert "<b>" not in "".join(piece.html for piece in compare_text(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Möte två gånger per år.", "Möte fyra gånger per år.", "Möte [-två-][+fyra+] gånger per år."),
        ("Vi möts. Vi talar.", "Vi möts. Vi lyssnar. Vi talar.", "Vi möts.[+ Vi lyssnar.+] Vi talar."),
        ("Den stora kommunen", "stora kommunen", "[-Den -]stora kommunen"),
        ("Enligt SKR:s mall", "Enligt SKR:s nya mall", "Enligt SKR:s[+ nya+] mall"),
        ("Senast kl. 13.00", "Senast kl. 13.30", "Senast kl. [-13.00-][+13.30+]"),
        ("", "Ny text", "[+Ny text+]"),
        ("Gammal text", "", "[-Gammal text-]"),
    ],
)
def test_a_change_is_told_in_whole_words(old: str, new: str, expected: str):
    assert told(old, new) == expected


def test_a_rewritten_sentence_is_no_confetti():
    old = "Kommunen ansvarar för att skicka kallelse till alla i god tid."
    new = "Arbetsförmedlingen bokar rum och för protokoll vid alla möten i mars."

    assert len(compare_text(old, new)) == 3  # deleted, inserted, and the full stop


def test_few_shared_words_between_larger_changes_go_with_them():
    old = "Samverkan sker löpande och på ett förtroendefullt sätt mellan parterna."
    new = "Arbetet följs upp årligen och på ett gemensamt möte varje höst mellan parterna."

    deleted = [piece.text for piece in compare_text(old, new) if piece.mark is Mark.DELETED]

    assert deleted == ["Samverkan sker löpande och på ett förtroendefullt sätt"]


def test_fifty_thousand_characters_are_compared_without_a_wait():
    old = " ".join(f"ord{i % 700} och text{i % 37}," for i in range(2800))
    new = " ".join(f"ord{i * 7 % 700} men text{i % 31}." for i in range(2800))
    assert min(len(old), len(new)) >= 50_000

    started = time.process_time()
    compare_text(old, new)

    assert time.process_time() - started < 2


def test_what_is_too_long_to_be_weighed_word_by_word_is_told_coarsely():
    size = int(MOST_CELLS**0.5) + 10

    runs = common_runs(["först", *"a" * size, "sist"], ["först", *"b" * size, "sist"])

    assert [(run.i, run.size) for run in runs] == [(0, 1), (size + 1, 1)]


@given(st.lists(st.integers(0, 5), max_size=12), st.lists(st.integers(0, 5), max_size=12))
def test_as_much_as_possible_is_found_in_common(old: list[int], new: list[int]):
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])

    runs = common_runs(old, new)

    assert sum(run.size for run in runs) == table[-1][-1]
    assert all(old[run.i : run.old_end] == new[run.j : run.new_end] for run in runs)


@given(st.permutations(range(6)))
def test_what_keeps_its_order_rises(places: list[int]):
    kept = [places[position] for position in sorted(in_order(places))]

    longest = max(size for size in range(7) for some in combinations(places, size) if list(some) == sorted(some))
    assert kept == sorted(kept)
    assert len(kept) == longest


def test_a_piece_is_plain_data():
    assert compare_text("a", "a") == (Piece(Mark.SAME, "a", "a"),)
