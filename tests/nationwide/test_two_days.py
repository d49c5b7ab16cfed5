"""Two days beside one another: the head's numbers with their change, and who has changed."""

import csv
import datetime
import io
import re

import openpyxl
import pytest

from agreements.models import TemplateVersion, VerdictPeriod
from agreements.states import State
from municipalities.models import Municipality
from nationwide.changes import changes_between
from nationwide.counting import Criteria, filter_rows
from nationwide.coverage import read_rows
from nationwide.head import head_of
from nationwide.tally import read_tallies
from tests.factories import af_region
from tests.nationwide.rows import PAST, agreement, country, noon
from tests.nationwide.test_national_pages import numbers_in, text, total

pytestmark = pytest.mark.django_db
PAGE, LIST = "/nationellt/jamfor/", "/nationellt/kommuner/"
BEFORE, AFTER = datetime.date(2024, 6, 1), datetime.date(2025, 6, 1)
BETWEEN = datetime.date(2025, 1, 1)
ASKED = f"on={AFTER}&mot={BEFORE}"


def template(number, valid_from):
    return TemplateVersion.objects.create(
        number=number, name=f"Mall {number}", valid_from=valid_from, published_at=noon(valid_from)
    )


@pytest.fixture
def moving_country():
    """Who came, who left, who was judged otherwise, who changed template, and who stayed; in two counties."""
    came, left, rebound, renewed = country(4)
    stayed, drafting, joint_a, joint_b = country(4, first=50, county="01", region=af_region("Syd"))
    agreement(came, start=BETWEEN, end=BETWEEN + datetime.timedelta(days=200))
    agreement(left, state=State.ENDED, start=PAST, end=BETWEEN)
    version = agreement(rebound, start=PAST, verdict="person_bound")
    version.verdicts.update(until=noon(BETWEEN))
    VerdictPeriod.objects.create(version=version, verdict="function_bound", since=noon(BETWEEN))
    agreement(renewed, state=State.ENDED, start=PAST, end=BETWEEN)
    agreement(renewed, start=BETWEEN, template=template(2, BETWEEN))
    version = agreement(stayed, joint_a, joint_b, start=PAST, verdict="function_bound")
    version.flags.create(rule="not_confirmed", subject="contact:1", section_key="contacts", opened_at=noon(BETWEEN))
    agreement(drafting, state=State.DRAFT, created=BETWEEN)


def heads(criteria):
    return head_of(filter_rows(read_rows(AFTER), criteria), read_tallies([BEFORE], criteria)[0], criteria)


def test_the_head_tells_seven_numbers_and_how_they_have_changed(moving_country):
    told = {line.number.key: (line.number.size, line.change) for line in heads(Criteria()).headlines}

    assert told == {
        "signed": (6, 0),
        "function_bound": (4, 1),
        "met": (0, 0),
        "soon": (1, 1),
        "unconfirmed": (3, 3),
        "current": (1, -5),
    }


@pytest.mark.parametrize("query", [ASKED, f"{ASKED}&county=01", f"on={BEFORE}", f"{ASKED}&size=10000", "on=2022-01-01"])
@pytest.mark.parametrize("page", ["/nationellt/", PAGE])
def test_every_number_is_the_length_of_the_list_it_links_to(nation, moving_country, page, query):
    numbers = numbers_in(text(nation.get(f"{page}?{query}")))

    assert len(numbers) >= 6 or "2022" in query
    for address, number in numbers:
        assert total(text(nation.get(address, headers={"HX-Request": "true"}))) == number, address


def groups(criteria=None):
    earlier, later = (filter_rows(read_rows(day), criteria or Criteria()) for day in (BEFORE, AFTER))
    return {group.key: [c.row.short_name for c in group.changes] for group in changes_between(earlier, later)}


def test_it_is_told_who_came_who_left_and_who_changed(moving_country):
    assert groups() == {
        "kom": ["Prov 00"],
        "gick": ["Prov 01"],
        "status": ["Prov 51"],
        "bindning": ["Prov 02"],
        "mall": ["Prov 03"],
        "bekraftade": ["Prov 50", "Prov 52", "Prov 53"],
    }


def test_only_the_asked_part_is_compared(moving_country):
    assert groups(Criteria(county="23")).keys() == {"kom", "gick", "bindning", "mall"}


def test_who_came_and_who_left_explain_the_difference(moving_country):
    signed = heads(Criteria()).headlines[0]

    assert signed.change == len(groups()["kom"]) - len(groups()["gick"])


def test_a_merged_municipality_is_gone_and_its_successor_is_new():
    old, new = country(2)
    Municipality.objects.filter(pk=new.pk).update(valid_from=BETWEEN)
    Municipality.objects.filter(pk=old.pk).update(valid_to=BETWEEN, successor=new.pk)
    agreement(old, state=State.ENDED, start=PAST, end=BETWEEN)
    agreement(new, start=BETWEEN)

    assert groups() == {"kom": ["Prov 01"], "gick": ["Prov 00"], "ny": ["Prov 01"], "upphord": ["Prov 00"]}


def test_the_page_counts_the_moves_and_leads_to_the_agreements(nation, moving_country):
    page = text(nation.get(f"{PAGE}?{ASKED}"))

    assert "Har fått en gällande överenskommelse: 1 kommun<" in page
    assert "Personbunden → Funktionsbunden: 1" in page
    assert re.search(r'Prov 02 kommun</a></th><td><a href="/overenskommelser/\d+/">Personbunden</a></td>', page)


def test_the_files_hold_every_change(nation, moving_country):
    lines = b"".join(nation.get(f"/nationellt/jamfor.csv?{ASKED}")).decode("utf-8-sig").splitlines()
    book = openpyxl.load_workbook(io.BytesIO(b"".join(nation.get(f"/nationellt/jamfor.xlsx?{ASKED}"))))

    rows = list(csv.DictReader(lines, delimiter=";"))
    assert len(rows) == sum(map(len, groups().values())) == book.active.max_row - 1
    assert {"Kommun": "Prov 00 kommun", "Före": "Under arbete", "Efter": "Gällande"}.items() <= rows[0].items()
    assert isinstance(book.active["F2"].value, int)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("mot=2999-01-01", "Välj en dag som ligger före"),
        ("mot=1/1", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("mot=2021-01-01", "från och med den 1 januari 2022"),
        (f"on={BEFORE}&mot={BEFORE}", "Välj en dag som ligger före"),
    ],
)
def test_days_that_cannot_be_compared_are_explained(nation, query, words):
    assert words in text(nation.get(f"{PAGE}?{query}"))
    assert words in text(nation.get(f"/nationellt/?{query}"))
    assert nation.get(f"/nationellt/jamfor.csv?{query}").status_code == 400


def test_the_first_day_has_nothing_to_be_compared_with(nation):
    assert "ingen tidigare dag" in text(nation.get(f"{PAGE}?on=2022-01-01"))


def test_a_part_that_nobody_belongs_to_is_not_found(nation):
    assert nation.get(f"{PAGE}?county=99").status_code == 404
    assert nation.get(f"{PAGE}?size=7").status_code == 404


@pytest.mark.parametrize("size", [3, 30])
def test_two_days_are_two_queries_more_than_the_user(nation, django_assert_max_num_queries, size):
    agreement(*country(size), start=PAST)

    with django_assert_max_num_queries(5):
        nation.get(f"{PAGE}?{ASKED}")


def test_what_is_kept_is_asked_once(nation, django_assert_num_queries):
    nation.get(f"{PAGE}?{ASKED}")

    with django_assert_num_queries(2):
        nation.get(f"{PAGE}?{ASKED}")
