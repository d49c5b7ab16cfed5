"""A comparison in words: how much differs, in one sentence. Pure."""

from __future__ import annotations

from agreements.comparing.parts import Tally

SAME = "Det är samma text"


def words_of_tally(tally: Tally) -> str:
    """ "4 avsnitt ändrade, 1 rad tillagd, 2 flyttade"; what is nil is left out."""
    sections = [
        _counted(tally.sections_changed, "ändrat", "ändrade"),
        _counted(tally.sections_added, "tillagt", "tillagda"),
        _counted(tally.sections_removed, "borttaget", "borttagna"),
        _counted(tally.sections_formatted, "med bara ändrad formatering", "med bara ändrad formatering"),
    ]
    rows = [
        _counted(tally.rows_changed, "ändrad", "ändrade"),
        _counted(tally.rows_added, "tillagd", "tillagda"),
        _counted(tally.rows_removed, "borttagen", "borttagna"),
        _counted(tally.rows_moved, "flyttad", "flyttade"),
    ]
    files = [
        _counted(tally.files_changed, "ändrad", "ändrade"),
        _counted(tally.files_added, "tillagd", "tillagda"),
        _counted(tally.files_removed, "borttagen", "borttagna"),
    ]
    told = [
        *_with_noun(sections, "avsnitt", "avsnitt"),
        *_with_noun(rows, "rad", "rader"),
        *_with_noun(files, "bifogad fil", "bifogade filer"),
    ]
    return ", ".join(told) or SAME


def _counted(number: int, one: str, many: str) -> tuple[int, str]:
    return number, one if number == 1 else many


def _with_noun(counts: list[tuple[int, str]], one: str, many: str) -> list[str]:
    """The noun is said with the first number only."""
    told: list[str] = []
    for number, word in counts:
        if number:
            noun = f" {one if number == 1 else many}" if not told else ""
            told.append(f"{number}{noun} {word}")
    return told
