"""Following up on the desk and on the agreement's page: what is coming, what is late, and what nobody has told of."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.followed import read_followed
from agreements.followed_desk import meetings_ahead, untold
from agreements.gather import Whole
from agreements.models import FollowUp, Version
from contacts.models import Event
from tests.agreements.following import SOON, activity_row, goal_row, measure, plan, progress
from tests.cast import Cast
from tests.factories import TODAY, in_force

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
NEXT_YEAR = TODAY + 366 * DAY


@pytest.fixture
def version(cast: Cast) -> Version:
    return in_force(cast)


def due(version: Version, today: datetime.date = TODAY) -> list[tuple[str, bool]]:
    found = read_followed(Whole(version), today, names=True).due
    return [(f"{line.route} {line.day}", line.is_late) for line in found]


def test_meetings_within_a_month_and_those_that_nobody_has_noted_stand_on_the_desk(
    cast: Cast, version: Version
) -> None:
    far, near, gone = (plan(cast, version, planned_on=TODAY + days * DAY) for days in (31, 30, 1))
    FollowUp.objects.filter(pk=gone.pk).update(planned_on=TODAY - 5 * DAY)

    found = meetings_ahead({cast.ostersund.pk, cast.nord.pk}, TODAY, 20)

    assert [row.pk for row in found] == [gone.pk, near.pk]
    assert far.is_planned
    assert meetings_ahead({cast.are.pk}, TODAY, 20) == []


def test_goals_without_a_value_for_a_year_and_late_activities_stand_on_the_desk(cast: Cast, version: Version) -> None:
    ours = {cast.ostersund.pk}
    assert untold(ours, TODAY, 20) == []

    [found] = untold(ours, NEXT_YEAR, 20)

    assert (found.version, found.goals, found.activities) == (version.pk, 1, 1)
    assert found.text == "1 mål har inget värde sedan ett år. 1 aktivitet i handlingsplanen är försenad."
    assert untold({cast.are.pk}, NEXT_YEAR, 20) == []


def test_the_desk_and_the_page_judge_alike(cast: Cast, version: Version) -> None:
    measure(cast, version, 64, TODAY + 300 * DAY, today=NEXT_YEAR)
    for status, more in (("postponed", {"new_due": TODAY + 600 * DAY}), ("ongoing", {"since": TODAY + DAY})):
        progress(cast, version, status, **more)

    for today in (NEXT_YEAR, TODAY + 700 * DAY):
        page = read_followed(Whole(version), today, names=True)
        counted = (page.goals_without_value, page.late_activities)
        found = [(row.goals, row.activities) for row in untold({cast.nord.pk}, today, 20)]
        assert found == ([counted] if any(counted) else [])


@pytest.mark.parametrize("status", ["done", "stopped"])
def test_what_is_over_is_never_late(cast: Cast, version: Version, status: str) -> None:
    measure(cast, version, 64)
    progress(cast, version, status)

    assert untold({cast.nord.pk}, TODAY + 200 * DAY, 20) == []


def test_the_desk_leads_to_the_meeting_and_to_the_page(client: Client, cast: Cast, version: Version) -> None:
    row = plan(cast, version, planned_on=timezone.localdate() + 5 * DAY, place="Rådhuset")
    version.sections.filter(key="annex_action_plan").update(
        content={"actions": [{"id": activity_row(version), "activity": "Rutin", "due": "2020-01-01"}]}
    )
    client.force_login(cast.coordinator)

    desk = client.get(reverse("my_work")).content.decode()

    assert reverse("meeting", args=(version.pk, row.pk)) in desk
    assert reverse("following", args=(version.pk,)) in desk
    assert "Rådhuset" in desk


def test_what_is_next_is_told_with_what_is_late_first(cast: Cast, version: Version) -> None:
    assert due(version) == [("meeting_plan 2027-12-22", False)]

    plan(cast, version)
    measure(cast, version, 64)
    assert due(version) == [(f"meeting {SOON}", False)]
    assert due(version, datetime.date(2027, 4, 1)) == [
        (f"meeting {SOON}", True),
        ("activity 2027-03-31", True),
        ("meeting_plan 2027-12-22", False),
    ]


def test_a_goal_is_told_of_before_its_day_and_when_it_has_been_forgotten(cast: Cast, version: Version) -> None:
    assert ("goal 2027-12-31", False) in due(version, datetime.date(2027, 11, 15))

    row = {"id": goal_row(version), "what": "Fler unga i arbete", "target": "75", "due": "2028-12-31"}
    version.sections.filter(key="goals").update(content={"goals": [row]})

    assert (f"goal {TODAY}", True) in due(version, NEXT_YEAR)


@pytest.mark.parametrize("who", ["coordinator", "skr_reader"])
def test_the_agreements_page_tells_in_short_how_it_goes(client: Client, cast: Cast, version: Version, who: str) -> None:
    row = plan(cast, version, planned_on=timezone.localdate() + 5 * DAY)
    Event.objects.update(pending=False)
    client.force_login(getattr(cast, who))
    address = reverse("agreement", args=(version.pk,))
    before = client.get(address).content.decode()
    measure(cast, version, 80, timezone.localdate(), today=timezone.localdate())

    after = client.get(address).content.decode()

    assert reverse("meeting", args=(version.pk, row.pk)) in before
    assert ("0 av 1 mål är nådda" in before, "1 av 1 mål är nådda" in after) == (True, True)
    assert (reverse("staffing", args=(version.pk,)) in after) is (who == "coordinator")


@pytest.mark.parametrize("rows", [3, 30])
def test_the_desk_asks_as_little_however_much_there_is(
    cast: Cast, version: Version, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        plan(cast, version, planned_on=TODAY + number * DAY)
        measure(cast, version, 64, TODAY - number * DAY, row_id=goal_row(version))

    with django_assert_num_queries(2):
        meetings_ahead({cast.nord.pk}, TODAY, 20)
        untold({cast.nord.pk}, NEXT_YEAR, 20)
