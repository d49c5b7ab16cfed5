import datetime
import html
import re

import pytest
from django.utils import timezone

from agreements.states import State
from municipalities.actions import load_reference_data
from tests.factories import af_region, draft, in_force
from tests.nationwide.rows import PAST, agreement, country

pytestmark = pytest.mark.django_db
DASHBOARD, LIST = "/nationellt/", "/nationellt/kommuner/"
PAGES = [DASHBOARD, LIST, "/nationellt/kommuner.csv", "/nationellt/kommuner.json"]
LINK = re.compile(r'<a[^>]* href="(/nationellt/kommuner/\?[^"]*)">(.*?)</a>', re.DOTALL)


def text(response):
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def numbers_in(page):
    """The address and the number of every link to a list."""
    links = [(address, re.search(r">\s*(\d+)\b(?! %)", f">{inner}")) for address, inner in LINK.findall(page)]
    return {(address, int(number[1])) for address, number in links if number}


def total(page):
    """What the list says of its own length."""
    return int(re.search(r'id="kommuner-antal">(\d+) kommun', page)[1])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["coordinator", "signatory", "af_coordinator", "outsider", "administrator"])
def test_the_nation_does_not_exist_for_those_who_do_not_read_it(client, cast, page, who):
    client.force_login(getattr(cast, who))

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["officer", "skr_reader"])
def test_skr_reads_the_nation(client, cast, page, who):
    client.force_login(getattr(cast, who))

    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_nobody_reads_the_nation_without_a_login(client, page):
    assert client.get(page).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_a_national_page_is_only_read(nation, page):
    assert nation.post(page).status_code == 405


def varied_country():
    """Every status and every verdict at least once, in two counties."""
    places = country(5) + country(4, first=50, county="01", region=af_region("Syd"))
    for place, verdict in zip(places, ["function_bound", "mixed", "person_bound", "unreachable", ""], strict=False):
        agreement(place, start=PAST, verdict=verdict)
    agreement(places[5], places[6], state=State.DRAFT)
    agreement(places[7], state=State.ENDED, start=PAST, end=datetime.date(2025, 6, 1))


@pytest.mark.parametrize(
    ("query", "least"), [("", 40), ("?show=binding", 40), ("?county=23", 8), ("?on=2023-06-01", 40)]
)
def test_every_number_on_the_dashboard_is_the_length_of_the_list_it_links_to(nation, query, least):
    varied_country()

    numbers = numbers_in(text(nation.get(DASHBOARD + query)))

    assert len(numbers) > least
    for address, number in numbers:
        assert total(text(nation.get(address, headers={"HX-Request": "true"}))) == number, address


def test_the_dashboard_tells_how_many_have_signed(client, cast):
    in_force(cast)
    client.force_login(cast.skr_reader)

    page = text(client.get(DASHBOARD))

    assert "<strong>1</strong> av 2</a>" in page
    assert "Östersunds kommun" in text(client.get(f"{LIST}?status=signed"))


def test_a_write_shows_at_once(client, cast):
    client.force_login(cast.officer)
    before = text(client.get(f"{LIST}?status=in_work"))

    draft(cast)

    assert (total(before), total(text(client.get(f"{LIST}?status=in_work")))) == (0, 1)


@pytest.mark.parametrize("size", [3, 30])
@pytest.mark.parametrize(("page", "most"), [(DASHBOARD, 8), (LIST, 7)])
def test_the_number_of_queries_does_not_grow(nation, django_assert_max_num_queries, size, page, most):
    agreement(*country(size), start=PAST, verdict="mixed")

    with django_assert_max_num_queries(most):
        nation.get(page)


@pytest.mark.parametrize("page", [DASHBOARD, LIST])
def test_what_is_kept_costs_no_question_besides_the_user_and_the_grants(nation, django_assert_num_queries, page):
    agreement(*country(3), start=PAST)
    nation.get(page)

    with django_assert_num_queries(2) as asked:
        nation.get(page)

    assert "contacts_event" in asked.captured_queries[-1]["sql"]


def test_the_pages_stand_without_a_cache(nation, monkeypatch):
    monkeypatch.setattr("nationwide.kept.cache.get", lambda key: None)
    monkeypatch.setattr("nationwide.kept.cache.set", lambda *args: None)

    assert nation.get(DASHBOARD).status_code == 200
    assert nation.get(LIST).status_code == 200


def test_the_map_holds_every_municipality_with_name_and_value(nation):
    load_reference_data()

    page = text(nation.get(DASHBOARD))

    assert page.count("<title>") - 1 == 290
    assert "<title>Kiruna kommun: ingen överenskommelse</title>" in page


def test_the_table_says_what_the_map_says(nation):
    load_reference_data()

    page = text(nation.get(DASHBOARD))

    on_map = re.findall(r'<a href="([^"]+)"><title>([^:]+): ', page)
    in_table = re.findall(r'<th scope="row"><a href="(/organisationer/[^"]+)">([^<]+)</a>', page)
    assert on_map == in_table


def test_a_part_of_the_country_has_its_own_picture(nation):
    load_reference_data()

    page = text(nation.get(f"{DASHBOARD}?county=23"))

    assert "<h1>Läget i Jämtlands län</h1>" in page
    assert "Kiruna" not in page


@pytest.mark.parametrize("query", ["county=99", "region=0a", "group=X", "region=999999"])
def test_a_part_that_nobody_belongs_to_is_not_found(nation, query):
    assert nation.get(f"{DASHBOARD}?{query}").status_code == 404


@pytest.mark.parametrize("page", [DASHBOARD, LIST])
@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("15/3 2023", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("2023-02-31", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("2021-12-31", "från och med den 1 januari 2022"),
        ("2999-01-01", "Datumet ligger i framtiden"),
        ("\x00", "Skriv datumet som ÅÅÅÅ-MM-DD"),
    ],
)
def test_a_day_that_cannot_be_shown_is_explained(nation, page, day, words):
    assert words in text(nation.get(page, {"on": day}))


def test_links_keep_the_day_and_today_keeps_itself(nation):
    agreement(*country(2), start=PAST)

    past = text(nation.get(f"{DASHBOARD}?on=2023-03-15"))
    today = text(nation.get(f"{DASHBOARD}?on={timezone.localdate()}"))

    assert "status=signed&on=2023-03-15" in past
    assert "&on=" not in today
