"""What is known of one written word, as a run of capitalised words is cut up."""

import pytest

from contacts.personbound.candidates import look_up, run_pattern, tokens_of
from contacts.personbound.digits import digit_windows
from contacts.personbound.findings import Confidence, Finding, Kind, without_overlaps
from contacts.personbound.lazy import Lazy
from contacts.personbound.lexicon import Word

GIVEN, SURNAME = Word.GIVEN, Word.SURNAME


@pytest.mark.parametrize(
    ("word", "known", "genitive"),
    [
        ("Anna", GIVEN, False),
        ("ANNA", GIVEN, False),
        ("Åsa", GIVEN, False),
        ("A\u030asa", GIVEN, False),
        ("Lindqvist", SURNAME, False),
        ("Lindqvists", SURNAME, True),
        ("Lindqvist's", SURNAME, True),
        ("Lindqvist’s", SURNAME, True),
        ("Anna-Karin", GIVEN, False),
        ("Anna-Karins", GIVEN, True),
        ("Berg-Lindqvist", SURNAME, False),
        ("Berg-Lindqvists", SURNAME, True),
        ("Anna-Lund", SURNAME, False),
        ("Al-Lindqvist", SURNAME, False),
        ("O'Neill", SURNAME, False),
        ("O’Neill", SURNAME, False),
        ("D'Lindqvist", SURNAME, False),
        ("Dlamini-Zuma", SURNAME, False),
        ("Xyzzy-Zuma", SURNAME, False),
        ("El-Lindqvist", SURNAME, False),
        ("Ben-Lindqvist", SURNAME, False),
        ("Bin-Lindqvist", SURNAME, False),
        ("Abu-Xyzzy", GIVEN, False),
        ("Enhetschef", Word.TITLE, False),
        ("Komvux", Word.ORGANISATION, False),
    ],
)
def test_a_word_is_known_as_it_stands_without_s_or_by_its_parts(word, known, genitive):
    flags, is_genitive = look_up(word)
    assert flags & known == known
    assert is_genitive is genitive


@pytest.mark.parametrize(
    "word", ["Xyzzy", "Xyzzys", "Xyzzy-Xyzzy", "Xyzzy-zuma", "Xyzzy'Xyzzy", "-", "'", "s", "Xs", ""]
)
def test_of_other_words_nothing_is_known(word):
    assert look_up(word)[0] == 0


@pytest.mark.parametrize("word", ["Komvux-Zuma", "Mora-Xyzzy", "Östersund-Lindqvist"])
def test_a_place_or_a_unit_before_the_hyphen_makes_it_no_given_name(word):
    assert not look_up(word)[0] & GIVEN


@pytest.mark.parametrize("word", ["Berg-Lindqvist", "Anna-Lund", "Al-Lindqvist", "Dlamini-Zuma", "O'Neill"])
def test_a_double_surname_is_no_given_name_whatever_its_first_part(word):
    assert not look_up(word)[0] & GIVEN


def test_two_given_names_are_no_surname():
    assert not look_up("Tuva-Eva")[0] & SURNAME
    assert look_up("Tuva-Eva")[0] & GIVEN


def shapes(run):
    names = ("particle", "initial", "tail", "caps", "genitive")
    return [(token.text, *(name for name in names if getattr(token, name))) for token in tokens_of(run, 0)]


def test_a_run_is_cut_into_names_initials_particles_and_tails():
    assert shapes("Carl XVI Gustaf von A. BERG Lindqvists Jr.") == [
        ("Carl",),
        ("XVI", "tail", "caps"),
        ("Gustaf",),
        ("von", "particle"),
        ("A.", "initial"),
        ("BERG", "caps"),
        ("Lindqvists", "genitive"),
        ("Jr.", "tail"),
    ]


@pytest.mark.parametrize("initials", ["A", "J.K.", "C-G", "C.-G.", "A.B.C.D.E"])
def test_letters_with_stops_or_hyphens_are_initials(initials):
    assert shapes(initials) == [(initials, "initial")]


def test_the_words_of_a_run_stand_where_they_stand_in_the_text():
    tokens = tokens_of("Anna\u00a0von  Berg", 100)
    assert [(token.start, token.end) for token in tokens] == [(100, 104), (105, 108), (110, 114)]


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("hos Anna Berg i dag", "Anna Berg"),
        ("Jean d'Arc kom", "Jean d'Arc"),
        ("Omar al-Bashir kom", "Omar al-Bashir"),
        ("Anna  Berg", "Anna  Berg"),
        ("Anna   Berg", "Anna"),
        ("Anna, Berg", "Anna"),
        ("Luiz da Silva och", "Luiz da Silva"),
        ("Anna de la Cruz", "Anna de la Cruz"),
        ("George W. Bush.", "George W. Bush"),
        ("J.K. Rowling", "J.K. Rowling"),
        ("Sven-Åke O’Neill-Berg", "Sven-Åke O’Neill-Berg"),
        ("Anna\nBerg", "Anna"),
        ("iPhone Anna", "Anna"),
        ("Anna och Berg", "Anna"),
    ],
)
def test_a_run_is_words_with_capitals_and_the_particles_between_them(text, run):
    assert run_pattern().search(text).group() == run


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("inga siffror", []),
        ("12345", []),
        ("123456", [(0, 8)]),
        ("ring +46 63 14 i dag", [(5, 17)]),
        ("850101-1236 och 063/14", [(0, 14), (15, 24)]),
        ("8501011236", [(0, 12)]),
    ],
)
def test_numbers_are_searched_only_where_digits_stand_close(text, windows):
    assert digit_windows(text) == windows


def place(start, end, reason="x"):
    return Finding(start, end, "x" * (end - start), Kind.PERSON_NAME, Confidence.WEAK, reason)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], []),
        ([(3, 5)], [(3, 5)]),
        ([(3, 5), (0, 3)], [(0, 3), (3, 5)]),
        ([(2, 6), (0, 3)], [(2, 6)]),
        ([(0, 3), (2, 6)], [(0, 3)]),
        ([(0, 9), (2, 4), (6, 8)], [(0, 9)]),
        ([(4, 6), (0, 5), (5, 9)], [(4, 6)]),
        ([(0, 4), (4, 8), (3, 5)], [(0, 4), (4, 8)]),
        ([(5, 9), (0, 6), (9, 12)], [(5, 9), (9, 12)]),
    ],
)
def test_of_findings_that_overlap_the_one_given_first_is_kept(given, kept):
    result = without_overlaps([place(*each) for each in given])
    assert [(each.start, each.end) for each in result] == kept


def test_of_two_findings_at_the_same_place_the_one_given_first_is_kept():
    assert [each.reason for each in without_overlaps([place(0, 4, "one"), place(0, 4, "two")])] == ["one"]
    assert [each.reason for each in without_overlaps([place(0, 9, "two"), place(0, 4, "one")])] == ["two"]


def test_a_lazy_pattern_asks_as_the_pattern_itself_would():
    pattern = Lazy("ab+", 2)  # 2: capitals or not
    assert (pattern.match("xab"), pattern.fullmatch("abx")) == (None, None)
    assert pattern.search("xABB").group() == "ABB"
