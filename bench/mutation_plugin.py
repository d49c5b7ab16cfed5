"""What pytest is told when it judges mutants: quick tests first, and no answer remembered from another test."""

import importlib
import os
import shutil
import sys
from pathlib import Path

import pytest

LATE = (
    "judged_wrong",
    "98_of_100",
    "every_mend",
    "held_out",
    "read_wrong",
    "every_finding",
    "is_the_command",
    "lists_make",
)
IMPLIED = ("high_precision", "world_news", "single_names_after_titles", "that_look_like_names", "in_97_of_100")
RULES = ("contacts.personbound", "agreements.lowest_level")
WORDS = "contacts.personbound.lexicon"
SAMPLE = (
    "Kontakt: Anna Berg, enhetschef, anna.berg@mora.se, 070-174 06 05, 850101-1236, registrator@mora.se. Mvh Eva Ek"
)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Thousands of processes that end abruptly would fill pytest's own folder for temporary files."""
    config.option.basetemp = str(Path.cwd().parents[1] / "tmp" / str(os.getpid()))
    if not config.option.collectonly:
        ask_once()


def ask_once() -> None:
    """Every call of a rule asks which mutant is meant, and the environment is slow to answer."""
    trampoline = importlib.import_module("mutmut.mutation.trampoline")
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    vars(trampoline)["get_mutant_under_test"] = lambda: mutant


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.option.basetemp, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    """A mutant is dead with the first test that fails, so the slow ones come last.

    The averages of the labelled set hold where no sentence of it is read wrong, and that is asked anyway.
    """
    implied = [item for item in items if any(name in item.name for name in IMPLIED)]
    config.hook.pytest_deselected(items=implied)
    items[:] = [item for item in items if item not in implied]
    for item in items:
        item.fixturenames[:] = item._fixtureinfo.argnames  # no guards of network, files and pages around pure rules
    items.sort(key=lambda item: next((rank for rank, name in enumerate(LATE, 1) if name in item.nodeid), 0))


def pytest_collection_finish(session: pytest.Session) -> None:
    """The process that only collects is copied for each mutant: it has read the lists and compiled the patterns."""
    if session.config.option.collectonly:
        from contacts.personbound import find  # noqa: PLC0415 - only there, and not before the settings

        find(SAMPLE)
        forget(but=WORDS)


def pytest_runtest_setup() -> None:
    """While it is recorded which test asks which function, none may find the answer in a cache."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if mutant == "stats" or mutant.startswith(WORDS):
        forget()


def forget(but: str = "") -> None:
    """Empty the caches of the rules' functions, but not those of this module."""
    for name, module in list(sys.modules.items()):
        for value in vars(module).values() if name.startswith(RULES) else ():
            if hasattr(value, "cache_clear") and value.__module__ != but:
                value.cache_clear()
