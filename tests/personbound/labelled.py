"""Sentences with the answers in them: "{Anna Berg} ringde handläggare {1:Karlsson}." as text and spans."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

MARK = re.compile(r"\{(?:([a-z0-9_]+):)?([^{}]+)\}")
KINDS = {None: "person_name", "1": "single_name"}
DOMAINS = (
    "ostersund.se",
    "goteborg.se",
    "arbetsformedlingen.se",
    "morakommun.se",
    "upplandsvasby.se",
    "skr.se",
    "lund.se",
)


@dataclass(frozen=True)
class Sentence:
    text: str
    spans: tuple[tuple[int, int, str], ...]


def read_marked(line: str) -> Sentence:
    """The marked line as plain text and (start, end, kind) of each mark."""
    text, spans, at = "", [], 0
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), KINDS.get(mark[1], mark[1] or "")))
        text += mark[2]
        at = mark.end()
    return Sentence(text + line[at:], tuple(spans))


def read_file(path: Path) -> list[Sentence]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [read_marked(line) for line in lines if line.strip() and not line.startswith("#")]


def read_jsonl(path: Path) -> list[tuple[str, Sentence]]:
    """(source, sentence) of each line of the labelled set."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["source"], Sentence(row["text"], tuple(tuple(span) for span in row["spans"]))) for row in rows]


def read_addresses(path: Path) -> list[tuple[str, str]]:
    """(address, expected kind); a local part alone gets one of the domains in turn."""
    cases, kind = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif not line.startswith("#"):
            for word in line.split():
                whole = "@" in word or kind == "invalid"
                cases.append((word if whole else f"{word}@{DOMAINS[len(cases) % len(DOMAINS)]}", kind))
    return cases
