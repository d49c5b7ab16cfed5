"""Make data/lexicon.zz from the name lists and the word lists: `python -m contacts.personbound.build_lexicon`."""

import csv
import sys
import zlib
from collections import defaultdict

from .lexicon import DATA, TABLE, Word, fold

COMMON_GIVEN = 150
COMMON_SURNAME = 300
LISTS = {
    "given_names_more.txt": Word.GIVEN,
    "surnames_more.txt": Word.SURNAME,
    "places.txt": Word.PLACE,
    "organisations.txt": Word.ORGANISATION,
    "titles.txt": Word.TITLE,
    "common_words.txt": Word.STOP,
    "function_words.txt": Word.FUNCTION,
    "doubtful_names.txt": Word.DOUBTFUL,
    "organisation_forms.txt": Word.FORM,
    "leads.txt": Word.LEAD,
}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / "sources" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _names(words: dict[str, int]) -> None:
    for row in _rows("given_names.csv"):
        common = Word.GIVEN_COMMON if int(row["persons"]) >= COMMON_GIVEN else 0
        words[row["name"].lower()] |= Word.GIVEN | common
    for row in _rows("surnames.csv"):
        common = Word.SURNAME_COMMON if int(row["persons_incl_double"]) >= COMMON_SURNAME else 0
        words[row["name"].lower()] |= Word.SURNAME | common


def _lists(words: dict[str, int]) -> None:
    for name, flag in LISTS.items():
        for line in (DATA / "lists" / name).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                for word in line.split():
                    words[word.lower()] |= flag


def _folded(words: dict[str, int]) -> None:
    for word, flags in list(words.items()):
        folded = fold(word)
        if folded != word:
            if flags & Word.GIVEN:
                words[folded] |= Word.FOLDED_GIVEN
            if flags & Word.SURNAME:
                words[folded] |= Word.FOLDED_SURNAME
            words[folded] |= flags & (Word.PLACE | Word.TITLE)


def build() -> int:
    """Write the table; returns the number of words in it."""
    words: dict[str, int] = defaultdict(int)
    _names(words)
    _lists(words)
    _folded(words)
    blocks: dict[int, list[str]] = defaultdict(list)
    for word in sorted(words):
        blocks[int(words[word])].append(word)
    text = "\n\n".join(f"{flags}\n" + "\n".join(blocks[flags]) for flags in sorted(blocks))
    TABLE.write_bytes(zlib.compress(text.encode(), 9))
    return len(words)


if __name__ == "__main__":
    sys.stdout.write(f"{build()} words in {TABLE.name}, {TABLE.stat().st_size} bytes\n")
