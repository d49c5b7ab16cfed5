"""The calendar of an organisation: read back as a calendar program reads it, and the secret address that opens it."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event
from psycopg.types.range import Range

from agreements.actions import following_up, meetings, subscribing
from agreements.calendar_days import calendar_of
from agreements.models import CalendarFeed, FollowUp, Version
from agreements.views.calendars import MOST_AN_HOUR
from config.logs import WithoutSignedLinks
from contacts import models as contact_models
from contacts.actions import end_role
from contacts.errors import NotAllowed, Refused
from contacts.models import Membership, User
from contacts.roles import Role
from tests.agreements.following import SOON, plan
from tests.agreements.joint import give_notice
from tests.cast import Cast, user_with_role
from tests.factories import TODAY, in_force

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def version(cast: Cast) -> Version:
    return in_force(cast)


def entries(content: bytes) -> dict[str, Event]:
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def of(cast: Cast) -> dict[str, Event]:
    return entries(calendar_of(cast.ostersund, TODAY))


def uid(row: FollowUp) -> str:
    return f"uppfoljning-{row.pk}@overenskommelseportalen"


def subscribe(user: User, organisation: Any) -> str:
    opened = subscribing.open_feed(by=user, organisation=organisation)
    return reverse("calendar_feed", args=(opened.secret,))


# ------------------------------------------------------------------------------------------------- what it holds


def test_a_meeting_stands_at_its_hour_by_swedish_clocks(cast: Cast, version: Version) -> None:
    row = plan(cast, version, starts_at=datetime.time(13), ends_at=datetime.time(14, 30), place="Rådhuset, Östersund")

    event = of(cast)[uid(row)]

    start = event["dtstart"]
    assert start.params["TZID"] == "Europe/Stockholm"
    assert start.dt.isoformat() == f"{SOON}T13:00:00+01:00"
    assert event["dtend"].dt.isoformat() == f"{SOON}T14:30:00+01:00"
    assert (event["location"], event["status"], event["sequence"]) == ("Rådhuset, Östersund", "CONFIRMED", 0)
    assert event["url"] == f"{settings.SITE_URL}{reverse('meeting', args=(version.pk, row.pk))}"


def test_the_time_zone_comes_along(cast: Cast, version: Version) -> None:
    plan(cast, version, starts_at=datetime.time(13))

    zones = Calendar.from_ical(calendar_of(cast.ostersund, TODAY)).walk("VTIMEZONE")

    assert [str(zone["tzid"]) for zone in zones] == ["Europe/Stockholm"]


def test_a_meeting_that_is_moved_keeps_its_uid_and_counts_up(cast: Cast, version: Version) -> None:
    row = plan(cast, version)
    before = of(cast)[uid(row)]
    meeting = meetings.Meeting("yearly", SOON + DAY)
    who = {"by": cast.coordinator, "version_id": version.pk, "meeting_id": row.pk}
    meetings.change_meeting(**who, meeting=meeting, revision=0, today=TODAY)

    after = of(cast)[uid(row)]

    assert (after["sequence"], after["dtstart"].dt) == (1, SOON + DAY)
    assert after["last-modified"].dt >= before["last-modified"].dt


def test_a_cancelled_meeting_is_told_as_cancelled(cast: Cast, version: Version) -> None:
    row = plan(cast, version)
    who = {"by": cast.coordinator, "version_id": version.pk, "meeting_id": row.pk}
    meetings.cancel_meeting(**who, reason="Nytt datum kommer.", today=TODAY)

    event = of(cast)[uid(row)]

    assert (event["status"], event["sequence"], event["transp"]) == ("CANCELLED", 1, "TRANSPARENT")


def test_a_meeting_held_on_another_day_stands_on_that_day(cast: Cast, version: Version) -> None:
    row = plan(cast, version, starts_at=datetime.time(13))
    who = {"by": cast.coordinator, "version_id": version.pk, "meeting_id": row.pk}
    following_up.hold_meeting(**who, held=following_up.Held(TODAY), today=TODAY)

    assert of(cast)[uid(row)]["dtstart"].dt == TODAY


def test_the_days_of_the_period_stand_as_whole_days(cast: Cast, version: Version) -> None:
    found = {event["dtstart"].dt: str(event["summary"]) for event in of(cast).values()}

    reference = version.agreement.reference
    assert found == {
        datetime.date(2027, 12, 1): f"{reference} ska ses över senast i dag",
        datetime.date(2027, 12, 31): f"{reference} går ut om 12 månader",
        datetime.date(2028, 6, 30): f"{reference} går ut om 6 månader",
        datetime.date(2028, 9, 30): f"{reference} går ut om 3 månader",
        datetime.date(2028, 12, 31): f"{reference} går ut",
    }


def test_notice_puts_its_last_day_in_the_place_of_those_that_will_not_come(cast: Cast, version: Version) -> None:
    notice = give_notice(version, cast.signatory, cast.ostersund)

    reference = version.agreement.reference
    found = [(event["dtstart"].dt, str(event["summary"])) for event in of(cast).values()]

    assert found == [(notice.last_day, f"{reference} upphör för Östersunds kommun efter uppsägning")]


def test_no_person_is_named_in_it_and_no_agenda_or_minutes_leave_the_portal(cast: Cast, version: Version) -> None:
    row = plan(
        cast,
        version,
        place="Hos Anna Lindqvist",
        responsible="Anna Lindqvist",
        link="https://moten.example/anna.lindqvist@ostersund.se",
        agenda="Fråga Anna Lindqvist",
    )
    plan(cast, version, planned_on=SOON + DAY, link="https://moten.example/rum/5", place="Rådhuset")

    text = calendar_of(cast.ostersund, TODAY).decode().replace("\r\n ", "")

    assert "indqvist" not in text.lower()
    assert "Fråga" not in text
    assert "https://moten.example/rum/5" in text
    assert uid(row) in text


def test_another_organisations_agreements_never_appear(cast: Cast, version: Version) -> None:
    row = plan(cast, version)

    assert entries(calendar_of(cast.are, TODAY)) == {}
    assert uid(row) in entries(calendar_of(cast.nord, TODAY))


def test_the_authority_sees_what_its_regions_have(cast: Cast, version: Version) -> None:
    row = plan(cast, version)
    assert cast.nord.parent is not None

    assert uid(row) in entries(calendar_of(cast.nord.parent, TODAY))


def test_whoever_has_left_the_agreement_gets_no_more_of_it(cast: Cast, version: Version) -> None:
    plan(cast, version)
    version.parties.filter(side="municipality").update(in_force=Range(TODAY - 9 * DAY, TODAY))

    assert of(cast) == {}


def test_the_same_days_give_the_same_bytes(cast: Cast, version: Version) -> None:
    plan(cast, version, starts_at=datetime.time(13))

    assert calendar_of(cast.ostersund, TODAY) == calendar_of(cast.ostersund, TODAY)


# ----------------------------------------------------------------------------------------------- the secret address


def test_a_calendar_fetches_it_without_logging_in(client: Client, cast: Cast, version: Version) -> None:
    row = plan(cast, version, planned_on=timezone.localdate() + 9 * DAY)
    answer = client.get(subscribe(cast.coordinator, cast.ostersund))

    assert uid(row) in entries(answer.content)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, max-age=900"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies


def test_a_calendar_that_has_it_already_is_told_so(client: Client, cast: Cast, version: Version) -> None:
    address = subscribe(cast.coordinator, cast.ostersund)
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304

    plan(cast, version)

    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_only_the_hash_of_the_address_is_kept(cast: Cast, version: Version) -> None:
    opened = subscribing.open_feed(by=cast.coordinator, organisation=cast.ostersund)

    assert opened.feed.address_hash == subscribing.hashed(opened.secret)
    assert opened.secret not in str(list(CalendarFeed.objects.values()))
    assert opened.secret not in str(list(contact_models.Event.objects.values()))


def test_a_shut_address_is_not_found(client: Client, cast: Cast, version: Version) -> None:
    opened = subscribing.open_feed(by=cast.reader, organisation=cast.ostersund)
    address = reverse("calendar_feed", args=(opened.secret,))
    assert client.get(address).status_code == 200

    subscribing.shut_feed(by=cast.coordinator, feed_id=opened.feed.pk)

    assert client.get(address).status_code == 404


def test_a_new_address_shuts_the_old_one(client: Client, cast: Cast, version: Version) -> None:
    old = subscribe(cast.coordinator, cast.ostersund)
    new = subscribe(cast.coordinator, cast.ostersund)

    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    types = contact_models.Event.objects.filter(type__startswith="calendar.").order_by("pk")
    assert list(types.values_list("type", flat=True)) == ["calendar.opened", "calendar.renewed"]


def no_role(user: User) -> None:
    for membership in Membership.objects.filter(user=user):
        end_role(by=None, membership=membership, today=TODAY)


def no_login(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("lose", [no_role, no_login])
def test_the_address_of_somebody_who_has_left_is_not_found(
    client: Client, cast: Cast, version: Version, lose: Callable[[User], None]
) -> None:
    address = subscribe(cast.reader, cast.ostersund)

    lose(cast.reader)

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("who", ["outsider", "officer", "skr_reader", "administrator", "af_coordinator"])
def test_only_those_who_read_the_organisation_make_an_address(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        subscribing.open_feed(by=getattr(cast, who), organisation=cast.ostersund)


def test_who_is_no_party_has_no_calendar(cast: Cast) -> None:
    with pytest.raises(Refused, match="inte part"):
        subscribing.open_feed(by=cast.officer, organisation=cast.skr)


def test_others_addresses_are_shut_by_coordinators_alone(cast: Cast) -> None:
    feed = subscribing.open_feed(by=cast.signatory, organisation=cast.ostersund).feed
    with pytest.raises(NotAllowed):
        subscribing.shut_feed(by=cast.reader, feed_id=feed.pk)

    assert subscribing.shut_feed(by=cast.coordinator, feed_id=feed.pk).revoked_at is not None


def test_a_program_that_asks_without_end_is_told_to_wait(client: Client, cast: Cast) -> None:
    address = subscribe(cast.coordinator, cast.ostersund)
    client.get(address)
    [key] = [f"calendar:{feed.pk}:{timezone.now():%Y%m%d%H}" for feed in CalendarFeed.objects.all()]
    cache.set(key, MOST_AN_HOUR, 60)

    answer = client.get(address)

    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")


@pytest.mark.parametrize("rows", [3, 30])
def test_it_asks_the_database_as_little_however_much_there_is(
    client: Client, cast: Cast, version: Version, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        plan(cast, version, planned_on=SOON + number * DAY)
    address = subscribe(cast.coordinator, cast.ostersund)

    with django_assert_num_queries(6):
        client.get(address)
    with django_assert_num_queries(2):  # the address and what its maker reaches
        client.get(address)


def test_no_log_line_holds_the_address(client: Client, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    address = subscribe(cast.coordinator, cast.ostersund)
    CalendarFeed.objects.update(revoked_at=timezone.now())
    secret = address.removeprefix("/kalenderfil/").removesuffix(".ics")
    with caplog.at_level(logging.DEBUG):
        client.get(address)

    lines = [record for record in caplog.records if "/kalenderfil/" in record.getMessage()]
    assert lines, "Django tells of what was not found"
    for record in lines:
        WithoutSignedLinks().filter(record)
        assert secret not in record.getMessage()


# ------------------------------------------------------------------------------------------------------ the page


def test_the_address_is_shown_once_to_the_one_who_made_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    page = reverse("organisation_calendar", args=(cast.ostersund.pk,))

    answer = client.post(reverse("calendar_open", args=(cast.ostersund.pk,)))
    cookie = answer.cookies["kalenderadress"]
    assert (answer["Location"], cookie["path"], cookie["httponly"]) == (page, page, True)

    first, second = (client.get(page).content.decode() for _ in range(2))
    assert "/kalenderfil/" in first
    assert "Så lägger du till den" in first
    assert "/kalenderfil/" not in second


def test_the_cookie_of_one_shows_nothing_to_another(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    client.post(reverse("calendar_open", args=(cast.ostersund.pk,)))
    cookies = client.cookies["kalenderadress"]
    client.force_login(cast.reader)
    client.cookies["kalenderadress"] = cookies.value

    page = client.get(reverse("organisation_calendar", args=(cast.ostersund.pk,)))

    assert "/kalenderfil/" not in page.content.decode()


def test_the_organisations_page_leads_to_it_for_those_who_may_subscribe(client: Client, cast: Cast) -> None:
    address = reverse("organisation_calendar", args=(cast.ostersund.pk,))
    found = {}
    for who in ("coordinator", "reader", "officer"):
        client.force_login(getattr(cast, who))
        found[who] = address in client.get(reverse("organisation", args=(cast.ostersund.pk,))).content.decode()

    assert found == {"coordinator": True, "reader": True, "officer": False}


def test_who_may_not_write_sees_only_the_own_address(client: Client, cast: Cast) -> None:
    other = user_with_role("annan@ostersund.se", "Annan Person", cast.ostersund, Role.READER)
    subscribing.open_feed(by=other, organisation=cast.ostersund)
    pages = {}
    for who in ("coordinator", "reader"):
        client.force_login(getattr(cast, who))
        pages[who] = client.get(reverse("organisation_calendar", args=(cast.ostersund.pk,))).content.decode()

    assert ("Annan Person" in pages["coordinator"], "Annan Person" in pages["reader"]) == (True, False)
