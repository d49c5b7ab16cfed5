"""What make mutate does around mutmut: caches moved out of its way, and survivors told by line, change and reason."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bench.mutants import JUDGED, Mutant, changed, read_mutants, report, status_of
from bench.mutation import with_caches_below

CACHED = """\
import functools


@lru_cache(maxsize=10)
def one(word):
    return word


@property
def two():
    pass
"""


def mutant(line: int, status: str) -> Mutant:
    return Mutant(f"m{line}", "contacts/personbound/text.py", "find", line, f"was {line}", f"now {line}", status)


def test_a_cache_moves_below_its_function_and_other_decorators_stay() -> None:
    assert with_caches_below(CACHED).split("\n")[2:8] == [
        "",
        "def one(word):",
        "    return word",
        "one = lru_cache(maxsize=10)(one)",
        "",
        "",
    ]
    assert "@property\ndef two" in with_caches_below(CACHED)


def test_the_change_is_told_by_its_first_line_and_the_words_of_both() -> None:
    assert changed(["def x():", "  a", "  b"], ["def x():", "  a", "  c"]) == (2, "b", "c")
    assert changed(["def x():"], ["def x():"]) == (0, "", "")


@pytest.mark.parametrize(
    ("code", "status"),
    [(1, "killed"), (0, "survived"), (33, "no test"), (36, "timeout"), (None, "not run"), (-11, "ended with -11")],
)
def test_how_the_tests_ended_says_what_became_of_the_mutant(code: int | None, status: str) -> None:
    assert status_of(code) == status


def test_the_report_gives_the_share_and_lists_what_nobody_noticed(tmp_path: Path) -> None:
    target = tmp_path / "mutation.md"
    report([mutant(1, "killed"), mutant(2, "timeout"), mutant(3, "survived"), mutant(4, "no test")], target)
    text = target.read_text()
    assert "2 of 4 changes to the rules were noticed by the tests: **50.0%**" in text
    assert "| contacts/personbound/text.py | 4 | 1 | 1 | 1 | 1 | 50.0% |" in text
    assert "- contacts/personbound/text.py:3 `was 3` → `now 3`\n" in text
    assert "text.py:4 (no test)" in text
    assert "text.py:1 " not in text


def test_without_a_run_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert read_mutants(tmp_path) == []


def test_no_change_is_judged_twice() -> None:
    groups = tomllib.loads(JUDGED.read_text(encoding="utf-8"))["judged"]
    changes = [change for group in groups for change in group["changes"]]
    assert len(changes) == len(set(changes))
    assert all(group["why"].endswith(".") for group in groups)
