import datetime
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agreements.models import VerdictPeriod
from agreements.states import State
from municipalities.models import Municipality
from nationwide.coverage import read_rows
from tests.factories import TODAY, draft, in_force, municipality
from tests.nationwide.rows import PAST, agreement, country, noon

pytestmark = pytest.mark.django_db
DAY = datetime.date(2023, 3, 15)
EVE = DAY - datetime.timedelta(days=1)


def statuses(day):
    return {row.short_name: row.status for row in read_rows(day)}


def test_the_last_signature_counts_from_its_day_and_not_before(cast):
    in_force(cast)

    assert statuses(TODAY)["Östersund"] == "signed"
    assert statuses(TODAY - datetime.timedelta(days=1))["Östersund"] != "signed"


def test_a_draft_is_in_work(cast):
    draft(cast)

    assert statuses(timezone.localdate()) == {"Åre": "none", "Östersund": "in_work"}


@pytest.mark.parametrize(("day", "expected"), [(EVE, "in_work"), (DAY, "signed")])
def test_a_day_before_the_first_day_in_force_it_is_in_work(day, expected):
    (organisation,) = country(1)
    agreement(organisation, start=DAY)

    assert [row.status for row in read_rows(day)] == [expected]


@pytest.mark.parametrize(("day", "expected"), [(EVE, "signed"), (DAY, "expired")])
def test_the_end_of_the_range_is_the_first_day_without(day, expected):
    (organisation,) = country(1)
    agreement(organisation, state=State.ENDED, start=PAST, end=DAY)

    assert [row.status for row in read_rows(day)] == [expected]


def test_a_joint_agreement_counts_each_municipality_once():
    organisations = country(3)
    agreement(*organisations, start=PAST)

    assert [row.status for row in read_rows(DAY)] == ["signed"] * 3


def test_a_municipality_with_many_versions_is_one_row():
    (organisation,) = country(1)
    agreement(organisation, state=State.ENDED, start=PAST, end=EVE, verdict="mixed")
    agreement(organisation, start=EVE, verdict="function_bound")
    agreement(organisation, state=State.DRAFT)

    assert [(row.status, row.binding) for row in read_rows(DAY)] == [("signed", "function_bound")]


def test_the_verdict_is_that_of_the_day():
    (organisation,) = country(1)
    version = agreement(organisation, start=PAST, verdict="person_bound")
    version.verdicts.update(until=noon(DAY))
    VerdictPeriod.objects.create(version=version, verdict="function_bound", since=noon(DAY))

    assert [row.binding for row in read_rows(EVE)] == ["person_bound"]
    assert [row.binding for row in read_rows(DAY)] == ["function_bound"]


def test_a_merged_municipality_counts_on_its_own_days():
    old, new = country(2)
    Municipality.objects.filter(pk=new.pk).update(valid_from=DAY)
    Municipality.objects.filter(pk=old.pk).update(valid_to=DAY, successor=new.pk)

    assert [row.organisation for row in read_rows(EVE)] == [old.pk]
    assert [row.organisation for row in read_rows(DAY)] == [new.pk]


def test_the_rows_stand_in_swedish_order():
    for code, name in enumerate(["Öckerö", "Ånge", "Zorn", "Älmhult"]):
        municipality(f"239{code}", name)

    assert [row.short_name for row in read_rows(DAY)] == ["Zorn", "Ånge", "Älmhult", "Öckerö"]


@pytest.mark.parametrize("size", [3, 30])
def test_the_country_is_one_query(size, django_assert_num_queries):
    agreement(*country(size), start=PAST, verdict="mixed")

    with django_assert_num_queries(1):
        assert len(read_rows(DAY)) == size


def run(*arguments):
    output = StringIO()
    call_command("coverage", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_prints_numbers_and_rows_as_json():
    organisations = country(2)
    agreement(organisations[0], start=PAST, verdict="mixed")

    printed = json.loads(run("--on", "2023-03-15"))

    assert printed["on"] == "2023-03-15"
    assert printed["status"] == {"signed": 1, "in_work": 0, "expired": 0, "none": 1}
    assert printed["binding"]["mixed"] == 1
    assert [row["status"] for row in printed["rows"]] == ["signed", "none"]


def test_the_command_prints_the_same_rows_as_csv():
    country(2)

    lines = run("--format", "csv").splitlines()

    assert lines[0].startswith("code,name,county_code")
    assert [line.split(",")[0] for line in lines[1:]] == ["9900", "9901"]


@pytest.mark.parametrize("day", ["2021-12-31", "2999-01-01", "15/3"])
def test_the_command_refuses_a_day_it_cannot_show(day):
    with pytest.raises(CommandError, match="--on"):
        run("--on", day)
