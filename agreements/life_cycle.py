"""The state table drawn as docs/life_cycle.md. Pure; the command writes it, and a test compares."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.states import (
    BY_ANOTHER_VERSION,
    TRANSITIONS,
    WITHIN,
    Standing,
    State,
    Transition,
    Who,
)

HEAD = """# The life of an agreement version

Drawn from the tables in `agreements/states.py` by `manage.py draw_life_cycle`; a test compares. A box within a box is a
standing that follows from other rows; the outer box is the state that is stored.
[Why](decisions/0012-standings-are-derived-and-endings-are-kept.md).

"""


def several(state: State) -> list[Standing]:
    """The standings of a state that has more than one; else none."""
    found = [standing for standing, within in WITHIN.items() if within is state]
    return found if len(found) > 1 else []


def node(state: State) -> str:
    return f"state_{state.value}" if several(state) else state.value


def edges(transition: Transition) -> Iterator[tuple[str, str]]:
    """Between standings where the table says so, else between states."""
    if transition.between:
        yield from ((source.value, target.value) for source, target in transition.between)
        return
    for source in (state for state in State if state in transition.sources):
        yield node(source), node(transition.target)


def diagram() -> Iterator[str]:
    yield "stateDiagram-v2"
    for state in State:
        yield f'    state "{state.label}" as {node(state)}'
    for state in filter(several, State):
        yield f"    state {node(state)} {{"
        yield from (f'        state "{standing.label}" as {standing.value}' for standing in several(state))
        yield "    }"
    yield f"    [*] --> {node(State.DRAFT)}: Starta"
    for transition in TRANSITIONS.values():
        for source, target in edges(transition):
            yield f"    {source} --> {target}: {transition.move.label}"
    for standing, after, words in BY_ANOTHER_VERSION:
        yield f"    {standing.value} --> {after.value}: {words}"
    yield f"    {node(State.ENDED)} --> [*]"


def table() -> Iterator[str]:
    yield "| move | from | to | who | permission | reason |"
    yield "|---|---|---|---|---|---|"
    for move, row in TRANSITIONS.items():
        sources = ", ".join(state.label for state in State if state in row.sources)
        permission = f"`{row.permission.value}`" if row.permission else ""
        who, reason = Who(row.who).label, "yes" if row.needs_reason else ""
        cells = (f"{move.label} (`{move.value}`)", sources, row.target.label, who, permission, reason)
        yield f"| {' | '.join(cells)} |"


def life_cycle() -> str:
    """The whole document."""
    drawn, rows = "\n".join(diagram()), "\n".join(table())
    return f"{HEAD}```mermaid\n{drawn}\n```\n\n{rows}\n"
