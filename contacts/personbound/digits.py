"""Where digits stand close together: the only places worth searching for numbers."""

import re
from functools import cache

Windows = list[tuple[int, int]]


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(r"[0-9][0-9 \u00a0()+/.:\u2010-\u2013\u2212-]{5,300}+")


def digit_windows(text: str) -> Windows:
    """(start, end) of each stretch, with room for a plus before it and for what may not follow a number."""
    return [(max(0, match.start() - 1), match.end() + 2) for match in _pattern().finditer(text)]
