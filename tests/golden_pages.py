"""Pictures of three printed pages as they should look, and how alike another picture is.

Made anew, after a wanted change, with `make golden`; look at them before they are committed.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

from tests.printed import copy, pages

FOLDER: Final = Path(__file__).parent / "golden"
RESOLUTION: Final = 60
BLOCK: Final = 8
"""Pixels across: some 3 mm of paper. What moves less inside a block is not seen, and so neither is hinting."""
DARKER: Final = 20
"""Of 255: how much a block's mean may differ before it counts as changed."""
MOST_CHANGED: Final = 0.001
"""The share of a page's blocks that may have changed: a few words are more."""
GOLDEN: Final = {"cover": "Östersunds kommun", "contacts": "Vägar in", "signatures": "Karl Chef"}
"""Each picture, and words that stand on its page and on none before it."""


def drawn(content: bytes, name: str) -> Image.Image:
    """The page of the archive copy that the picture is of, drawn by poppler."""
    number = next(n for n, page in enumerate(pages(content), start=1) if GOLDEN[name] in page)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "copy.pdf", Path(folder) / "page"
        source.write_bytes(content)
        which = ["-f", str(number), "-l", str(number), "-r", str(RESOLUTION), "-gray", "-png", "-singlefile"]
        subprocess.run(["pdftoppm", *which, source, target], check=True)
        return Image.open(target.with_suffix(".png")).copy()


def changed(first: Image.Image, second: Image.Image) -> float:
    """The share of blocks that differ; 1 when the pages are not of one size."""
    if first.size != second.size:
        return 1.0
    grids = [picture.convert("L").reduce(BLOCK).tobytes() for picture in (first, second)]
    differing = sum(abs(a - b) > DARKER for a, b in zip(*grids, strict=True))
    return differing / len(grids[0])


def make() -> None:
    for name in GOLDEN:
        drawn(copy("archive"), name).save(FOLDER / f"{name}.png", optimize=True)
