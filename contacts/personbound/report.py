"""Read a file line by line and print what was found, as JSON lines or as text."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO, TextIO

from .findings import Finding
from .text import find

FORMATS = ("jsonl", "text")


class UnreadableInput(Exception):
    """The file is missing, may not be read, or is not text. The message is meant for the reader."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="text file in UTF-8, or - for standard input")
    parser.add_argument("--format", choices=FORMATS, default="jsonl", help="jsonl (default) or text")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 output was cut off, 2 the input could not be read."""
    parser = argparse.ArgumentParser(prog="personcheck", description="Find person-bound contact data in a text.")
    arguments(parser)
    options = parser.parse_args(argv)
    try:
        run(options.file, options.format, sys.stdout)
    except UnreadableInput as problem:
        sys.stderr.write(f"personcheck: {problem}\n")
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return 0


def run(file: str, form: str, out: TextIO) -> None:
    """Write the findings of a file, line by line as they are read."""
    try:
        if file == "-":
            _write(sys.stdin.buffer, form, out)
        else:
            with open(file, "rb") as source:
                _write(source, form, out)
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise UnreadableInput(f"{file}: {problem.strerror or problem}") from problem


def _write(source: BinaryIO, form: str, out: TextIO) -> None:
    show = _as_json if form == "jsonl" else _as_text
    for number, line in _lines(source):
        for finding in find(line):
            out.write(show(number, finding) + "\n")
    out.flush()


def _lines(source: BinaryIO) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(source, start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as problem:
            message = f"line {number} is not UTF-8 (byte {problem.start + 1}); convert the file, for example with iconv"
            raise UnreadableInput(message) from problem
        yield number, line.rstrip("\r\n")


def _as_json(number: int, finding: Finding) -> str:
    fields = {
        "line": number,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "kind": finding.kind.value,
        "confidence": finding.confidence.value,
        "reason": finding.reason,
    }
    return json.dumps(fields, ensure_ascii=False)


def _as_text(number: int, finding: Finding) -> str:
    place = f"{number}:{finding.start}-{finding.end}"
    return f"{place}\t{finding.kind.value}\t{finding.confidence.value}\t{finding.text}\t{finding.reason}"
