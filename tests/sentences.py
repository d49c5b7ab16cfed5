"""What every sentence to a reader has in common."""

import re

BEGINNING = re.compile(r"[A-ZÅÄÖ](?:[a-zåäöé]|-[a-zåäö]| [a-zåäö])|SDK-|[0-9+]|\S+[.@]\w")
SHOUTING = re.compile(r"[A-ZÅÄÖ]{4}|XX")


def is_written_well(words: str) -> bool:
    """Begins with one capital, or with the address or number it is about, and shouts nowhere."""
    return bool(BEGINNING.match(words)) and not SHOUTING.search(words) and words == words.strip()


def is_sentence(words: str) -> bool:
    return is_written_well(words) and words.endswith(".")
