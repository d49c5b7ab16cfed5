"""Write labelled.jsonl: the hand-made sentences, and sentences made of templates with real names, places and titles.

`python -m tests.personbound.make_labelled`. Names are drawn from the project's own copies of the SCB lists (rare ones
as likely as common ones), municipalities from the reference data; both are CC0 or CC BY, see data/SOURCES.md. The
templates and the hand-made sentences were written for this project.
"""

import csv
import json
import random
import re
import sys
from pathlib import Path

from tests.personbound.labelled import read_file, read_marked

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "contacts" / "personbound" / "data" / "sources"
TEMPLATES = HERE / "templates.txt"
COUNT = 1400


def names(file: str, column: str) -> tuple[list[str], list[str]]:
    """(names that are nothing else, all of them) with at least 40 bearers."""
    with (SOURCES / file).open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.DictReader(source) if int(row[column]) >= 40 and len(row["name"]) > 2]
    return [row["name"] for row in rows if not row["ambiguous"]], [row["name"] for row in rows]


def slots(lines: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """The lines "NAME = a | b" fill the slots, the others are templates."""
    fillings: dict[str, list[str]] = {}
    templates = []
    for line in lines:
        if match := re.fullmatch(r"([A-Z_]+) = (.+)", line):
            fillings[match[1]] = [each.strip() for each in match[2].split("|")]
        elif line and not line.startswith("#"):
            templates.append(line)
    return fillings, templates


def full_name(chance: random.Random, given: list[str], surnames: list[str]) -> str:
    first, last = chance.choice(given), chance.choice(surnames)
    form = chance.random()
    if form < 0.08:
        first = f"{first}-{chance.choice(given)}"
    elif form < 0.14:
        first = f"{first} {chance.choice(given)}"
    elif form < 0.19:
        first = f"{first} {chance.choice('ABCEGHJKLMNPRST')}"
    elif form < 0.23:
        last = f"{chance.choice(['von', 'af', 'de', 'van der', 'el', 'al'])} {last}"
    elif form < 0.29:
        last = f"{last}-{chance.choice(surnames)}" if chance.random() < 0.5 else f"{last} {chance.choice(surnames)}"
    elif form < 0.32:
        first = f"{first[0]}."
    return f"{first} {last}"


def fill(
    template: str, chance: random.Random, fillings: dict[str, list[str]], people: tuple[list[str], list[str]]
) -> str:
    given, surnames = people

    def value(match: re.Match[str]) -> str:
        slot = match[1]
        if slot == "N":
            return "{" + full_name(chance, given, surnames) + "}"
        if slot == "NS":
            name = full_name(chance, given, surnames)
            return "{" + (name if name.endswith("s") else name + "s") + "}"
        if slot == "G":
            return "{1:" + chance.choice([each for each in given if each.isalpha()]) + "}"
        if slot == "CAPS":
            return "{" + f"{chance.choice(given)} {chance.choice(surnames)}".upper() + "}"
        return chance.choice(fillings[slot])

    return re.sub(r"<([A-Z_]+)>", value, template)


def generated() -> list[str]:
    chance = random.Random(20261122)
    fillings, templates = slots(TEMPLATES.read_text(encoding="utf-8").splitlines())
    given = names("given_names.csv", "persons")[0]
    surnames = names("surnames.csv", "persons_incl_double")[0]
    blocked = {word for values in fillings.values() for value in values for word in value.split()}
    given = [name for name in given if name not in blocked]
    lines = [fill(templates[place % len(templates)], chance, fillings, (given, surnames)) for place in range(COUNT)]
    return list(dict.fromkeys(lines))


def main() -> None:
    rows = []
    for path in sorted((HERE / "sentences").glob("*.txt")):
        rows += [(path.stem, sentence) for sentence in read_file(path)]
    rows += [("templates", read_marked(line)) for line in generated()]
    with (HERE / "labelled.jsonl").open("w", encoding="utf-8") as out:
        for source, sentence in rows:
            spans = [list(span) for span in sentence.spans]
            out.write(json.dumps({"source": source, "text": sentence.text, "spans": spans}, ensure_ascii=False) + "\n")
    sys.stdout.write(f"{len(rows)} sentences, {sum(len(sentence.spans) for _, sentence in rows)} names\n")


if __name__ == "__main__":
    main()
