"""docs/life_cycle.md is what the table of states and moves says."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from agreements.life_cycle import diagram, edges, life_cycle, node, several
from agreements.states import TRANSITIONS, WITHIN, Standing, State

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "life_cycle.md"


def test_the_document_is_drawn_from_the_table() -> None:
    assert DOCUMENT.read_text() == life_cycle()
    call_command("draw_life_cycle", check=True)


def test_the_check_fails_when_the_table_says_something_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    with pytest.raises(CommandError):
        call_command("draw_life_cycle", check=True)
    call_command("draw_life_cycle")
    assert (tmp_path / "docs" / "life_cycle.md").read_text() == life_cycle()


def test_every_move_is_drawn_within_the_states_it_leads_between() -> None:
    stored = {standing.value: WITHIN[standing] for standing in Standing} | {node(state): state for state in State}
    for transition in TRANSITIONS.values():
        for source, target in edges(transition):
            assert stored[source] in transition.sources
            assert stored[target] == transition.target


def test_every_box_is_named_once_and_every_arrow_ends_in_a_box() -> None:
    lines = list(diagram())
    boxes = [found[1] for line in lines if (found := re.match(r' *state ".*" as (\w+)$', line))]
    arrows = [re.match(r"    (\S+) --> ([^:\s]+)", line) for line in lines if "-->" in line]
    ends = {end for arrow in arrows if arrow for end in arrow.groups()} - {"[*]"}
    assert len(boxes) == len(set(boxes)) == len(State) + sum(len(several(state)) for state in State)
    assert ends <= set(boxes)
    assert all(first != second for first, second in pairwise(lines))
