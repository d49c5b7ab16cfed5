"""What every sentence to a reader has in common."""

import re

BEGINNING = re.compile(r"[A-ZÅÄÖ](?:[a-zåäöé]|-[a-zåäö]| [a-zåäö])|SDK-|[0-9+]|\S+[.@]\w")
UNWANTED = re.compile(r"[A-ZÅÄÖ]{4}|XX|\bNone\b|  ")


def is_written_well(words: str) -> bool:
    """Begins with one capital, or with the address or number it is about, and neither shouts nor stammers."""
    return bool(BEGINNING.match(words)) and not UNWANTED.search(words) and words == words.strip()


def is_sentence(words: str) -> bool:
    return is_written_well(words) and words.endswith(".")
