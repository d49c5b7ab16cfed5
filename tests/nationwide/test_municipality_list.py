import csv
import html
import json
import re

import pytest

from municipalities.models import Organisation
from tests.factories import af_region, municipality
from tests.nationwide.rows import PAST, agreement, country

pytestmark = pytest.mark.django_db
LIST = "/nationellt/kommuner/"


def text(response):
    assert response.status_code == 200
    return html.unescape(response.content.decode())


@pytest.fixture
def are():
    return municipality("2321", "Åre")


@pytest.fixture
def ostersund():
    return municipality("2380", "Östersunds")


def names(page):
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def test_an_htmx_request_gets_the_part_of_the_page_and_nothing_else(nation):
    country(60)

    page = nation.get(f"{LIST}?status=none&sida=2").content.decode()
    part = nation.get(f"{LIST}?status=none&sida=2", headers={"HX-Request": "true"}).content.decode()

    assert part in page
    assert part.lstrip().startswith('<section id="kommuner"')


def test_an_htmx_answer_is_not_mistaken_for_the_page(nation):
    assert "HX-Request" in nation.get(LIST)["Vary"]


def test_the_address_is_rid_of_empty_filters(nation):
    asked = f"{LIST}?q=&status=none&binding=&county="

    assert nation.get(asked, headers={"HX-Request": "true"})["HX-Push-Url"] == f"{LIST}?status=none"


def test_going_back_in_history_gives_the_whole_page(nation):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert "<html" in text(nation.get(LIST, headers=headers))


def test_the_list_has_fifty_to_a_page_in_swedish_order(nation, ostersund, are):
    country(60)

    first, second = (names(text(nation.get(f"{LIST}?sida={number}"))) for number in (1, 2))

    assert (len(first), len(second)) == (50, 12)
    assert second[-2:] == ["Åre kommun", "Östersunds kommun"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "9" * 40, "²"])
def test_a_page_that_is_not_there_is_the_nearest(nation, ostersund, are, number):
    assert names(text(nation.get(LIST, {"sida": number}))) == ["Åre kommun", "Östersunds kommun"]


@pytest.mark.parametrize("words", ["are", "ÅRE", "2321"])
def test_search_finds_are(nation, ostersund, are, words):
    assert names(text(nation.get(LIST, {"q": words}))) == ["Åre kommun"]


def test_filters_narrow_together(nation, ostersund, are):
    other = municipality("0114", "Annan", county="01")
    agreement(ostersund, are, other, start=PAST, verdict="mixed")

    asked = {"status": "signed", "binding": "mixed", "county": "23", "region": af_region("Nord").pk, "group": "B3"}

    assert names(text(nation.get(LIST, asked))) == ["Åre kommun", "Östersunds kommun"]


def test_an_empty_list_says_what_to_do(nation):
    assert "Ingen kommun stämmer med urvalet" in text(nation.get(LIST, {"q": "xyz"}))


@pytest.mark.parametrize("name", ["status", "binding", "county", "region", "group"])
def test_a_choice_that_does_not_exist_is_explained(nation, name):
    page = text(nation.get(LIST, {name: "finns-inte"}))

    assert "Det valet finns inte." in page
    assert "Frågan går inte att besvara" in page


def test_a_long_or_odd_search_is_no_error(nation):
    for words in ["x" * 100_000, "\x00", "%", "<script>", "‮"]:
        assert "<script>" not in nation.get(LIST, {"q": words}).content.decode().split("<main")[1]


def test_the_list_links_to_the_agreement_behind_the_status(nation, ostersund):
    version = agreement(ostersund, start=PAST)

    assert f'href="/overenskommelser/{version.pk}/"' in text(nation.get(LIST))


def rows_of_csv(response):
    return list(csv.DictReader(response.content.decode("utf-8-sig").splitlines(), delimiter=";"))


def test_status_and_verdict_stand_as_tags(nation, ostersund):
    agreement(ostersund, start=PAST, verdict="mixed")

    page = nation.get(LIST).content.decode()

    assert re.search(r'<span class="ds-tag"[^>]*><svg.*?</svg>Gällande</span>', page)
    assert re.search(r'<span class="ds-tag"[^>]*><svg.*?</svg>\s*Blandad</span>', page)
    assert "&lt;" not in page


def test_the_files_hold_the_whole_list_and_nothing_else(nation):
    agreement(*country(60), start=PAST)

    spreadsheet = nation.get("/nationellt/kommuner.csv?status=signed")
    data = json.loads(nation.get("/nationellt/kommuner.json?status=signed").content)

    assert {"Kommun", "Status", "Gäller från och med"} <= set(rows_of_csv(spreadsheet)[0])
    assert {"code", "status", "in_force_from"} <= set(data["rows"][0])
    assert len(rows_of_csv(spreadsheet)) == len(data["rows"]) == data["status"]["signed"] == 60
    assert spreadsheet["Content-Disposition"].endswith('.csv"')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_name_cannot_run_as_a_formula(nation, are, start):
    Organisation.objects.filter(pk=are.pk).update(name=f"{start}HYPERLINK(1)")

    cells = [row["Kommun"] for row in rows_of_csv(nation.get("/nationellt/kommuner.csv"))]

    assert f"'{start}HYPERLINK(1)" in cells


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize("query", ["on=2999-01-01", "status=x"])
def test_a_file_that_cannot_be_answered_is_refused(nation, kind, query):
    response = nation.get(f"/nationellt/kommuner.{kind}?{query}")

    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
