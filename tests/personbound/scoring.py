"""Precision and recall of the check on the labelled set."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from contacts.personbound import email_kind, find
from tests.personbound.labelled import Sentence, read_addresses, read_jsonl

HERE = Path(__file__).parent


def names_in(sentence: Sentence) -> Counter[str]:
    """Right, wrong and missed names: full names apart from single ones after a title."""
    wanted = {(start, end) for start, end, kind in sentence.spans if kind in ("person_name", "single_name")}
    got = {(each.start, each.end) for each in find(sentence.text) if each.kind == "person_name"}
    counts: Counter[str] = Counter()
    for outcome, spans in (("right", wanted & got), ("wrong", got - wanted), ("missed", wanted - got)):
        for start, end in spans:
            full = " " in sentence.text[start:end]
            counts[f"{'full' if full else 'single'}_{outcome}"] += 1
    return counts


def score(sentences: Iterable[Sentence]) -> dict[str, float]:
    """Precision and recall of full names and of single names after a title."""
    total: Counter[str] = Counter()
    for sentence in sentences:
        total += names_in(sentence)
    result: dict[str, float] = {}
    for kind in ("full", "single"):
        right, wrong, missed = (total[f"{kind}_{outcome}"] for outcome in ("right", "wrong", "missed"))
        result[f"{kind}_names"] = right + missed
        result[f"{kind}_precision"] = right / (right + wrong) if right + wrong else 1.0
        result[f"{kind}_recall"] = right / (right + missed) if right + missed else 1.0
    return result


def labelled(source: str = "") -> list[Sentence]:
    """The labelled sentences, all or of one source."""
    return [sentence for name, sentence in read_jsonl(HERE / "labelled.jsonl") if source in ("", name)]


def email_accuracy() -> tuple[float, list[tuple[str, str, str]]]:
    """(share right, the wrong ones as address, wanted, got)."""
    cases = read_addresses(HERE / "emails.txt")
    wrong = [(address, kind, email_kind(address).kind) for address, kind in cases if email_kind(address).kind != kind]
    return 1 - len(wrong) / len(cases), wrong
