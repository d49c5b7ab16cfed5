"""Words as the search knows them: stems as PostgreSQL makes them, both spellings of å, ä and ö, marks that are safe."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.models import TemplateSection
from agreements.searching.marks import fold_in_place, marker
from agreements.searching.stem import stem
from agreements.searching.words import asked, corrected, indexed, title_key, words_of


@pytest.mark.parametrize("word", ["kommunerna", "kommunen", "kommunens", "kommuner", "kommun"])
def test_forms_of_a_word_have_one_stem(word: str):
    assert stem(word) == "kommun"


def test_stems_are_those_that_the_database_makes(reference: None):
    texts = TemplateSection.objects.values_list("locked", "guidance", "title")
    words = sorted({word for row in texts for text in row for word in words_of(text) if word.isalpha()})
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, ts_lexize('swedish_stem', word) FROM unnest(%s::text[]) AS word", [words])
        theirs = {word: lexemes[0] for word, lexemes in cursor.fetchall() if lexemes}

    different = {word: (stem(word), theirs[word]) for word in theirs if stem(word) != theirs[word]}
    assert len(theirs) > 500
    assert len(different) <= len(theirs) * 0.01, different


def test_a_word_with_dots_is_indexed_with_and_without_them():
    assert indexed("Östersunds kommun") == "östersunds kommun ostersunds"


def test_words_that_say_nothing_are_not_indexed_without_their_dots():
    assert indexed("För ungdomar på Åre") == "för ungdomar på åre are"


def test_references_and_addresses_are_words():
    assert words_of("ÖK-2026-0042, amn@ostersund.se, AMN 2026/118") == [
        *("ök", "2026", "0042", "amn", "ostersund", "se"),
        *("amn", "2026", "118"),
    ]


def test_what_covers_a_name_is_not_a_word_to_find_by():
    assert indexed("Möte med [namn visas inte] i Åre") == "möte med i åre mote are"
    assert title_key("Möte med [namn visas inte]") == "mote med"


def test_only_so_many_words_are_asked_for():
    assert len(asked("ett två tre fyra fem sex sju åtta nio tio")) == 8
    assert asked(" -- !!") == []


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        (["ostersnd"], "östersunds"),
        (["arbetsmarknadschfe"], "arbetsmarknadschef"),
        (["ostersnd", "kommun"], "östersunds kommun"),
        (["xyzzyq"], ""),
    ],
)
def test_a_misspelt_word_is_corrected_by_the_titles(typed: list[str], better: str):
    assert corrected(typed, ["Överenskommelse mellan Östersunds kommun och AF", "Arbetsmarknadschef"]) == better


@pytest.mark.parametrize(
    ("words", "text", "shown"),
    [
        (["kommun"], "Kommunernas ansvar", "<mark>Kommunernas</mark> ansvar"),
        (["ostersund"], "i Östersund", "i <mark>Östersund</mark>"),
        (["får"], "far och får", "far och <mark>får</mark>"),
        (["arbetsm"], "arbetsmarknaden", "<mark>arbetsmarknaden</mark>"),
        (["kommun"], "kommunikation <b>", "<mark>kommunikation</mark> &lt;b&gt;"),
        (["kommun", "b"], "kommunikation <b>", "kommunikation &lt;<mark>b</mark>&gt;"),
        (["script"], "<script>alert(1)</script>", "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"),
    ],
)
def test_the_words_that_were_found_are_marked_and_everything_is_escaped(words: list[str], text: str, shown: str):
    assert marker(words).marked(text) == shown


def test_an_excerpt_begins_and_ends_between_words_around_the_first_hit():
    text = "Inledning. " * 60 + "Här står jobbspåren i texten. " + "Avslutning. " * 60

    excerpt = marker(["jobbspår"]).excerpt(text)

    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")
    assert "<mark>jobbspåren</mark>" in excerpt
    assert len(excerpt) < 320


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400), st.lists(st.text(alphabet="abcåäöst<&\"'", min_size=1, max_size=6), max_size=4))
def test_no_text_and_no_words_make_any_other_markup(text: str, words: list[str]):
    reader = Reader()
    reader.feed(marker(asked(" ".join(words))).excerpt(text))

    assert reader.tags <= {"mark"}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_folding_in_place_moves_nothing(text: str):
    assert len(fold_in_place(text)) == len(text)
