"""Quality and cost of the check: `python -m bench.personbound`."""

import json
import subprocess
import sys
import time
import tracemalloc

from contacts.personbound import ContactFacts, assess, find, lexicon
from tests.personbound.scoring import email_accuracy, labelled, score
from tests.personbound.test_verdict import CASES, wanted  # the cases are made there, with their answers

FILLER = (
    "Parterna ska gemensamt planera insatserna så att deltagarna får det stöd som de behöver, och följa upp resultatet "
    "minst två gånger per år. Arbetsförmedlingen och kommunen utser funktioner som ansvarar för uppföljningen. "
)


def speed(text: str) -> float:
    """Megabytes of UTF-8 a second, the best of three."""
    size = len(text.encode()) / 1e6
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        find(text)
        best = min(best, time.process_time() - started)
    return round(size / best, 1)


def memory() -> float:
    """Megabytes that the word lists take once they are read."""
    lexicon.table.cache_clear()
    tracemalloc.start()
    lexicon.table()
    lexicon.phrases()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return round(taken / 1e6, 1)


def import_time() -> float:
    """Milliseconds to import the check in a process that has Django already, the best of five."""
    program = (
        "import django, django.db.models, time; started = time.perf_counter(); import contacts.personbound;"
        "print((time.perf_counter() - started) * 1000)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(5)
    ]
    return round(min(float(run.stdout) for run in runs), 1)


def verdict_accuracy() -> float:
    right = sum(
        assess(ContactFacts(function=function, mailbox=mailbox, phone=phone, **other[0])).verdict
        == wanted(function, mailbox, phone, other)
        for function, mailbox, phone, other in CASES
    )
    return right / len(CASES)


def measure() -> dict[str, float]:
    """Every figure by name, printed as a table."""
    sentences = [sentence.text for sentence in labelled()]
    agreement = "\n".join(f"{sentence} {FILLER}" for sentence in sentences) * 5
    figures: dict[str, float] = {"labelled_sentences": len(sentences)}
    figures |= {name: round(value, 4) for name, value in score(labelled()).items()}
    figures |= {
        "email_kind_accuracy": round(email_accuracy()[0], 4),
        "verdict_accuracy": round(verdict_accuracy(), 4),
        "mb_per_second_agreement_text": speed(agreement),
        "mb_per_second_names_in_every_line": speed("\n".join(sentences) * 5),
        "mb_per_second_plain_text": speed(FILLER * 20_000),
        "memory_mb": memory(),
        "import_ms": import_time(),
    }
    for name, value in figures.items():
        print(f"{name:36} {value:>10}")
    return figures


if __name__ == "__main__":
    print(json.dumps(measure()))
