"""How a run of capitalised words is cut into what may be names, and how much its own words speak for them."""

import pytest

from contacts.personbound.candidates import tokens_of
from contacts.personbound.evidence import (
    compound_of,
    first_weight,
    is_common_word,
    is_title_word,
    last_weight,
    middle_weight,
)
from contacts.personbound.names import ACCEPT, NEARLY
from contacts.personbound.segments import segments_of


def stretches(run, at_start=False):
    return [run[each.start : each.end] for each in segments_of(run, at_start)]


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("Anna Berglund Erik Stenman", ["Anna Berglund", "Erik Stenman"]),
        ("Klara Svensson Erik Johansson Eva Ek", ["Klara Svensson", "Erik Johansson", "Eva Ek"]),
        ("Lars Anna Berg", ["Lars Anna Berg"]),
        ("Anna Lund Berg", ["Anna Lund"]),
        ("Anna Mora Berg", ["Anna Mora Berg"]),
        ("Anna La Cruz", ["Anna La Cruz"]),
        ("Anna B Lindqvist", ["Anna B Lindqvist"]),
        ("Anna Berg Jr.", ["Anna Berg Jr."]),
        ("Carl XVI Gustaf", ["Carl XVI Gustaf"]),
        ("Mies van der Rohe", ["Mies van der Rohe"]),
        ("JK Rowling", ["JK Rowling"]),
        ("von Anna Berg", ["Anna Berg"]),
        ("Anna Berg von", ["Anna Berg"]),
        ("Anna Berg B.", ["Anna Berg"]),
        ("ANNA LINDQVIST", ["ANNA LINDQVIST"]),
        ("Anna LINDQVIST", ["Anna LINDQVIST"]),
    ],
)
def test_a_name_is_taken_with_all_that_belongs_to_it(run, names):
    assert stretches(run) == stretches(run, at_start=True) == names


@pytest.mark.parametrize(
    "before",
    [
        "Enhetschef", "Enhetschefen", "Moderaten-ledaren", "Malmös", "Kommunens", "Barcelonas", "Socialtjänsten",
        "Skolan", "AB", "SJ", "I", "Å", "The", "Avtalsenheten", "Xyzförvaltningen", "Rosengårds", "Saab Automobiles",
    ],
)  # fmt: skip
def test_a_title_an_owner_or_a_unit_before_the_name_is_no_part_of_it(before):
    assert stretches(f"{before} Anna Lindqvist")[-1] == "Anna Lindqvist"


@pytest.mark.parametrize(
    "run",
    [
        "Komvux Mora", "Region Nord", "San Francisco", "Palme-mordet", "Anna Palme-mordet", "Karin Bloms Café",
        "Addis Abeba", "Addis Abebas", "Addis Abeba Xyzzy", "Abu Ghraib", "Abu Ghraibs",
        "Anna Berg AB", "Anna Bergs AB", "ANNA KOMMUN", "Max", "Svenska Kyrkan", "Lilla Edet", "Januari", "AB SJ",
    ],
)  # fmt: skip
def test_places_units_works_and_firms_leave_nothing(run):
    assert stretches(run) == stretches(run, at_start=True) == []


def test_a_word_with_a_capital_anyhow_is_an_owner_where_a_sentence_begins():
    assert stretches("Storfavoriten Usain Bolt", at_start=True) == ["Usain Bolt"]
    assert stretches("Storfavoriten Usain Bolt") == ["Storfavoriten Usain Bolt"]
    assert stretches("Mitt Lindqvist", at_start=True) == ["Lindqvist"]
    assert stretches("Mitt Lindqvist") == ["Mitt Lindqvist"]


def test_after_a_genitive_a_new_name_begins():
    assert stretches("Anna Lindqvists Erik Berg") == ["Anna Lindqvists", "Erik Berg"]


def single(run):
    return [(run[each.start : each.end], each.title, each.common, each.genitive) for each in segments_of(run, False)]


