"""The lowest level of the country: rule by rule, by place and over time. Every number is the length of its list."""

import datetime
import html
import json
import re

import pytest
from django.utils import timezone

from agreements.models import RuleSet, VerdictPeriod
from agreements.states import State
from nationwide.counting import Criteria, filter_rows, level_numbers
from nationwide.coverage import read_rows
from nationwide.trend import draw_trend, quarters, read_trend
from tests.factories import af_region
from tests.nationwide.rows import PAST, agreement, country, noon
from tests.nationwide.test_national_pages import numbers_in, text, total

pytestmark = pytest.mark.django_db
PAGE, LIST = "/nationellt/lagsta-niva/", "/nationellt/kommuner/"
RAISED = datetime.date(2025, 1, 1)


def judged(version, level, *short_of, since=PAST, until=None, rule_set=1):
    VerdictPeriod.objects.create(
        version=version,
        verdict="function_bound",
        level=level,
        short_of=list(short_of),
        rule_set=RuleSet.objects.get(number=rule_set),
        since=noon(since),
        until=noon(until) if until else None,
    )


@pytest.fixture
def judged_country(reference):
    """Every level at least once, in two counties; one that was raised above its agreement, and one that has ended."""
    places = country(5) + country(4, first=50, county="01", region=af_region("Syd"))
    levels = [("met",), ("partly", "N07", "N11"), ("not_met", "N06"), ("met", "N07")]
    for place, (level, *short) in zip(places, levels, strict=False):
        judged(agreement(place, start=PAST), level, *short)
    agreement(places[4], start=PAST)
    raised = agreement(places[5], start=PAST)
    judged(raised, "met", until=RAISED)
    judged(raised, "partly", "N11", since=RAISED)
    ended = agreement(places[6], state=State.ENDED, start=PAST, end=datetime.date(2025, 6, 1))
    judged(ended, "not_met", "N06", until=datetime.date(2025, 6, 1))
    agreement(places[7], state=State.DRAFT)
    return places


@pytest.mark.parametrize(
    ("query", "least"), [("", 60), ("?county=01", 30), ("?on=2024-06-01", 50), ("?county=23&on=2023-03-31", 30)]
)
def test_every_number_is_the_length_of_the_list_it_links_to(nation, judged_country, query, least):
    numbers = numbers_in(text(nation.get(PAGE + query)))

    assert len(numbers) > least
    for address, number in numbers:
        assert total(text(nation.get(address, headers={"HX-Request": "true"}))) == number, address


@pytest.mark.parametrize("query", ["?show=level", "?show=level&county=23", "?show=level&on=2024-06-01"])
def test_every_number_on_the_dashboard_with_levels_is_the_length_of_its_list(nation, judged_country, query):
    for address, number in numbers_in(text(nation.get(f"/nationellt/{query}"))):
        assert total(text(nation.get(address, headers={"HX-Request": "true"}))) == number, address


def test_each_rule_tells_how_many_meet_it_and_how_many_are_short(nation, judged_country):
    page = text(nation.get(PAGE))

    row = re.search(r"N07 .*?</tr>", page, re.DOTALL)[0]
    assert [int(number) for number in re.findall(r">(\d+)</a>", row)] == [3, 2]
    assert "rule=short-N07" in row
    assert "rule=meets-N07" in row


def test_a_past_day_is_told_by_what_was_judged_then(nation, judged_country):
    before, after = (
        {n.key: n.size for n in level_numbers(read_rows(day), Criteria())}
        for day in (RAISED - datetime.timedelta(days=1), RAISED)
    )

    assert (before["met"], before["partly"]) == (3, 1)
    assert (after["met"], after["partly"]) == (2, 2)


@pytest.mark.parametrize(
    "criteria", [Criteria(), Criteria(county="01"), Criteria(county="23"), Criteria(group="B3"), Criteria(group="X")]
)
def test_the_trend_says_what_each_day_says(judged_country, criteria):
    for point in read_trend(datetime.date(2025, 11, 15), criteria):
        rows = filter_rows(read_rows(point.day), criteria)
        expected = {number.key: number.size for number in level_numbers(rows, criteria) if number.size}
        assert {number.key: number.size for number in point.numbers if number.size} == expected, point.day


