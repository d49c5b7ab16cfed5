"""Reads what mutmut left behind, and writes docs/mutation.md of it."""

import ast
import difflib
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
JUDGED = Path(__file__).with_name("mutants_judged.toml")
KILLED = (1, 3)
TIMEOUT = (24, -24, 36, 152, 255)
NOTICED = ("killed", "timeout")
NOT_JUDGED = "Not judged yet."


@dataclass(frozen=True)
class Mutant:
    """One change: to which line of which file, and what the tests said."""

    name: str
    path: str
    function: str
    line: int
    was: str
    now: str
    status: str

    @property
    def noticed(self) -> bool:
        return self.status in NOTICED

    @property
    def change(self) -> str:
        """How the judgements name it: without line numbers, which move."""
        return f"{self.path} {self.function}: {self.was} → {self.now}"


def status_of(code: int | None) -> str:
    if code in KILLED:
        return "killed"
    if code in TIMEOUT:
        return "timeout"
    return {0: "survived", 5: "no test", 33: "no test", None: "not run"}.get(code, f"ended with {code}")


def read_mutants(tree: Path) -> list[Mutant]:
    """Every mutant of the last run, by file and line."""
    found = []
    for meta in sorted((tree / "mutants").rglob("*.meta")):
        path = meta.relative_to(tree / "mutants").as_posix().removesuffix(".meta")
        codes: dict[str, int | None] = json.loads(meta.read_text())["exit_code_by_key"]
        if codes:
            found += _of_file(meta.with_suffix(""), path, codes)
    return sorted(found, key=lambda each: (each.path, each.line, each.name))


def forget_survivors(tree: Path) -> None:
    """What no test noticed counts as not run; mutmut runs it again."""
    for meta in (tree / "mutants").rglob("*.meta"):
        data = json.loads(meta.read_text())
        codes = data["exit_code_by_key"]
        data["exit_code_by_key"] = {name: code if status_of(code) in NOTICED else None for name, code in codes.items()}
        meta.write_text(json.dumps(data))


def _of_file(mutated: Path, path: str, codes: dict[str, int | None]) -> list[Mutant]:
    lines = mutated.read_text().split("\n")
    spans = json.loads(Path(f"{mutated}.spans").read_text())["spans"]
    starts = starts_of(ast.parse((BASE_DIR / path).read_text()))
    found = []
    for name, code in codes.items():
        mangled = name.rpartition(".")[2]
        original = f"{mangled.rpartition('__mutmut_')[0]}__mutmut_orig"
        before, after = (lines[spans[each][0] - 1 : spans[each][1]] for each in (original, mangled))
        function = original.removesuffix("__mutmut_orig").removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        offset, was, now = changed(
            [line.replace(original, "") for line in before], [line.replace(mangled, "") for line in after]
        )
        line = starts.get(function, 1) + offset
        found.append(Mutant(name, path, function, line, was, now, status_of(code)))
    return found


def starts_of(tree: ast.Module) -> dict[str, int]:
    """The line of each function, and of each method as Class.method."""
    starts = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            starts[node.name] = node.lineno
        elif isinstance(node, ast.ClassDef):
            starts |= {
                f"{node.name}.{each.name}": each.lineno for each in node.body if isinstance(each, ast.FunctionDef)
            }
    return starts


def changed(before: list[str], after: list[str]) -> tuple[int, str, str]:
    """(lines from the first one, old lines, new lines) of the change."""
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changes = [block for block in blocks if block[0] != "equal"]
    if not changes:
        return 0, "", ""
    first, last = changes[0], changes[-1]
    was, now = before[first[1] : last[2]], after[first[3] : last[4]]
    return first[1], " ".join(line.strip() for line in was), " ".join(line.strip() for line in now)


def judgements() -> dict[str, str]:
    """Why a change that no test notices is harmless, by the change."""
    if not JUDGED.exists():
        return {}
    groups = tomllib.loads(JUDGED.read_text(encoding="utf-8"))["judged"]
    return {change: group["why"] for group in groups for change in group["changes"]}


def report(mutants: list[Mutant], target: Path) -> None:
    """Print the table, and write it with the survivors."""
    table = "\n".join(table_of(mutants))
    print(table)
    text = HEAD.format(day=datetime.now(UTC).date(), share=share(mutants), noticed=_count(mutants), total=len(mutants))
    target.write_text(f"{text}\n{table}\n\n{''.join(survivors(mutants))}", encoding="utf-8")


def _count(mutants: Iterable[Mutant]) -> int:
    return sum(each.noticed for each in mutants)


def share(mutants: list[Mutant]) -> str:
    return f"{_count(mutants) / len(mutants):.1%}" if mutants else "–"


def table_of(mutants: list[Mutant]) -> list[str]:
    by_path: dict[str, list[Mutant]] = defaultdict(list)
    for each in mutants:
        by_path[each.path].append(each)
    rows = [
        "| module | mutants | killed | timeout | survived | no test | share noticed |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for path, group in [*sorted(by_path.items()), ("**all**", mutants)]:
        counts = Counter(each.status for each in group)
        rest = len(group) - _count(group) - counts["no test"]
        cells = (len(group), counts["killed"], counts["timeout"], rest, counts["no test"], share(group))
        rows.append(f"| {path} | {' | '.join(str(cell) for cell in cells)} |")
    return rows


def survivors(mutants: list[Mutant]) -> list[str]:
    """The list of what no test noticed, under the reasons."""
    known = judgements()
    by_reason: dict[str, list[Mutant]] = defaultdict(list)
    for each in mutants:
        if not each.noticed:
            by_reason[known.get(each.change, NOT_JUDGED)].append(each)
    text = []
    for reason in sorted(by_reason, key=lambda each: (each == NOT_JUDGED, -len(by_reason[each]))):
        text.append(f"### {reason}\n\n")
        text += [_row(each) for each in by_reason[reason]]
        text.append("\n")
    return text


def _row(mutant: Mutant) -> str:
    kind = "" if mutant.status == "survived" else f" ({mutant.status})"
    return f"- {mutant.path}:{mutant.line}{kind} `{mutant.was}` → `{mutant.now}`\n"


HEAD = """# Mutation testing of the pure rules

Written on {day} by `make mutate`, or by `python -m bench.mutation --again` after it.
{noticed} of {total} changes to the rules were noticed by the tests: **{share}**.

mutmut changes one place at a time in `contacts/personbound/`, `agreements/lowest_level/` and `agreements/deadlines.py`
– a number, a comparison, an argument, a word – and runs `tests/personbound/`, `tests/agreements/test_lowest_level.py`
and `tests/agreements/test_flag_rules.py`. A change that no test notices has survived: the tests have a gap there, or
the change makes no difference. A change after which the tests never end is noticed too (timeout).

Not changed: tables and patterns that stand outside functions, properties, and the words of f-strings. Functions with a
cache are changed as well; each mutant begins with empty caches. Left out of the tests: `test_properties.py`, whose
random and hostile texts take seconds for each mutant. `python -m bench.mutation --again` asks anew only for changed
functions and for survivors.

Why a survivor is harmless stands in `bench/mutants_judged.toml`.

## Figures
"""