@pytest.mark.parametrize(
    ("run", "found"),
    [
        ("Anna", ("Anna", "", True, False)),
        ("Karins", ("Karins", "", True, True)),
        ("Enhetschef Lindqvist", ("Lindqvist", "enhetschef", True, False)),
        ("Avtalssamordnare Per", ("Per", "avtalssamordnare", True, False)),
        ("Anna von", ("Anna", "", True, False)),
        ("Abu", ("Abu", "", False, False)),
    ],
)
def test_one_word_is_kept_with_its_title_and_whether_it_is_well_known(run, found):
    assert single(run) == [found]
    assert segments_of(run, False)[0].single


def score(run, at_start=False):
    (segment,) = segments_of(run, at_start)
    return segment.score


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("Anna Lindqvist", "Anna Zzyqqe"),
        ("Anna Lindqvist", "Zzyqqe Lindqvist"),
        ("Anna Lindqvist", "Lindqvist Anna"),
        ("Anna Zuma", "Anna Zzyqqe"),
        ("Anna Xyzberg", "Anna Zzyqqe"),
        ("Anna Xyzsson", "Anna Xyzberg"),
        ("Anna Lindqvist", "Per Lund"),
        ("Anna Lindqvist", "A. Lindqvist"),
        ("A.B. Lindqvist", "A. Lindqvist"),
        ("A. Lindqvist", "Zzyqqe Lindqvist"),
        ("Zzyqqe von Lindqvist", "Zzyqqe da Lindqvist"),
        ("Zzyqqe da Lindqvist", "Zzyqqe Lindqvist"),
        ("Anna Karin Lindqvist", "Anna Lindqvist"),
        ("Anna Berg Jr.", "Anna Berg"),
        ("Enhetschef Anna Lindqvist", "Anna Lindqvist"),
        ("Anna Lindqvist", "Komvux Anna Lindqvist"),
        ("Anna W. Karin Lindqvist", "Anna W. Lindqvist"),
        ("Anna von Lindqvist", "Anna Karin Lindqvist"),
        ("Enhetschef Anna Zzyqqe", "Enhetschef Zzyqqe Xyqqen"),
        ("Enhetschefen Zzyqqe Xyqqen", "Enhetschef Zzyqqe Xyqqen"),
        ("Zzyqqe al-Xyzzy", "Zzyqqe Xyzzy"),
        ("Zzyqqe McXyzzy", "Zzyqqe Xyzzy"),
        ("Zzyqqe Kovačx", "Zzyqqe Xyzzy"),
    ],
)
def test_what_is_known_of_its_words_makes_a_name_more_likely(more, less):
    assert score(more) > score(less)


@pytest.mark.parametrize("run", ["Max Lindqvist", "Zzyqqe Lindqvist", "Per Lund", "Stig Berg", "Alla Berg"])
def test_a_first_word_that_may_be_another_says_less_where_a_sentence_begins(run):
    assert score(run, at_start=True) < score(run)


@pytest.mark.parametrize("run", ["Anna Lindqvist", "A. Lindqvist", "Enhetschef Zzyqqe Xyqqen", "Asa Lindqvist"])
def test_elsewhere_the_place_in_the_sentence_makes_no_difference(run):
    assert score(run, at_start=True) == score(run)


def token(word):
    return tokens_of(word, 0)[0]


@pytest.mark.parametrize(
    ("more", "less"),
    [("Anna", "Max"), ("Max", "Mora"), ("Anna", "Lindqvist"), ("Lindqvist", "Lund"), ("A.B.", "A.")],
)
def test_a_first_word_counts_the_more_the_surer_it_is_a_given_name(more, less):
    assert first_weight(token(more), at_start=False) > first_weight(token(less), at_start=False)


