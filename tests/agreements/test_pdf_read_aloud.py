"""The reading copy as assistive technology gets it: the whole text in order, links in their place, no error found."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from agreements import pdf
from agreements.html import plain_text
from tests.printed import copy, pages, signed, text

OUTLOUD = os.environ.get("OUTLOUD") or shutil.which("outloud")


def bare(words: str) -> str:
    """Letters and figures alone: how a line was broken or hyphenated says nothing of the text."""
    return re.sub(r"[\W_]", "", words)


_FOOT = re.compile(r"(?:(?:\d+\.\d+|\d+\.|•) )*ÖK-2026-0042 · version 1.*$")
"""What comes last of each page: the marks of its lists, its running heads and its foot."""


@pytest.fixture(scope="module")
def spoken() -> str:
    """The text of the reading copy in the order of its pages, without what stands around it on each."""
    return bare(" ".join(_FOOT.sub("", page) for page in pages(copy("reading"))[2:]))


def in_order(section: dict[str, Any]) -> Iterator[str]:
    """What a section says, piece by piece: its national text, then what was written locally."""
    yield from plain_text(section["locked"]).splitlines()
    for block in section["blocks"]:
        yield from plain_text(block.get("html", "")).splitlines()
        if block["kind"] == "note":
            yield from block["text"].splitlines()
        yield from block.get("items", ())


def somewhere(section: dict[str, Any]) -> Iterator[str]:
    """What its tables hold, some of them written out row by row."""
    for block in section["blocks"]:
        for row in block.get("rows", ()):
            yield from (cell for cell, kind in zip(row, block["kinds"], strict=True) if kind != "date")
        for group in block.get("groups", ()):
            for contact in group["contacts"]:
                yield from (value for key, value in contact.items() if key != "postal_address")


def test_the_pages_say_the_whole_agreement_in_its_order(spoken: str):
    sections = [section for section in text()["sections"] if section["key"] != "cover"]
    heads = [bare(section["number"] + section["title"]) for section in sections]
    place = 0
    for section, head in zip(sections, heads, strict=True):
        place = begun = spoken.index(head, place)
        for piece in filter(None, map(bare, in_order(section))):
            place = spoken.index(piece, place) + len(piece)
        for cell in filter(None, map(bare, somewhere(section))):
            assert cell in spoken[begun:], (section["key"], cell)


def test_the_signatures_are_read_last_with_their_hash(spoken: str):
    end = spoken.index(bare(signed()["text_hash"]))

    assert spoken.rindex("KarlChef", 0, end) < spoken.rindex("EvaRegionchef", 0, end) < end


def links_in_tree(file: pikepdf.Pdf) -> Iterator[Any]:
    """The link annotations that hang in a Link element."""
    waiting = [file.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(node)
        elif isinstance(node, pikepdf.Dictionary):
            kids = node.get("/K", pikepdf.Array())
            if node.get("/S") == pikepdf.Name.Link:
                within = kids if isinstance(kids, pikepdf.Array) else [kids]
                yield from (k.Obj.objgen for k in within if isinstance(k, pikepdf.Dictionary) and "/Obj" in k)
            waiting.append(kids)


@pytest.mark.parametrize("variant", ["reading", "archive", "draft"])
def test_every_link_hangs_in_the_tag_tree(variant: str):
    with pikepdf.open(io.BytesIO(copy(variant))) as file:
        links = [a for page in file.pages for a in page.get("/Annots", ()) if a.Subtype == pikepdf.Name.Link]
        assert links
        assert {link.objgen for link in links} == set(links_in_tree(file))


def test_a_link_with_emphasis_in_local_text_hangs_there_too():
    rich = '<p>Se <a href="https://skr.example/"><strong>mallen</strong> hos SKR</a>.</p>'
    content = pdf.render(
        signed(only=("background",), background={"local_situation": rich}), variant="reading", demo=False
    )

    with pikepdf.open(io.BytesIO(content)) as file:
        links = [a for page in file.pages for a in page.get("/Annots", ()) if a.Subtype == pikepdf.Name.Link]
        assert {link.objgen for link in links} == set(links_in_tree(file))


@pytest.mark.skipif(OUTLOUD is None, reason="outloud is not installed here: pip install outloud in its own environment")
@pytest.mark.parametrize("variant", ["reading", "draft"])
def test_outloud_finds_no_error(variant: str, tmp_path: Path):
    path, report = tmp_path / "copy.pdf", tmp_path / "report.json"
    path.write_bytes(copy(variant))

    subprocess.run([str(OUTLOUD), "--json", report, path], capture_output=True, check=False)

    [found] = json.loads(report.read_text())["results"]
    assert [finding["message"] for finding in found["findings"] if finding["severity"] == "error"] == []
