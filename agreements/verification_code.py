"""The code on each page of an archive copy, such as 7F3K-9QX2-M4TD. Pure, but for chance in `new_code`.

Eleven letters and digits by chance and one that checks them: a wrong character, or two that changed places, is found.
Written in Crockford's base 32, which leaves out what is easily misread; O, I and L are read as 0 and 1.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAYLOAD: Final = 11
PATTERN: Final = re.compile(rf"(?<![0-9A-Z])(?:[{ALPHABET}]{{4}}-){{2}}[{ALPHABET}]{{4}}(?![0-9A-Z])")
_MISREAD: Final = str.maketrans("OIL", "011")
_FIELD: Final = 0b100101
"""x⁵ + x² + 1: arithmetic on 32 values in which every value but 0 can be divided by."""


def new_code() -> str:
    values = [secrets.randbelow(32) for _ in range(PAYLOAD)]
    return _written([*values, _check(values)])


def read_code(typed: str) -> str:
    """The code as it is stored, from what somebody typed; empty when it can be none."""
    letters = re.sub(r"[\s\-–—.]", "", typed[:60]).upper().translate(_MISREAD)
    if len(letters) != PAYLOAD + 1 or any(letter not in ALPHABET for letter in letters):
        return ""
    values = [ALPHABET.index(letter) for letter in letters]
    return _written(values) if _check(values[:-1]) == values[-1] else ""


def codes_in(text: str) -> list[str]:
    """The codes that stand in a text, each once, in order."""
    return list(dict.fromkeys(code for code in PATTERN.findall(text) if read_code(code) == code))


def _check(values: Sequence[int]) -> int:
    """Each value times its own power of x, summed up. One error, or two values in each other's place, changes it."""
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & 0b100000 else value


def _written(values: Sequence[int]) -> str:
    letters = "".join(ALPHABET[value] for value in values)
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