@pytest.mark.parametrize(
    ("more", "less"),
    [("Lindqvist", "Lund"), ("Lindqvist", "Zuma"), ("Zuma", "Anna"), ("Anna", "Per"), ("Per", "Komvux")],
)
def test_a_last_word_counts_the_more_the_surer_it_is_a_surname(more, less):
    assert last_weight(token(more)) > last_weight(token(less))


def test_an_initial_or_a_unit_at_the_end_speaks_against_a_name():
    assert last_weight(token("A.")) < 0
    assert last_weight(token("Komvux")) < 0


def test_what_stands_in_the_middle_counts_for_a_name_but_not_without_end():
    assert middle_weight(tokens_of("von", 0)) > middle_weight(tokens_of("da", 0)) > middle_weight([]) == 0
    assert middle_weight(tokens_of("von von von", 0)) == middle_weight(tokens_of("von", 0))
    assert middle_weight(tokens_of("W.", 0)) == middle_weight(tokens_of("Karin", 0)) > 0
    assert middle_weight(tokens_of("Komvux", 0)) < 0


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Palme-mordet", "thing"), ("Berg-boken", "thing"), ("Chelsea-stjärnan", "title"), ("Zz-chefen", "title"),
        ("AIK-spelaren", "title"), ("AIK-fan", "thing"),
        ("Kim-ung", ""), ("Kimmy-un", ""), ("Kimmyx-un", "thing"), ("Kim-ungan", ""), ("Kim-ungann", "thing"),
        ("Kim-den", "thing"), ("KIM-un", "thing"), ("Malmö-un", "thing"), ("Volvo-un", "thing"), ("Kim-Un-un", "thing"),
        ("Kim-ledare", "title"), ("Xx-chef", "title"),
        ("Jong-un", ""), ("Anna", ""), ("Anna-Karin", ""), ("-mordet", ""),
    ],
)  # fmt: skip
def test_a_name_with_a_tail_in_lower_case_is_a_thing_or_a_title(word, kind):
    assert compound_of(token(word)) == kind


@pytest.mark.parametrize(
    ("word", "common", "title"),
    [
        ("Xyzförvaltningen", True, False), ("Zzyheten", True, False), ("Avtalsenheten", True, False),
        ("Heten", False, False), ("Lindqvist", False, False), ("Anna", False, False), ("Xyzchef", False, True),
        ("Xyzhandläggare", False, True), ("Xyzanten", False, True), ("Enanten", False, True), ("Anten", False, False),
    ],
)  # fmt: skip
def test_the_ending_of_an_unknown_word_tells_a_noun_or_a_title(word, common, title):
    assert (is_common_word(token(word)), is_title_word(token(word))) == (common, title)


def test_the_middle_of_a_name_never_counts_more_than_its_best_particle():
    """Else many middle names would make a name of any words."""
    best = middle_weight(tokens_of("von", 0))
    assert middle_weight(tokens_of("von Karin W. da", 0)) == best
    assert middle_weight(tokens_of("Karin W.", 0)) == 2 * middle_weight(tokens_of("Karin", 0)) < best
    assert middle_weight(tokens_of("da da", 0)) == 2 * middle_weight(tokens_of("da", 0)) < best
    assert middle_weight(tokens_of("Zzyqqe", 0)) == 0


def test_no_single_word_is_enough_for_a_name():
    """A first and a last word together; either alone stays at or below what is accepted."""
    words = (
        "Anna",
        "Asa",
        "Xing",
        "McXyzzy",
        "A.B.",
        "Lindqvist",
        "Kovač",
        "Zzyqqe",
        "Song-thaek",
        "Xyzsson",
        "el-Xyzzy",
    )
    assert max(first_weight(token(word), at_start=False) for word in words) <= ACCEPT
    assert max(last_weight(token(word)) for word in words) < ACCEPT


def test_what_speaks_against_a_last_word_does_not_undo_a_sure_first_one_and_context():
    for word in ("A.", "Komvux", "Mora", "Bank"):
        assert first_weight(token("Anna"), at_start=False) + last_weight(token(word)) >= NEARLY
