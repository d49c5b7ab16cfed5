"""The boundaries of the house, held by reading the code: a boundary that is only written down does not hold."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parent.parent
APPS = ("municipalities", "contacts", "agreements", "nationwide", "config")  # each knows those before it
FLOORS = {  # inside an app: each room knows those on lower floors; rooms on the same floor know one another
    "states": 0,
    "rules": 1,
    "personbound": 1,
    "models": 2,
    "actions": 3,
    "forms": 4,
    "views": 4,
    "api": 4,
    "admin": 4,
    "imports": 4,
    "tasks": 4,
    "urls": 5,
}
LOCKS = (
    "requirements/base.txt",
    "requirements/s3.txt",
    "requirements/dev.txt",
    "requirements/mutation.txt",
    "package-lock.json",
)
LONGEST_FUNCTION, LONGEST_MODULE, MOST_LOCAL_IMPORTS = 60, 400, 5


@dataclass(frozen=True)
class Import:
    source: str
    target: str
    line: int
    local: bool
    typing_only: bool


@cache
def modules() -> dict[str, Path]:
    """Every module of the product, by dotted name; migrations and tests are not counted."""
    found = {}
    for path in (path for app in APPS for path in (BASE_DIR / app).rglob("*.py")):
        parts = path.relative_to(BASE_DIR).with_suffix("").parts
        if "migrations" not in parts:
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def guarded_lines(tree: ast.Module) -> set[int]:
    """The lines under `if TYPE_CHECKING:`; they are not run."""
    return {
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }


def local_lines(tree: ast.Module) -> set[int]:
    return {
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }


def targets(node: ast.AST, source: str, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        package = source if path.name == "__init__.py" else source.rpartition(".")[0]
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, *([node.module] if node.module else [])])
    return [f"{base}.{alias.name}" if f"{base}.{alias.name}" in modules() else base for alias in node.names]


@cache
def imports() -> tuple[Import, ...]:
    found = []
    for source, path in modules().items():
        tree = tree_of(path)
        local, guarded = local_lines(tree), guarded_lines(tree)
        for node in ast.walk(tree):
            for target in targets(node, source, path):
                line = getattr(node, "lineno", 0)
                found.append(Import(source, target, line, line in local, line in guarded))
    return tuple(found)


def app_of(module: str) -> str:
    return module.split(".", 1)[0]


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def place(item: Import) -> str:
    return f"{modules()[item.source].relative_to(BASE_DIR)}:{item.line} imports {item.target}"


def functions() -> Iterator[tuple[str, int]]:
    for path in modules().values():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{path.relative_to(BASE_DIR)}:{node.lineno} {node.name}", length


# ------------------------------------------------------------------------------------------------- arrows


def test_each_app_knows_only_those_below_it() -> None:
    wrong = [
        place(item)
        for item in imports()
        if app_of(item.target) in APPS and APPS.index(app_of(item.target)) > APPS.index(app_of(item.source))
    ]
    assert wrong == []


def test_inside_an_app_each_room_knows_only_lower_floors() -> None:
    wrong = [
        place(item)
        for item in imports()
        if app_of(item.source) == app_of(item.target)
        and FLOORS.get(room_of(item.target), -1) > FLOORS.get(room_of(item.source), 99)
    ]
    assert wrong == []


def test_actions_never_reach_up_to_tasks_or_views() -> None:
    wrong = [
        place(item)
        for item in imports()
        if room_of(item.source) == "actions" and room_of(item.target) in {"tasks", "views", "forms", "urls"}
        if app_of(item.target) in APPS
    ]
    assert wrong == []


def test_rules_ask_neither_rows_nor_clock_nor_settings() -> None:
    forbidden = ("django.db", "django.conf", "django.utils.timezone", "django.core.cache", "time", "random")
    wrong = [
        place(item)
        for item in imports()
        if room_of(item.source) in {"rules", "states", "personbound"} and not item.typing_only
        if any(item.target == name or item.target.startswith(f"{name}.") for name in forbidden)
        if not (item.target == "django.db" and uses_choices_only(modules()[item.source]))
    ]
    assert wrong == []


def uses_choices_only(path: Path) -> bool:
    """`models` is imported for the words of a list and for nothing that reaches rows."""
    used = {
        node.attr
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "models"
    }
    return used <= {"TextChoices", "IntegerChoices"} and "import models" in path.read_text()


def test_only_the_granting_file_speaks_to_guardian() -> None:
    allowed = {("contacts.access", "guardian.shortcuts"), ("contacts.models", "guardian.models")}
    wrong = [
        place(item)
        for item in imports()
        if app_of(item.target) == "guardian"
        if not any(item.source.startswith(source) and item.target == target for source, target in allowed)
    ]
    assert wrong == []


def test_the_model_files_contain_no_signals() -> None:
    wrong = [place(item) for item in imports() if item.target.startswith("django.dispatch")]
    wrong += [place(item) for item in imports() if item.target.startswith("django.db.models.signals")]
    assert wrong == []


# ------------------------------------------------------------------------------------------------- cycles


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of nodes that reach one another (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for neighbour in graph.get(node, ()):
            if neighbour not in index:
                visit(neighbour)
                low[node] = min(low[node], low[neighbour])
            elif neighbour in stack:
                low[node] = min(low[node], index[neighbour])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in graph:
        if node not in index:
            visit(node)
    return found


def graph_of(items: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {}
    for source, target in items:
        if source != target:
            graph.setdefault(source, set()).add(target)
    return graph


def test_the_circle_finder_finds_circles() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert circles(graph) == [["b", "c"]]


def test_no_modules_import_one_another_in_a_circle() -> None:
    known = ((item.source, item.target) for item in imports() if item.target in modules())
    assert circles(graph_of(known)) == []


def test_no_apps_import_one_another_in_a_circle() -> None:
    known = ((app_of(item.source), app_of(item.target)) for item in imports() if app_of(item.target) in APPS)
    assert circles(graph_of(known)) == []


# ------------------------------------------------------------------------------------------------ lengths


def test_no_function_is_longer_than_a_screen() -> None:
    assert [f"{name} {length}" for name, length in functions() if length > LONGEST_FUNCTION] == []


def test_most_functions_are_short() -> None:
    lengths = sorted(length for _, length in functions())
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.95)] <= 35


def test_no_module_is_too_long_to_read() -> None:
    lengths = {name: len(path.read_text().splitlines()) for name, path in modules().items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_imports_inside_functions_are_few_and_give_their_reason() -> None:
    local = [item for item in imports() if item.local and not item.typing_only]
    places = {(item.source, item.line) for item in local}
    assert len(places) <= MOST_LOCAL_IMPORTS, sorted(place(item) for item in local)
    silent = [place(item) for item in local if not has_reason(modules()[item.source], item.line)]
    assert silent == []


def has_reason(path: Path, line: int) -> bool:
    """A comment on the import's line beyond a bare `noqa`, or on the line above it."""
    lines = path.read_text().splitlines()
    same = re.sub(r"noqa: *\w+", "", lines[line - 1].partition("#")[2]).strip(" -:#")
    return bool(same) or lines[line - 2].strip().startswith("#")


# ---------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_name_no_registry(name: str) -> None:
    text = (BASE_DIR / name).read_text()
    addresses = [line for line in text.splitlines() if "://" in line and '"url"' not in line]
    assert addresses == []
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|\"resolved\"", text)


def test_every_locked_python_package_has_a_hash() -> None:
    for name in LOCKS[:-1]:
        text = (BASE_DIR / name).read_text()
        pins = re.findall(r"^[a-zA-Z0-9_.\-\[\]]+==.*$", text, re.MULTILINE)
        assert pins
        assert all(pin.rstrip().endswith("\\") for pin in pins)


def test_nothing_reads_outside_the_project() -> None:
    elsewhere = re.compile(r"\.\./" + "shared|/" + "work/")
    files = [*modules().values(), *(BASE_DIR / "tests").rglob("*.py"), *(BASE_DIR / "bench").rglob("*.py")]
    assert [str(path) for path in files if elsewhere.search(path.read_text())] == []
