"""Follow-up meetings: planned, moved, cancelled, held, and who may do it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import Range

from agreements.actions import amending, checking, following_up, meetings
from agreements.evidence import latest_follow_ups
from agreements.models import FollowUp, Version
from contacts.errors import NotAllowed, Refused, Stale
from contacts.models import Event
from tests import files
from tests.agreements.following import SOON, plan
from tests.cast import Cast
from tests.factories import TODAY, draft, in_force

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HELD = following_up.Held(TODAY, "Två mål av tre är nådda.", "Fler jobbspår.", ("Regionchef",))


@pytest.fixture
def version(cast: Cast) -> Version:
    return in_force(cast)


def change(cast: Cast, version: Version, row: FollowUp, *, revision: int = 0, **facts: Any) -> FollowUp:
    meeting = meetings.Meeting(**{"kind": "yearly", "planned_on": SOON, **facts})
    who = {"by": cast.af_coordinator, "version_id": version.pk, "meeting_id": row.pk}
    return meetings.change_meeting(**who, meeting=meeting, revision=revision, today=TODAY)


def hold(
    cast: Cast, version: Version, row: FollowUp, held: following_up.Held = HELD, today: datetime.date = TODAY
) -> FollowUp:
    who = {"by": cast.af_coordinator, "version_id": version.pk, "meeting_id": row.pk}
    return following_up.hold_meeting(**who, held=held, today=today)


def cancel(cast: Cast, version: Version, row: FollowUp, reason: str = "Nytt datum kommer.") -> FollowUp:
    who = {"by": cast.coordinator, "version_id": version.pk, "meeting_id": row.pk}
    return meetings.cancel_meeting(**who, reason=reason, today=TODAY)


# ---------------------------------------------------------------------------------------------------- its life


def test_a_planned_meeting_is_told_in_the_history_and_answers_no_rule(cast: Cast, version: Version) -> None:
    row = plan(cast, version, starts_at=datetime.time(13), place="Rådhuset", agenda="Målen\nKontaktytor")

    event = Event.objects.get(type="agreement.meeting_planned")
    assert (event.after["planned_on"], event.after["for"]) == (str(SOON), "Östersunds kommun")
    assert row.is_planned
    assert latest_follow_ups({version.agreement_id}) == {}


def test_a_planned_meeting_does_not_close_the_flag_that_a_held_one_closes(cast: Cast, version: Version) -> None:
    later = datetime.datetime.combine(TODAY + 400 * DAY, datetime.time(12), tzinfo=datetime.UTC)
    row = plan(cast, version)
    checking.recheck(version_ids=[version.pk], now=later)
    overdue = version.flags.filter(rule="follow_up_overdue", closed_at__isnull=True)
    assert overdue.count() == 1

    hold(cast, version, row, following_up.Held(SOON), today=SOON)
    checking.recheck(version_ids=[version.pk], now=later)

    assert not overdue.exists()


def test_the_other_party_moves_a_meeting_and_the_history_tells_from_what_to_what(cast: Cast, version: Version) -> None:
    row = change(cast, version, plan(cast, version), planned_on=SOON + DAY)

    event = Event.objects.get(type="agreement.meeting_changed")
    assert (event.before["planned_on"], event.after["planned_on"]) == (str(SOON), str(SOON + DAY))
    assert (row.revision, event.after["for"]) == (1, "Arbetsförmedlingen, region Nord")


def test_the_second_of_two_who_change_it_is_told(cast: Cast, version: Version) -> None:
    row = plan(cast, version)
    change(cast, version, row, place="Rådhuset")

    with pytest.raises(Stale):
        change(cast, version, row, place="Medborgarkontoret")


def test_saving_without_a_change_writes_nothing(cast: Cast, version: Version) -> None:
    change(cast, version, plan(cast, version))

    assert not Event.objects.filter(type="agreement.meeting_changed").exists()


def test_a_cancelled_meeting_stays_with_its_reason_and_is_neither_held_nor_changed(
    cast: Cast, version: Version
) -> None:
    row = cancel(cast, version, plan(cast, version))

    assert (row.is_planned, row.cancelled_reason) == (False, "Nytt datum kommer.")
    for act in (hold, change, cancel):
        with pytest.raises(Refused):
            act(cast, version, row)


def test_a_meeting_that_is_held_keeps_its_plan_and_gets_its_minutes(cast: Cast, version: Version) -> None:
    row = hold(cast, version, plan(cast, version))

    assert (row.planned_on, row.held_on, row.took_part) == (SOON, TODAY, ["Regionchef"])
    assert latest_follow_ups({version.agreement_id}) == {version.agreement_id: TODAY}
    assert Event.objects.get(type="agreement.followed_up").after["decisions"] == "Fler jobbspår."


def test_minutes_can_be_mended_and_the_history_has_both(cast: Cast, version: Version) -> None:
    row = hold(cast, version, plan(cast, version))

    hold(cast, version, row, following_up.Held(TODAY, "Tre mål av tre är nådda."))

    event = Event.objects.get(type="agreement.follow_up_corrected")
    assert (event.before["summary"], event.after["summary"]) == (HELD.summary, "Tre mål av tre är nådda.")
    assert event.pending


def test_two_follow_ups_are_not_held_on_one_day(cast: Cast, version: Version) -> None:
    hold(cast, version, plan(cast, version))

    with pytest.raises(Refused, match="redan antecknad"):
        hold(cast, version, plan(cast, version))


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"planned_on": TODAY - DAY}, "har passerat"),
        ({"planned_on": TODAY.replace(year=2040)}, "5 år"),
        ({"ends_at": datetime.time(15)}, "när mötet börjar"),
        ({"starts_at": datetime.time(15), "ends_at": datetime.time(14)}, "senare än det börjar"),
        ({"kind": "forum"}, "vilket forum"),
        ({"link": "javascript:alert(1)"}, "https"),
        ({"agenda": "Ärendet 19121212-1212"}, "personnummer"),
    ],
)
def test_a_meeting_that_can_not_be_is_refused(
    cast: Cast, version: Version, facts: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(Refused, match=complaint):
        plan(cast, version, **facts)


def test_the_agenda_of_a_meeting_that_has_passed_can_still_be_changed(cast: Cast, version: Version) -> None:
    row = plan(cast, version)
    FollowUp.objects.update(planned_on=TODAY - DAY)

    assert change(cast, version, row, planned_on=TODAY - DAY, agenda="Målen").agenda == "Målen"


@pytest.mark.parametrize(
    "facts",
    [
        {"planned_on": None},
        {"cancelled_at": timezone.now()},
        {"cancelled_at": timezone.now(), "cancelled_reason": "Skäl", "held_on": TODAY},
        {"ends_at": datetime.time(9)},
    ],
)
def test_the_database_knows_what_a_follow_up_can_be(cast: Cast, version: Version, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        FollowUp.objects.create(**{"agreement": version.agreement, "planned_on": SOON, **facts})


# -------------------------------------------------------------------------------------------------- who and what


@pytest.mark.parametrize("who", ["signatory", "reader", "officer", "skr_reader", "administrator", "outsider"])
def test_only_coordinators_of_the_parties_plan(cast: Cast, version: Version, who: str) -> None:
    with pytest.raises(NotAllowed):
        plan(cast, version, by=getattr(cast, who))


def test_a_draft_has_no_meetings(cast: Cast) -> None:
    with pytest.raises(Refused, match="gällande"):
        plan(cast, draft(cast))


def test_a_party_that_has_left_plans_nothing_any_more(cast: Cast, version: Version) -> None:
    version.parties.filter(side="municipality").update(in_force=Range(TODAY - 9 * DAY, TODAY))

    with pytest.raises(Refused, match="inte längre part"):
        plan(cast, version)
    assert plan(cast, version, by=cast.af_coordinator).is_planned


def test_meetings_go_on_when_a_new_version_is_begun(client: Client, cast: Cast, version: Version) -> None:
    row = plan(cast, version)
    new = amending.start_amendment(by=cast.coordinator, version_id=version.pk, today=TODAY)
    client.force_login(cast.coordinator)

    answer = client.get(reverse("following", args=(new.pk,)))

    assert answer["Location"] == reverse("following", args=(version.pk,))
    assert reverse("meeting", args=(version.pk, row.pk)) in client.get(answer["Location"]).content.decode()


def test_a_version_that_has_ended_shows_what_was_written_in_its_days(
    client: Client, cast: Cast, version: Version
) -> None:
    row = plan(cast, version)
    ended = {"state": "ended", "ended_as": "expired", "state_since": timezone.now() - 30 * DAY}
    Version.objects.filter(pk=version.pk).update(**ended)
    client.force_login(cast.coordinator)

    page = client.get(reverse("following", args=(version.pk,)))

    assert (page.status_code, page.context["followed"].meetings) == (200, ())
    assert client.get(reverse("meeting", args=(version.pk, row.pk))).status_code == 404


# ------------------------------------------------------------------------------------------------------ the pages


def post(client: Client, name: str, *arguments: int, **facts: Any) -> Any:
    return client.post(reverse(name, args=arguments), facts)


def test_a_meeting_is_planned_moved_and_held_on_the_pages(client: Client, cast: Cast, version: Version) -> None:
    client.force_login(cast.coordinator)
    today = timezone.localdate()
    facts = {"kind": "forum", "forum": "Styrgrupp", "planned_on": str(today + DAY), "starts_at": "13:00"}
    answer = post(client, "meeting_plan", version.pk, **facts)
    row = FollowUp.objects.get()
    assert (answer.status_code, row.forum, row.level) == (302, "Styrgrupp", "strategic")

    moved = facts | {"planned_on": str(today + 2 * DAY), "revision": "0"}
    assert post(client, "meeting_change", version.pk, row.pk, **moved).status_code == 302
    form = client.get(reverse("meeting_hold", args=(version.pk, row.pk))).context["form"]
    functions = {"took_part": [form.fields["took_part"].choices[0][0]], "others": "Rektor\nStudievägledare"}
    assert post(client, "meeting_hold", version.pk, row.pk, held_on=str(today), **functions).status_code == 302

    row.refresh_from_db()
    assert (row.planned_on, row.held_on, len(row.took_part)) == (today + 2 * DAY, today, 3)


def test_minutes_are_attached_to_the_meeting_and_taken_away_again(client: Client, cast: Cast, version: Version) -> None:
    row = hold(cast, version, plan(cast, version))
    client.force_login(cast.coordinator)
    upload = files.sent(files.pdf("Protokoll"), "protokoll.pdf")

    answer = post(client, "meeting", version.pk, row.pk, title="Protokoll 22 november", upload=upload)
    attached = row.attachments.get()
    assert answer.status_code == 302
    assert "Protokoll 22 november" in client.get(answer["Location"]).content.decode()

    assert post(client, "meeting_detach", version.pk, row.pk, attached.pk).status_code == 302
    assert not row.attachments.exists()


def test_a_file_that_is_not_what_it_says_is_refused_and_the_title_is_kept(
    client: Client, cast: Cast, version: Version
) -> None:
    row = hold(cast, version, plan(cast, version))
    client.force_login(cast.coordinator)
    upload = files.sent(b"MZ not a PDF at all", "protokoll.pdf")

    answer = post(client, "meeting", version.pk, row.pk, title="Mitt protokoll", upload=upload)

    assert answer.status_code == 422
    assert "Mitt protokoll" in answer.content.decode()
    assert not row.attachments.exists()


def test_the_files_of_one_meeting_are_not_taken_away_through_another(
    client: Client, cast: Cast, version: Version
) -> None:
    row, other = hold(cast, version, plan(cast, version)), plan(cast, version)
    client.force_login(cast.coordinator)
    post(client, "meeting", version.pk, row.pk, title="Protokoll", upload=files.sent(files.pdf(), "protokoll.pdf"))

    attached = row.attachments.get()

    assert post(client, "meeting_detach", version.pk, other.pk, attached.pk).status_code == 404


def test_a_reader_without_names_sees_that_there_are_minutes_and_opens_none(
    client: Client, cast: Cast, version: Version
) -> None:
    row = hold(cast, version, plan(cast, version))
    client.force_login(cast.coordinator)
    upload = files.sent(files.pdf(), "protokoll.pdf")
    post(client, "meeting", version.pk, row.pk, title="Protokoll av Anna Lindqvist", upload=upload)
    row.attachments.get().file.__class__.objects.update(status="clear")
    client.force_login(cast.skr_reader)

    page = client.get(reverse("meeting", args=(version.pk, row.pk))).content.decode()

    assert "Lindqvist" not in page
    assert "din roll ger inte rätt till namn" in page
    assert "/hamta/" not in page


def test_whoever_saves_second_sees_what_was_saved_and_keeps_what_was_typed(
    client: Client, cast: Cast, version: Version
) -> None:
    row = plan(cast, version)
    change(cast, version, row, place="Rådhuset")
    client.force_login(cast.coordinator)
    facts = {"kind": "yearly", "planned_on": str(SOON), "place": "Medborgarkontoret", "revision": "0"}

    answer = post(client, "meeting_change", version.pk, row.pk, **facts)
    assert answer.status_code == 409
    assert "Någon annan har ändrat mötet" in answer.content.decode()
    assert "Medborgarkontoret" in answer.content.decode()

    assert post(client, "meeting_change", version.pk, row.pk, **facts | {"revision": "1"}).status_code == 302


def test_a_day_that_the_text_names_is_offered_until_it_is_planned(client: Client, cast: Cast, version: Version) -> None:
    client.force_login(cast.coordinator)
    page = client.get(reverse("following", args=(version.pk,)))
    [row] = page.context["followed"].suggestions
    form = client.get(reverse("meeting_plan", args=(version.pk,)), {"rad": row.row_id}).context["form"]
    assert (form["planned_on"].value(), form["responsible"].value()) == (row.day, "Avtalssamordnare")

    plan(cast, version, planned_on=row.day)

    assert client.get(reverse("following", args=(version.pk,))).context["followed"].suggestions == ()


def test_a_meeting_of_another_agreement_is_not_found_here(client: Client, cast: Cast, version: Version) -> None:
    row = plan(cast, version)
    other = draft(cast, municipality=cast.are, by=cast.af_coordinator)
    client.force_login(cast.af_coordinator)

    for name in ("meeting", "meeting_change", "meeting_cancel", "meeting_hold"):
        assert client.get(reverse(name, args=(other.pk, row.pk))).status_code == 404


def test_readers_see_no_buttons_that_write(client: Client, cast: Cast, version: Version) -> None:
    plan(cast, version)
    client.force_login(cast.reader)

    page = client.get(reverse("following", args=(version.pk,))).content.decode()

    assert "Planera ett möte" not in page
    assert reverse("follow_up", args=(version.pk,)) not in page


@pytest.mark.parametrize("rows", [3, 30])
def test_the_page_asks_as_little_however_much_there_is(
    client: Client, cast: Cast, version: Version, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        plan(cast, version, planned_on=SOON + number * DAY)
    client.force_login(cast.coordinator)
    client.get(reverse("following", args=(version.pk,)))

    with django_assert_num_queries(8):
        client.get(reverse("following", args=(version.pk,)))
