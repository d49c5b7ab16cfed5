"""How the country stands to the national template. Every number is the length of the list it links to."""

from __future__ import annotations

import datetime
import html
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.models import Section, TemplateSection, TemplateVersion, Version
from municipalities.models import Organisation
from nationwide.kept import near
from nationwide.templates import behind_in
from tests.agreements.templates import rewrite, second
from tests.cast import Cast
from tests.factories import af_region, in_force
from tests.nationwide.rows import PAST, agreement, country
from tests.nationwide.test_national_pages import text

pytestmark = pytest.mark.django_db
PAGE = "/nationellt/mallar/"


@pytest.fixture
def nation(client: Client, cast: Cast) -> Client:
    client.force_login(cast.skr_reader)
    return client


def write(version: Version, *keys: str) -> None:
    for key in keys:
        place = TemplateSection.objects.get(version=version.template, key=key)
        Section.objects.create(version=version, template_section=place, key=key, content={"x": "<p>Ord.</p>"})


@pytest.fixture
def places(cast: Cast) -> list[Organisation]:
    """Five municipalities in two counties; two share an agreement, one stands on template 2, one has ended."""
    made = country(3) + country(2, first=50, county="01", region=af_region("Syd"))
    write(agreement(made[0], made[1], start=PAST), "goals", "employers")
    write(agreement(made[2], start=PAST), "goals")
    new = second(cast.officer, lambda draft: rewrite(cast.officer, draft, "purpose", locked="<p>Nytt syfte.</p>"))
    write(agreement(made[3], start=PAST, template=new), "goals")
    agreement(made[4], state="ended", start=PAST, end=datetime.date(2024, 1, 1))
    return made


def links(page: str) -> list[tuple[int, str]]:
    """Every number with the address it leads to."""
    found = re.findall(r'<a href="(/nationellt/[^"]*)">(\d+)<span class="ds-sr-only">', page)
    return [(int(number), html.unescape(address)) for address, number in found]


@pytest.mark.parametrize("query", ["", "?county=23", "?county=01", "?on=2023-06-01"])
def test_every_number_is_the_length_of_its_list(nation: Client, places: list[Organisation], query: str) -> None:
    found = links(text(nation.get(PAGE + query)))

    assert len(found) > 70
    for number, address in {address: (number, address) for number, address in found}.values():
        answer = text(nation.get(address))
        told = re.search(r"(\d+) kommuner i (\d+) överenskommelser", answer)
        if told is None:
            assert f"{number} av" in answer or f"{number} kommun" in answer, address
        else:
            assert number in (int(told[1]), int(told[2])), address


def cells(page: str, heading: str) -> list[int]:
    row = next(row for row in page.split("<tr>") if heading in row)
    return [int(number) for number in re.findall(r">(\d+)<span", row)]


def test_municipalities_are_counted_and_not_agreements(nation: Client, places: list[Organisation]) -> None:
    page = text(nation.get(PAGE))

    assert cells(page, "Mall 1</a>") == [3, 2]
    assert cells(page, "Mall 2</a>") == [1, 1]
    assert cells(page, "4 Gemensamma mål") == [4, 0, 0]
    assert cells(page, "3 Gemensamt syfte") == [0, 0, 3]


def test_a_county_is_counted_by_itself(nation: Client, places: list[Organisation]) -> None:
    page = text(nation.get(f"{PAGE}?county=01"))

    assert cells(page, "Mall 1</a>") == [0, 0]
    assert cells(page, "4 Gemensamma mål") == [1, 0, 0]


def test_a_past_day_is_told_as_it_was(nation: Client, places: list[Organisation]) -> None:
    page = text(nation.get(f"{PAGE}?on=2023-06-01"))

    assert "Mall 2</a>" not in page
    assert cells(page, "4 Gemensamma mål") == [4, 0, 0]


def test_a_national_text_that_is_not_the_templates_is_found(nation: Client, cast: Cast) -> None:
    version = in_force(cast)
    sections = [dict(section) for section in version.frozen["sections"]]
    next(s for s in sections if s["key"] == "purpose")["locked"] = "<p>Ett eget syfte.</p>"
    other = agreement(*country(1), start=PAST, frozen={"sections": sections}, locked_hash="1" * 64)

    page = text(nation.get(PAGE))

    assert cells(page, "3 Gemensamt syfte")[1] == 1
    listed = text(nation.get(f"{PAGE}lista/?avsnitt=purpose&lage=avviker"))
    assert f"/overenskommelser/{other.pk}/" in listed


def test_the_list_names_municipalities_and_leads_to_their_agreements(
    nation: Client, places: list[Organisation]
) -> None:
    listed = text(nation.get(f"{PAGE}lista/?avsnitt=employers&lage=tillagg"))

    assert "2 kommuner i 1 överenskommelser" in listed
    assert "Prov 00 kommun" in listed
    assert "Prov 02 kommun" not in listed


@pytest.mark.parametrize(
    "query", ["?lage=tillagg", "?avsnitt=goals", "?avsnitt=nej&lage=avviker", "?mall=x", "?mall=1&county=99"]
)
def test_what_cannot_be_asked_is_not_found(nation: Client, cast: Cast, query: str) -> None:
    assert nation.get(f"{PAGE}lista/{query}").status_code == 404


def test_older_text_is_what_the_template_in_force_says_otherwise() -> None:
    one = {"a": ("1", "A", "x"), "b": ("2", "B", "y")}
    two = {"a": ("1", "A", "x"), "c": ("2", "C", "z")}

    assert behind_in({1: one, 2: two, 3: two}, 2) == {"b": {1}, "c": {1}}


def test_the_page_asks_no_more_of_thirty_than_of_three(nation: Client, cast: Cast) -> None:
    counts = []
    for places in (country(3), country(27, first=10)):
        for place in places:
            write(agreement(place, start=PAST), "goals")
        near.values.clear()
        cache.clear()
        nation.get("/stilguide/")
        with CaptureQueriesContext(connection) as asked:
            nation.get(PAGE)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12


def test_the_versions_are_those_that_apply_by_the_day(nation: Client, cast: Cast) -> None:
    second(cast.officer, valid_from=timezone.localdate() + datetime.timedelta(days=3))

    assert "Mall 2</a>" not in text(nation.get(PAGE))
    assert TemplateVersion.objects.count() == 2
