"""A measure over time: every number of the table is the length of its list that day."""

import datetime
import re

import pytest

from nationwide.trend import TOPICS
from tests.nationwide.rows import country
from tests.nationwide.test_national_pages import numbers_in, text, total
from tests.nationwide.test_two_days import moving_country  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
PAGE = "/nationellt/over-tid/"
QUARTER = datetime.date(2025, 3, 31)


@pytest.mark.parametrize("measure", [measure for measure in TOPICS if measure != "population"])
def test_every_number_is_the_length_of_the_list_it_links_to(nation, moving_country, measure):  # noqa: F811
    page = text(nation.get(f"{PAGE}?matt={measure}"))
    numbers = {(address, number) for address, number in numbers_in(page) if str(QUARTER) in address}

    assert len(numbers) >= 3
    for address, number in numbers:
        assert total(text(nation.get(address, headers={"HX-Request": "true"}))) == number, address


def test_the_population_is_told_in_percent(nation, moving_country):  # noqa: F811
    page = text(nation.get(f"{PAGE}?matt=population&on={QUARTER}"))

    row = re.search(rf"{QUARTER}</th>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r">(\d+ %)</a>", row) == ["75 %"]


def test_a_measure_that_does_not_exist_is_the_status(nation):
    assert 'aria-current="page">Status' in text(nation.get(f"{PAGE}?matt=x"))


def test_the_part_and_the_day_stay_when_another_measure_is_chosen(nation):
    country(2)

    page = text(nation.get(f"{PAGE}?county=23&on={QUARTER}&matt=level"))

    assert f'href="{PAGE}?county=23&on={QUARTER}&matt=edition"' in page
    assert nation.get(f"{PAGE}?county=99").status_code == 404


def test_it_is_one_query_for_the_rows_and_one_for_all_days(nation, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        nation.get(PAGE)
