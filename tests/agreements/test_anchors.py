"""Quoted words are found again when the text around them changes, and are gone when they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.anchors import Place, Quote, found_again, label_of, located, quote_at, spans, targets, text_at
from agreements.fields import Field, Kind

TEXT = "Kommunen kallar till möte varje månad. Arbetsförmedlingen skriver protokoll, och kommunen skickar ut det."
GOALS = Field(
    "goals",
    Kind.ROWS,
    "Mål",
    columns=(Field("what", Kind.LINE, "Vad"), Field("due", Kind.DATE, "När")),
)
SITUATION = Field("situation", Kind.TEXT, "Lokalt läge")
FIELDS = (SITUATION, GOALS, Field("contacts", Kind.CONTACTS, "Kontaktytor"))
CONTENT = {
    "situation": "<p>Många unga är <strong>utan</strong> arbete.</p><p>Många unga studerar.</p>",
    "goals": [{"id": "aaaa", "what": "Fler unga i arbete"}, {"id": "bbbb", "what": "Fler unga i studier"}],
}


def quoted(words: str, nth: int = 0, text: str = TEXT) -> Quote:
    start, end = spans(text, words)[nth]
    return quote_at(text, start, end)


def words_now(text: str, quote: Quote) -> str | None:
    found = found_again(text, quote)
    return text[slice(*found)] if found else None


@pytest.mark.parametrize(
    "changed",
    [
        TEXT,
        "En ny inledning står här. " + TEXT,
        TEXT + " Och något efteråt.",
        TEXT.replace("varje månad", "två gånger om året"),
        TEXT.replace("kallar till möte", "bjuder in"),
        TEXT.replace("och kommunen skickar ut det", "som kommunen förvarar"),
    ],
)
def test_a_mark_survives_every_edit_that_does_not_touch_it(changed: str) -> None:
    assert words_now(changed, quoted("skriver protokoll")) == "skriver protokoll"


@pytest.mark.parametrize("changed", ["", "Helt ny text.", TEXT.replace("skriver protokoll", "antecknar")])
def test_words_that_are_gone_are_gone(changed: str) -> None:
    assert found_again(changed, quoted("skriver protokoll")) is None


def test_the_same_words_elsewhere_are_other_words() -> None:
    text = "Kommunen svarar för lokalen. Varje termin svarar kommunen även för fika."

    assert found_again("Kommunen svarar för lokalen.", quoted("kommunen", text=text)) is None


def test_of_several_the_one_in_the_same_surroundings_is_meant() -> None:
    text = "Unga får stöd. Vuxna får stöd. Alla får stöd."
    second = quoted("får stöd", 1, text)

    assert found_again("Barn får stöd. " + text, second) == (36, 44)


@given(st.text("abc åäö.", max_size=60), st.text("abc åäö.", max_size=60), st.data())
def test_what_is_marked_stays_so_whatever_is_written_before_and_after(before: str, after: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(TEXT) - 12))
    end = data.draw(st.integers(start + 8, min(len(TEXT), start + 40)))
    start, end = spans(TEXT, TEXT[start:end])[0]
    quote = quote_at(TEXT, start, end)

    found = found_again(before + TEXT + after, quote)

    assert found is not None
    assert (before + TEXT + after)[slice(*found)].split() == quote.words.split()


def test_every_place_of_a_section_can_be_chosen() -> None:
    assert [(t.path, t.label) for t in targets(FIELDS, CONTENT)] == [
        ("", "Hela avsnittet"),
        ("situation", "Lokalt läge"),
        ("goals", "Mål"),
        ("goals.aaaa", "Mål, rad 1"),
        ("goals.bbbb", "Mål, rad 2"),
        ("contacts", "Kontaktytor"),
    ]


def test_a_place_is_told_where_it_stands_now() -> None:
    moved = {"goals": list(reversed(CONTENT["goals"]))}

    assert label_of(FIELDS, moved, "goals.bbbb.what") == "Mål, rad 1: Vad"
    assert label_of(FIELDS, {"goals": []}, "goals.bbbb") is None
    assert label_of(FIELDS, CONTENT, "unknown") is None


def test_words_are_located_in_the_place_they_are_said_of() -> None:
    place = located(FIELDS, CONTENT, "", "Många  unga", nth=1)

    assert place is not None
    assert (place.path, place.quote.words if place.quote else "") == ("situation", "Många unga")
    assert text_at(FIELDS, CONTENT, "situation")[place.quote.offset :].startswith("Många unga studerar")
    assert located(FIELDS, CONTENT, "goals.bbbb", "Fler unga").path == "goals.bbbb.what"


def test_words_across_bold_and_italic_are_words() -> None:
    place = located(FIELDS, CONTENT, "situation", "är utan arbete")

    assert place is not None
    assert place.quote is not None


def test_what_is_not_there_is_no_place() -> None:
    assert located(FIELDS, CONTENT, "goals.aaaa", "studier") is None
    assert located(FIELDS, CONTENT, "goals.zzzz", "") is None
    assert located(FIELDS, CONTENT, "contacts", "") == Place("contacts")