def test_the_trend_of_a_region_is_that_of_its_municipalities(judged_country):
    syd = Criteria(region=af_region("Syd").pk)

    assert [p.signed for p in read_trend(RAISED, syd)] == [p.signed for p in read_trend(RAISED, Criteria(county="01"))]


def test_the_trend_is_read_with_one_query(judged_country, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(read_trend(datetime.date(2026, 11, 24), Criteria())) == 20


def test_quarters_end_with_the_day_that_is_asked():
    assert quarters(datetime.date(2022, 8, 1)) == [
        datetime.date(2022, 3, 31),
        datetime.date(2022, 6, 30),
        datetime.date(2022, 8, 1),
    ]
    assert quarters(datetime.date(2022, 3, 31)) == [datetime.date(2022, 3, 31)]
    assert quarters(datetime.date(2022, 1, 1)) == [datetime.date(2022, 1, 1)]


def test_a_country_without_agreements_has_a_curve_and_no_fault(nation, db):
    assert "Inget regelverk gällde" in text(nation.get(f"{PAGE}?on=2022-01-01"))
    assert len(draw_trend(read_trend(datetime.date(2022, 1, 1), Criteria())).lines) == 3


def test_the_curve_lies_within_its_frame(judged_country):
    picture = draw_trend(read_trend(timezone.localdate(), Criteria()))

    places = [(float(x), float(y)) for line in picture.lines for x, y in line.marks]
    assert all(0 <= x <= 400 and 0 <= y <= 200 for x, y in places)


def test_municipalities_stand_in_swedish_order_whatever_their_level(nation, judged_country):
    page = text(nation.get(f"{LIST}?status=signed"))

    names = re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)
    assert names == [f"Prov {n:02d} kommun" for n in (0, 1, 2, 3, 4, 50)]


@pytest.mark.parametrize(("asked", "count"), [("level=met", 2), ("level=unjudged", 1), ("rule=short-N11", 2)])
def test_the_list_and_the_files_are_filtered_by_level_and_rule(nation, judged_country, asked, count):
    page = text(nation.get(f"{LIST}?{asked}"))
    data = json.loads(nation.get(f"/nationellt/kommuner.json?{asked}").content)

    assert total(page) == len(data["rows"]) == count


@pytest.mark.parametrize("asked", ["level=x", "rule=N07", "rule=short-N99"])
def test_a_level_or_rule_that_is_none_is_explained(nation, judged_country, asked):
    assert "Det valet finns inte." in text(nation.get(f"{LIST}?{asked}"))


def test_the_files_carry_the_level_and_what_is_short_of_it(nation, judged_country):
    rows = json.loads(nation.get("/nationellt/kommuner.json").content)["rows"]
    spreadsheet = nation.get("/nationellt/kommuner.csv").content.decode()

    row = next(row for row in rows if row["name"] == "Prov 01 kommun")
    assert (row["level"], row["short_of"]) == ("partly", ["N07", "N11"])
    assert ";Uppfyller delvis;N07 N11;" in spreadsheet


def test_the_map_tells_the_level_in_words(nation, judged_country):
    page = text(nation.get("/nationellt/?show=level"))

    assert (
        "<title>Prov 01 kommun: gällande överenskommelse, funktionsbunden, lägsta nivå: uppfyller delvis</title>"
        in (html.unescape(page))
    )


@pytest.mark.parametrize("query", ["county=99", "region=x", "group=X"])
def test_a_part_that_nobody_belongs_to_is_not_found(nation, judged_country, query):
    assert nation.get(f"{PAGE}?{query}").status_code == 404


@pytest.mark.parametrize("day", ["15/3 2023", "2999-01-01", "2021-12-31"])
def test_a_day_that_cannot_be_shown_is_explained(nation, reference, day):
    assert 'id="id_on_error"' in text(nation.get(PAGE, {"on": day}))


@pytest.mark.parametrize("size", [3, 30])
def test_the_number_of_queries_does_not_grow(nation, reference, django_assert_num_queries, size):
    for place in country(size):
        judged(agreement(place, start=PAST), "met")

    with django_assert_num_queries(5):
        nation.get(PAGE)


def test_what_is_kept_costs_no_question_besides_the_user_and_the_grants(
    nation, judged_country, django_assert_num_queries
):
    nation.get(PAGE)

    with django_assert_num_queries(2):
        nation.get(PAGE)
