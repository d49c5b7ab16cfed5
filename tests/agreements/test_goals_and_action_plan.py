"""Goals with measured values and their curve, and the action plan with its status: in force, without signatures."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.actions import amending, progressing
from agreements.followed import read_followed
from agreements.gather import Whole
from agreements.goal_chart import draw
from agreements.goals import Activity, Goal, activities_of, goals_of
from agreements.models import ActionProgress, MeasuredValue, Version
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from contacts.rules import HIDDEN
from tests.agreements.following import activity_row, goal_row, measure, progress
from tests.cast import Cast
from tests.factories import TODAY, draft, in_force

DAY = datetime.timedelta(days=1)
ROW = {"id": "rad1", "what": "Fler i arbete", "baseline": "62 av 100", "target": "75 av 100", "due": "2026-06-30"}
ACTIVITY = {"id": "rad1", "activity": "Ny rutin", "responsible": "Enhetschef", "due": "2026-06-30", "status": "ongoing"}


def goal(*values: tuple[str, int], today: datetime.date = TODAY, **row: Any) -> Goal:
    measured = [
        MeasuredValue(pk=place, row_id="rad1", measured_on=datetime.date.fromisoformat(day), value=Decimal(value))
        for place, (day, value) in enumerate(values)
    ]
    [found] = goals_of([ROW | row], measured, today, since=datetime.date(2025, 1, 1))
    return found


def activity(*steps: tuple[str, str, str | None], **row: Any) -> Activity:
    noted = [
        ActionProgress(
            pk=place,
            row_id="rad1",
            since=datetime.date.fromisoformat(since),
            status=status,
            new_due=datetime.date.fromisoformat(new_due) if new_due else None,
        )
        for place, (since, status, new_due) in enumerate(steps)
    ]
    [found] = activities_of([ACTIVITY | row], noted, TODAY)
    return found


# --------------------------------------------------------------------------------------------------- the rules


def test_the_latest_value_counts_in_whatever_order_they_were_written() -> None:
    found = goal(("2026-10-01", 70), ("2026-01-01", 64))

    assert found.latest is not None
    assert (found.latest.value, found.latest.share) == (70, 61)


@pytest.mark.parametrize(
    ("values", "row", "state"),
    [
        ([], {"due": "2027-06-30"}, "unmeasured"),
        ([("2026-10-01", 70)], {"due": "2027-06-30"}, "on_its_way"),
        ([("2026-10-01", 70)], {}, "overdue"),
        ([("2026-10-01", 75)], {}, "reached"),
        ([], {"due": "not a day"}, "unmeasured"),
    ],
)
def test_a_goal_is_told_in_a_word(values: list[tuple[str, int]], row: dict[str, str], state: str) -> None:
    assert goal(*values, **row).state == state


@pytest.mark.parametrize(("day", "lacks"), [("2025-11-22", False), ("2025-11-21", True)])
def test_a_goal_lacks_a_value_when_a_year_has_gone(day: str, lacks: bool) -> None:
    assert goal((day, 64)).lacks_value is lacks


def test_an_activity_stands_as_the_text_says_until_something_is_noted() -> None:
    assert activity().label == "Pågår"
    assert activity(status="planned").label == "Ej påbörjad"
    assert activity(("2026-09-01", "done", None)).label == "Klar"


def test_an_activity_is_late_by_the_day_it_was_moved_to() -> None:
    assert activity().is_overdue
    assert not activity(("2026-05-01", "postponed", "2026-12-31")).is_overdue
    assert activity(("2026-05-01", "postponed", "2026-11-01")).is_overdue
    assert not activity(("2026-05-01", "stopped", None)).is_overdue


def test_what_goes_on_after_being_postponed_keeps_its_new_day() -> None:
    found = activity(("2026-05-01", "postponed", "2026-12-31"), ("2026-09-01", "ongoing", None))

    assert (found.label, found.due) == ("Pågår", datetime.date(2026, 12, 31))


# --------------------------------------------------------------------------------------------------- the curve


def test_the_curve_says_in_words_what_it_shows() -> None:
    chart = draw(goal(("2026-01-01", 64), ("2026-10-01", 70)))

    assert chart is not None
    assert "Från 64\u00a0av 100 den 1 januari 2026 till 70\u00a0av 100 den 1 oktober 2026" in chart.description
    assert chart.target is not None
    assert chart.target.text == "Mål 75\u00a0av 100"


def test_the_curve_rises_with_the_value_and_goes_from_left_to_right() -> None:
    chart = draw(goal(("2026-01-01", 64), ("2026-05-01", 70), ("2026-10-01", 66)))

    assert chart is not None
    xs, ys = [float(dot.x) for dot in chart.dots], [float(dot.y) for dot in chart.dots]
    assert xs == sorted(xs)
    assert ys[1] < ys[2] < ys[0]


@pytest.mark.parametrize("target", ["70", "bättre", "0", "\u22125"])
def test_a_single_value_is_a_curve_too(target: str) -> None:
    chart = draw(goal(("2026-10-01", 70), target=target, baseline=""))

    assert chart is not None
    assert len(chart.dots) == 1


def test_without_a_value_there_is_no_curve() -> None:
    assert draw(goal()) is None


# ------------------------------------------------------------------------------------------------- the actions


@pytest.fixture
def version(cast: Cast) -> Version:
    return in_force(cast)


@pytest.mark.django_db
def test_either_party_measures_and_the_text_stays_as_it_was_signed(cast: Cast, version: Version) -> None:
    signed = version.text_hash
    measure(cast, version, 64, TODAY - DAY, source="Statistiken")
    measure(cast, version, "66.5", by=cast.af_coordinator)

    version.refresh_from_db()
    assert [value.value for value in version.agreement.measured_values.all()] == [Decimal("64.00"), Decimal("66.50")]
    assert Event.objects.filter(type="agreement.goal_measured").count() == 2
    assert (version.text_hash, version.state) == (signed, "in_force")


@pytest.mark.django_db
def test_a_value_is_corrected_and_removed_and_the_history_keeps_both(cast: Cast, version: Version) -> None:
    row = measure(cast, version, 640)
    measure(cast, version, 64, value_id=row.pk)
    progressing.remove_value(
        by=cast.coordinator, version_id=version.pk, row_id=row.row_id, value_id=row.pk, today=TODAY
    )

    assert not MeasuredValue.objects.exists()
    changed, removed = (Event.objects.get(type=f"agreement.goal_value_{what}") for what in ("changed", "removed"))
    assert (changed.before["value"], changed.after["value"], removed.before["value"]) == ("640.00", "64.00", "64.00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"on": TODAY + DAY}, "inte varit"),
        ({"on": datetime.date(1999, 1, 1)}, "från 2000"),
        ({"note": "Gäller 19121212-1212"}, "personnummer"),
    ],
)
def test_a_value_that_can_not_be_is_refused(
    cast: Cast, version: Version, facts: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(Refused, match=complaint):
        measure(cast, version, 64, **facts)


@pytest.mark.django_db
def test_a_goal_has_one_value_a_day(cast: Cast, version: Version) -> None:
    measure(cast, version, 64)
    with pytest.raises(Refused, match="redan ett värde"):
        measure(cast, version, 65)


@pytest.mark.django_db
def test_a_goal_that_is_not_in_the_text_is_not_measured(cast: Cast, version: Version) -> None:
    with pytest.raises(progressing.NoSuchRow):
        measure(cast, version, 64, row_id="ffffffff")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["signatory", "reader", "officer", "skr_reader", "administrator", "outsider"])
def test_only_coordinators_of_the_parties_write_how_it_goes(cast: Cast, version: Version, who: str) -> None:
    for act in (lambda by: measure(cast, version, 64, by=by), lambda by: progress(cast, version, "done", by=by)):
        with pytest.raises(NotAllowed):
            act(getattr(cast, who))


@pytest.mark.django_db
def test_a_status_is_changed_without_signatures_and_has_a_history_of_its_own(cast: Cast, version: Version) -> None:
    progress(cast, version, "ongoing", note="Första mötet är hållet.")
    progress(cast, version, "postponed", new_due=TODAY + 90 * DAY, by=cast.af_coordinator)

    [found] = read_followed(Whole(version), TODAY, names=True).activities
    assert [step.label for step in found.steps] == ["Uppskjuten", "Pågår"]
    assert found.steps[0].entered_for == "Arbetsförmedlingen, region Nord"
    assert Event.objects.filter(type="agreement.action_progressed").count() == 2


@pytest.mark.django_db
def test_the_same_status_again_changes_nothing(cast: Cast, version: Version) -> None:
    for _ in range(2):
        progress(cast, version, "done")

    assert ActionProgress.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "facts", "complaint"),
    [
        ("postponed", {}, "till vilken dag"),
        ("postponed", {"new_due": TODAY}, "senare"),
        ("done", {"note": "19121212-1212"}, "personnummer"),
        ("done", {"since": datetime.date(1999, 1, 1)}, "från 2000"),
    ],
)
def test_a_status_that_can_not_be_is_refused(
    cast: Cast, version: Version, status: str, facts: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(Refused, match=complaint):
        progress(cast, version, status, **facts)


@pytest.mark.django_db
def test_a_status_does_not_go_back_behind_the_latest(cast: Cast, version: Version) -> None:
    progress(cast, version, "done")
    with pytest.raises(Refused, match="senaste statusen"):
        progress(cast, version, "ongoing", since=TODAY - DAY)


@pytest.mark.django_db
def test_values_and_statuses_follow_their_rows_into_the_next_version(cast: Cast, version: Version) -> None:
    measure(cast, version, 64)
    progress(cast, version, "done")

    new = amending.start_amendment(by=cast.coordinator, version_id=version.pk, today=TODAY)

    followed = read_followed(Whole(new), TODAY, names=True)
    assert [len(goal.values) for goal in followed.goals] == [1]
    assert [row.label for row in followed.activities] == ["Klar"]
    assert (goal_row(new), activity_row(new)) == (goal_row(version), activity_row(version))


@pytest.mark.django_db
def test_a_draft_is_not_measured(cast: Cast) -> None:
    with pytest.raises(Refused, match="gällande"):
        measure(cast, draft(cast), 64, row_id="ffffffff")


# --------------------------------------------------------------------------------------------------- the pages


@pytest.mark.django_db
def test_a_value_is_written_on_the_goals_page_and_shown_with_curve_and_table(
    client: Client, cast: Cast, version: Version
) -> None:
    client.force_login(cast.af_coordinator)
    address = reverse("goal", args=(version.pk, goal_row(version)))

    answer = client.post(address, {"value": "66,5", "measured_on": str(timezone.localdate()), "source": "Statistiken"})

    assert answer["Location"] == address
    page = client.get(address).content.decode()
    assert re.search(r"<svg class=\"curve\".*<title.*<desc", page, re.DOTALL)
    assert "66,5\u00a0av 100" in page
    assert "Statistiken" in page


@pytest.mark.django_db
def test_a_value_in_another_unit_is_refused_at_its_field(client: Client, cast: Cast, version: Version) -> None:
    client.force_login(cast.coordinator)
    facts = {"value": "66 %", "measured_on": str(timezone.localdate()), "note": "Ska inte försvinna"}

    answer = client.post(reverse("goal", args=(version.pk, goal_row(version))), facts)

    assert answer.status_code == 422
    assert "av 100" in answer.context["form"].errors["value"][0]
    assert "Ska inte försvinna" in answer.content.decode()


@pytest.mark.django_db
def test_a_value_is_mended_and_removed_on_its_page(client: Client, cast: Cast, version: Version) -> None:
    row = measure(cast, version, 640)
    client.force_login(cast.coordinator)
    arguments = (version.pk, row.row_id, row.pk)

    client.post(reverse("goal_value", args=arguments), {"value": "64", "measured_on": str(TODAY)})
    row.refresh_from_db()
    assert row.value == 64
    client.post(reverse("goal_value_remove", args=arguments))
    assert not MeasuredValue.objects.exists()
    assert client.post(reverse("goal_value_remove", args=arguments)).status_code == 404


@pytest.mark.django_db
def test_a_status_is_changed_on_the_activitys_page(client: Client, cast: Cast, version: Version) -> None:
    client.force_login(cast.coordinator)
    address = reverse("activity", args=(version.pk, activity_row(version)))

    answer = client.post(
        address, {"status": "done", "since": str(timezone.localdate()), "note": "Rutinen är beslutad."}
    )

    assert answer["Location"] == address
    assert "Rutinen är beslutad." in client.get(address).content.decode()
    assert client.get(reverse("following", args=(version.pk,))).context["followed"].over_activities == 1


@pytest.mark.django_db
def test_a_row_of_another_agreement_is_not_found_here(client: Client, cast: Cast, version: Version) -> None:
    other = draft(cast, municipality=cast.are, by=cast.af_coordinator)
    client.force_login(cast.af_coordinator)

    for name, row in (("goal", goal_row(version)), ("activity", activity_row(version))):
        assert client.get(reverse(name, args=(other.pk, row))).status_code == 404


@pytest.mark.django_db
def test_readers_without_names_see_none_in_what_is_written(client: Client, cast: Cast, version: Version) -> None:
    measure(cast, version, 64, source="Anna Lindqvist räknade", note="Fråga Anna Lindqvist")
    progress(cast, version, "ongoing", note="Anna Lindqvist tar första steget")
    client.force_login(cast.skr_reader)

    addresses = [reverse("following", args=(version.pk,)), reverse("agreement_history", args=(version.pk,))]
    addresses += [reverse("goal", args=(version.pk, goal_row(version)))]
    addresses += [reverse("activity", args=(version.pk, activity_row(version)))]
    pages = [client.get(address).content.decode() for address in addresses]

    assert all("Lindqvist" not in page and HIDDEN in page for page in pages)
