"""The printed pages look as they did: cover, contact table and signatures against pictures that were looked at."""

from __future__ import annotations

import os

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.golden_pages import FOLDER, GOLDEN, MOST_CHANGED, changed, drawn, make
from tests.printed import copy

if os.environ.get("GOLDEN") == "anew":
    make()


def golden(name: str) -> Image.Image:
    return Image.open(FOLDER / f"{name}.png")


@pytest.mark.parametrize("name", GOLDEN)
def test_the_page_looks_as_it_should(name: str):
    assert changed(golden(name), drawn(copy("archive"), name)) <= MOST_CHANGED


@pytest.mark.parametrize("name", GOLDEN)
def test_other_hinting_is_no_change(name: str):
    picture = golden(name).convert("L")
    softer = picture.filter(ImageFilter.GaussianBlur(0.6))

    assert changed(picture, softer) <= MOST_CHANGED
    assert changed(picture, picture.point(lambda v: min(255, v + 4))) <= MOST_CHANGED


@pytest.mark.parametrize("name", GOLDEN)
def test_a_moved_block_and_a_lost_head_are_found(name: str):
    picture = golden(name).convert("L")
    width, height = picture.size
    moved = ImageChops.offset(picture, 0, 5)
    headless = picture.copy()
    top = next(y for y in range(height) if min(picture.crop((0, y, width, y + 1)).tobytes()) < 128)
    ImageDraw.Draw(headless).rectangle((0, max(0, top - 2), width, top + 30), fill=255)

    assert changed(picture, moved) > MOST_CHANGED
    assert changed(picture, headless) > MOST_CHANGED
