"""What stands before and after a name, and what it says: much for a person, something, nothing, or against."""

import pytest

from contacts.personbound import find
from contacts.personbound.names import MOST_CONTEXT
from contacts.personbound.surroundings import after_weight, before_weight, begins_sentence, is_quoted, role_before

MUCH, SOMETHING, LITTLE = 2.0, 1.0, 0.1


def before(words):
    text = f"{words}Anna Berg"
    return before_weight(text, text.index("Anna Berg"))


def after(words):
    return after_weight(f"Anna Berg{words}", 9)


@pytest.mark.parametrize(
    "words",
    ["enhetschef ", "Enhetschefen ", "(enhetschef ", "rektor: ", "musikern ", "docent ", "vi mötte enhetschef\u00a0"],
)
def test_a_title_before_speaks_much_for_a_person(words):
    assert before(words) >= MUCH


@pytest.mark.parametrize(
    "words",
    [
        "säger ", "säger: ", "foto: ", "Enligt ", "turkiske ", "danske ", "advokaten ", "xxanten ",
        "mordet på ", "mord på ", "dråpet på ", "attentatet på ",
    ],
)  # fmt: skip
def test_saying_and_other_signs_of_a_person_speak_for_one_too(words):
    assert before(words) >= SOMETHING


@pytest.mark.parametrize("words", ["moderaten ", "kollegan en "])
def test_a_noun_with_its_article_says_a_little(words):
    assert LITTLE <= before(words) < SOMETHING


@pytest.mark.parametrize("words", ["", "och ", "Hej! ", "ske ", "tyske ", "avtalet ", "utan ", "x", "1\n"])
def test_other_words_before_say_nothing(words):
    assert before(words) == 0


@pytest.mark.parametrize("words", ["i ", "på ", "från ", "besöket på "])
def test_a_word_before_places_speaks_against_a_person(words):
    assert before(words) <= -SOMETHING


@pytest.mark.parametrize("words", ["boken ", "varumärket ", "rörelsen ", "advokatbyrån "])
def test_a_word_before_things_speaks_more_against_a_person_than_a_place_does(words):
    assert before(words) < before("i ")


@pytest.mark.parametrize("words", [" (S)", " (m)", " (54)", ", 54,", " 54 år", ", 54 år", " (54 år)", " (KD )"])
def test_an_age_or_a_party_after_speaks_much_for_a_person(words):
    assert after(words) >= MUCH


@pytest.mark.parametrize("words", [", enhetschef", ", ny stark chef", " , enhetschef", ", vår tränare."])
def test_a_title_after_a_comma_speaks_much_for_a_person(words):
    assert after(words) >= MUCH


def test_a_verb_of_people_speaks_for_a_person_and_one_of_things_too_says_little():
    assert after(" säger") == after("\u00a0säger nej") >= SOMETHING
    assert LITTLE <= after(" är") < SOMETHING


@pytest.mark.parametrize(
    "words",
    ["", ".", " ", " i dag", " 54%", " 054", ", Enhetschef", ", i dag ny chef", ", en. Chef", "säger", " (x)"],
)
def test_other_words_after_say_nothing(words):
    assert after(words) == 0


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("handläggare Anna", "handläggare"), ("Handläggare är Anna", "handläggare"), ("rektor heter Anna", "rektor"),
        ("handläggare\u00a0Anna", "handläggare"), ("är Anna", ""), ("Anna", ""), ("x, Anna", "x,"), ("chef\nAnna", ""),
        ("rad\nchef Anna", "chef"), (f"{'x' * 50} Anna", "x" * 38),
    ],
)  # fmt: skip
def test_the_title_a_single_name_answers_to_stands_before_it_or_before_is(text, title):
    assert role_before(text, text.index("Anna")) == title


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Anna", True), ("Slut. Anna", True), ("Slut! Anna", True), ("Slut? (Anna", True), ("Rubrik:\tAnna", True),
        ("rad\nAnna", True), ("rad\r\n- Anna", True), ("| Anna", True), ("… Anna", True), ("”Anna", True),
        ("• Anna", True), ("hos Anna", False), ("hos (Anna", False), ("hos - Anna", False), ("a, Anna", False),
        (f".{' ' * 11}Anna", True), (f".{' ' * 12}Anna", False),
    ],
)  # fmt: skip
def test_a_capital_says_less_where_a_sentence_begins(text, begins):
    assert begins_sentence(text, text.index("Anna")) is begins


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("”Anna”", True), ('"Anna"', True), ("'Anna'", True), ("»Anna«", True), ("Anna", False), ("”Anna", False),
        ("Anna”", False), ("(Anna)", False), ("”Anna .", False), ("”Anna ”", False), ("x”Anna” i", True),
    ],
)  # fmt: skip
def test_quoted_is_what_stands_alone_between_marks(text, quoted):
    assert is_quoted(text, text.index("Anna"), text.index("Anna") + 4) is quoted


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Vi mötte Zzyqqe Xyqqen i går", False),
        ("Vi mötte enhetschef Zzyqqe Xyqqen i går", True),
        ("Zzyqqe Xyqqen (S) talade", True),
        ("Zzyqqe Xyqqen, 54, talade", True),
        ("boken Anna Zzyqqe", False),
    ],
)
def test_what_stands_around_decides_when_the_words_alone_do_not(text, sure):
    names = [each.text for each in find(text) if each.kind == "person_name"]
    assert bool(names) is sure


def test_what_stands_around_weighs_no_more_than_is_reckoned_with():
    assert before("enhetschef ") + after(" (S)") == MOST_CONTEXT


def test_a_title_says_more_than_a_word_of_saying_and_a_party_more_than_a_title_after():
    assert before("enhetschef ") > before("xxanten ") > before("säger ") == before("mordet på ")
    assert after(" (S)") > after(", enhetschef") > after(" säger") > after(" är")


def test_a_party_after_the_name_outweighs_a_thing_before_it():
    assert before("boken ") + after(" (S)") >= 0
