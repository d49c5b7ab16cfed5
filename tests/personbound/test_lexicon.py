"""The word lists and the table that is built from them."""

import importlib

import pytest

from contacts.personbound import build_lexicon, lexicon
from contacts.personbound.lexicon import Word, fold


def test_the_table_in_the_project_is_the_one_that_its_lists_make(monkeypatch, tmp_path):
    shipped = dict(lexicon.table())
    built = tmp_path / "lexicon.zz"
    monkeypatch.setattr(build_lexicon, "TABLE", built)
    monkeypatch.setattr(lexicon, "TABLE", built)
    count = build_lexicon.build()
    assert lexicon.table.__wrapped__() == shipped
    assert count == len(shipped)


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("anna", Word.GIVEN | Word.GIVEN_COMMON),
        ("lindqvist", Word.SURNAME | Word.SURNAME_COMMON),
        ("enhetschef", Word.TITLE),
        ("komvux", Word.ORGANISATION),
        ("östersund", Word.PLACE),
        ("asa", Word.FOLDED_GIVEN),
        ("oberg", Word.FOLDED_SURNAME),
    ],
)
def test_the_table_knows_what_a_word_may_be(word, known):
    assert lexicon.table()[word] & known == known


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Åsa", "asa"), ("Öberg", "oberg"), ("Łukasz", "lukasz"), ("Nesbø", "nesbo"), ("Strauß", "strauss")],
)
def test_a_word_is_folded_as_it_is_written_in_an_address(word, folded):
    assert fold(word) == folded


def test_remarks_in_the_lists_are_no_words():
    lists = [lexicon.phrases(), *(lexicon.cues(name) for name in lexicon._sections())]
    assert [word for words in lists for word in words if word.startswith("#") or word != word.strip()] == []
    assert all(lists)


def test_a_phrase_may_have_several_words():
    assert "abu dhabi" in lexicon.phrases()


@pytest.fixture
def copy_of_the_check(tmp_path, monkeypatch):
    (tmp_path / "data" / "lists").mkdir(parents=True)
    (tmp_path / "names.py").write_text("one")
    (tmp_path / "data" / "lists" / "titles.txt").write_text("chef")
    monkeypatch.setattr(
        importlib.import_module("contacts.personbound.edition"), "__file__", str(tmp_path / "edition.py")
    )
    return tmp_path


@pytest.mark.parametrize("changed", ["names.py", "data/lists/titles.txt"])
def test_the_edition_changes_with_the_code_and_the_lists(copy_of_the_check, changed):
    edition = importlib.import_module("contacts.personbound.edition").edition.__wrapped__
    before = edition()
    assert len(before) == 12
    assert edition() == before
    (copy_of_the_check / changed).write_text("two")
    assert edition() != before


def test_the_edition_stays_when_something_else_is_written_beside(copy_of_the_check):
    edition = importlib.import_module("contacts.personbound.edition").edition.__wrapped__
    before = edition()
    (copy_of_the_check / "notes.md").write_text("a remark")
    assert edition() == before
