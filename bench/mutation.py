"""Mutation testing of the pure rules: `make mutate`, or `python -m bench.mutation [--again] [--children 2]`.

A copy of the project is made under var/mutation/tree, and mutmut, in an environment of its own beside it, changes the
rules there one place at a time and runs their tests. What the tests did not notice is listed in docs/mutation.md.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from bench.mutants import forget_survivors, read_mutants, report
from config.bootstrap import BASE_DIR, PYTHON, fingerprint, is_done, run

WORK = BASE_DIR / "var" / "mutation"
ENVIRONMENT, TREE = WORK / "env", WORK / "tree"
LOCK = BASE_DIR / "requirements" / "mutation.txt"
REPORT = BASE_DIR / "docs" / "mutation.md"
PARTS = ("agreements", "bench", "config", "contacts", "municipalities", "nationwide", "templates", "static", "tests")
FILES = ("manage.py", "pyproject.toml")
RULES = ("contacts/personbound", "agreements/lowest_level", "agreements/deadlines.py")
CACHES = ("cache", "lru_cache")


def make_environment() -> None:
    """What mutmut adds, and through a path file everything of .venv; installed when the lock has changed."""
    mark, print_of_it = ENVIRONMENT / ".installed", fingerprint(LOCK, sys.version)
    if is_done(mark, print_of_it):
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    venv.create(ENVIRONMENT, with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = ENVIRONMENT / "lib" / version / "site-packages"
    (packages / "project.pth").write_text(f"{PYTHON.parent.parent / 'lib' / version / 'site-packages'}\n")
    pip = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(ENVIRONMENT))
    run(*pip, "install", "--ignore-installed", "--require-hashes", "--no-deps", "-r", str(LOCK))
    mark.write_text(print_of_it)


def copy_project() -> None:
    """The copy that is mutated; files that are the same are left as they are, so that --again finds its results."""
    for name in PARTS:
        for path in (BASE_DIR / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                _copy(path)
    for name in FILES:
        _copy(BASE_DIR / name)


def _copy(path: Path) -> None:
    relative = path.relative_to(BASE_DIR)
    content = path.read_bytes()
    if path.suffix == ".py" and relative.as_posix().startswith(RULES):
        content = with_caches_below(content.decode()).encode()
    target = TREE / relative
    if not target.exists() or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def with_caches_below(source: str) -> str:
    """`@cache def f` as `def f`, then `f = cache(f)`: mutmut leaves functions with decorators alone."""
    lines = source.split("\n")
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1:
            decorator = ast.unparse(node.decorator_list[0])
            if decorator.partition("(")[0] in CACHES:
                lines.insert(node.end_lineno or node.lineno, f"{node.name} = {decorator}({node.name})")
                del lines[node.decorator_list[0].lineno - 1]
    return "\n".join(lines)


def mutmut(children: int) -> None:
    command = [str(ENVIRONMENT / "bin" / "mutmut"), "run", "--max-children", str(children)]
    done = subprocess.run(command, cwd=TREE, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=False)
    if done.returncode:
        sys.exit(f"mutmut ended with {done.returncode}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mutation", description=__doc__)
    parser.add_argument("--again", action="store_true", help="only changed functions and what the tests did not notice")
    parser.add_argument("--children", type=int, default=2, help="tests running at the same time")
    parser.add_argument("--only-report", action="store_true", help="write the report of the last run anew")
    options = parser.parse_args()
    if not options.only_report:
        make_environment()
        if options.again:
            forget_survivors(TREE)
        else:
            shutil.rmtree(TREE, ignore_errors=True)
        (WORK / "tmp").mkdir(exist_ok=True)
        copy_project()
        mutmut(options.children)
    report(read_mutants(TREE), REPORT)


if __name__ == "__main__":
    main()
