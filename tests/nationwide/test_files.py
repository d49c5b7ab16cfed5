"""The list as a spreadsheet and the map as a picture."""

import datetime
import io
import xml.etree.ElementTree as ElementTree

import openpyxl
import pytest
from PIL import Image

from municipalities.actions import load_reference_data
from municipalities.models import Organisation
from tests.nationwide.rows import PAST, agreement, country

pytestmark = pytest.mark.django_db
BLANK, GOOD = (0xEE, 0xEB, 0xE4), (0x1D, 0x6A, 0x7A)
SVG = "{http://www.w3.org/2000/svg}"


def opened(response):
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(response))).active


def test_the_spreadsheet_has_types_a_frozen_head_and_filters(nation):
    agreement(*country(3), start=PAST, end=datetime.date(2024, 1, 1), verdict="mixed")

    sheet = opened(nation.get("/nationellt/kommuner.xlsx?on=2023-06-01&status=signed"))

    cells = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert (sheet.max_row, sheet.freeze_panes, sheet.auto_filter.ref.split(":")[0]) == (4, "A2", "A1")
    assert (cells["Folkmängd"], cells["Kommunkod"], cells["Mallen är"]) == (10_000, "9900", "Gällande mall")
    assert cells["Gäller till och med"].date() == datetime.date(2023, 12, 31)


def test_a_name_cannot_run_as_a_formula(nation):
    (place,) = country(1)
    Organisation.objects.filter(pk=place.pk).update(name="=HYPERLINK(1)")

    assert opened(nation.get("/nationellt/kommuner.xlsx"))["B2"].data_type == "s"


@pytest.mark.parametrize(
    "address", ["kommuner.xlsx?on=2999-01-01", "kommuner.xlsx?status=x", "karta.svg?on=x", "karta.png?on=x"]
)
def test_a_file_that_cannot_be_answered_is_refused(nation, address):
    assert nation.get(f"/nationellt/{address}").status_code == 400


def test_a_map_of_no_part_is_not_found(nation):
    assert nation.get("/nationellt/karta.svg?county=99").status_code == 404


SHOWS = ["status", "binding", "level", "edition", "expiry", "confirmation"]


def test_the_map_stands_alone_with_names_and_values_and_is_drawn_in_colours_and_words(nation):
    load_reference_data()
    agreement(Organisation.objects.get(municipality__code="2380"), start=PAST, verdict="mixed")

    for show in SHOWS:
        titles = titles_of(nation.get(f"/nationellt/karta.svg?county=23&show={show}"))
        assert len(titles) == 1 + 8
        assert any(title.startswith("Östersunds kommun: gällande överenskommelse, ") for title in titles)
        assert "Läget i Jämtlands län" in titles[0]

    picture = Image.open(io.BytesIO(nation.get("/nationellt/karta.png?county=23").content)).convert("RGB")
    dark = sum(count for count, colour in picture.crop((0, 0, 1200, 120)).getcolors(1 << 24) if max(colour) < 60)
    colours = {colour for _, colour in picture.getcolors(1 << 24)}
    assert picture.width == 1200
    assert {BLANK, GOOD} <= colours
    assert dark > 300


def titles_of(response):
    picture = ElementTree.fromstring(response.content)
    return [title.text for title in picture.iter(f"{SVG}title")]
