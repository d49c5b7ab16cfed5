"""Lists, desks and registers are kept between requests: they are never old, and never somebody else's."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.safestring import SafeString

from agreements.actions import checking, negotiating, writing
from agreements.models import Flag
from contacts.actions import change_contact_point, end_role, give_role
from contacts.models import Event, User
from contacts.roles import Role
from tests.agreements.forms import words_of
from tests.cast import PASSWORD, Cast
from tests.factories import TODAY, contact_facts, contact_point, draft, proposed

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)
LIST, DESK = "/overenskommelser/", "/mitt-arbete/"


def seen(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    return words_of(client.get(address))


def register_of(cast: Cast) -> str:
    return reverse("organisation", args=(cast.ostersund.pk,))


@pytest.fixture
def written(cast: Cast) -> Cast:
    """Something has been written, so that pages are kept."""
    draft(cast)
    contact_point(cast.ostersund, by=cast.coordinator, unit="Arbetsmarknadsenheten")
    return cast


@pytest.mark.parametrize(("address", "queries"), [(LIST, 2), (DESK, 2), ("register", 3)])
def test_a_kept_page_asks_for_the_user_and_the_grants(
    client: Client, written: Cast, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    address = register_of(written) if address == "register" else address
    seen(client, written.coordinator, address)

    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("address", [LIST, DESK, "register"])
def test_a_kept_page_is_the_page_that_was_made(client: Client, written: Cast, address: str) -> None:
    address = register_of(written) if address == "register" else address

    assert seen(client, written.coordinator, address) == seen(client, written.coordinator, address)


@pytest.mark.parametrize("address", [LIST, DESK])
def test_who_reaches_something_else_sees_something_else(client: Client, written: Cast, address: str) -> None:
    assert "Östersunds kommun" in seen(client, written.coordinator, address)
    assert "Östersund" not in seen(client, written.outsider, address)
    assert "Östersunds kommun" in seen(client, written.coordinator, address)


@pytest.mark.parametrize("address", [LIST, DESK])
def test_who_reaches_the_same_still_has_a_frame_of_their_own(client: Client, written: Cast, address: str) -> None:
    colleague = User.objects.create_user("kollega@ostersund.se", PASSWORD, name="Kim Kollega")
    give_role(by=None, user=colleague, organisation=written.ostersund, role=Role.MUNICIPAL_COORDINATOR, today=TODAY)

    first, second = seen(client, written.coordinator, address), seen(client, colleague, address)

    assert "Sara Ordnare" in first
    assert "Kim Kollega" not in first
    assert "Kim Kollega" in second
    assert "Sara Ordnare" not in second
    assert "kollega@ostersund.se" in second


def test_each_page_carries_a_token_of_its_own(client: Client, written: Cast) -> None:
    client.force_login(written.coordinator)

    pages = [client.get(LIST) for _ in range(2)]
    tokens = [str(page.context["csrf_token"]) for page in pages]

    assert tokens[0] != tokens[1]
    assert all(token in page.content.decode() for token, page in zip(tokens, pages, strict=True))


def test_names_in_a_register_are_kept_apart_from_a_register_without_names(client: Client, written: Cast) -> None:
    assert "Innehavare i dag" in seen(client, written.coordinator, register_of(written))
    assert "Innehavare i dag" not in seen(client, written.skr_reader, register_of(written))
    assert "Innehavare i dag" in seen(client, written.coordinator, register_of(written))


def test_only_who_may_change_a_register_is_asked_to(client: Client, written: Cast) -> None:
    assert "Lägg till kontaktyta" in seen(client, written.coordinator, register_of(written))
    assert "Lägg till kontaktyta" not in seen(client, written.reader, register_of(written))


def test_only_who_is_let_into_the_administration_is_led_there(client: Client, cast: Cast) -> None:
    draft(cast)
    assert "Administration" not in seen(client, cast.administrator, DESK).split()
    User.objects.filter(pk=cast.administrator.pk).update(is_staff=True)

    assert "Administration" in seen(client, cast.administrator, DESK).split()


def test_a_role_that_ends_takes_what_was_kept_with_it(client: Client, written: Cast) -> None:
    assert "Östersunds kommun" in seen(client, written.reader, LIST)
    end_role(by=None, membership=written.reader.memberships.get(), today=TODAY)

    assert "Östersunds kommun" not in seen(client, written.reader, LIST)


def test_a_move_shows_at_once_to_both_parties(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    for user in (cast.coordinator, cast.af_coordinator):
        assert "Föreslagen" in seen(client, user, LIST)

    negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason="Målen är för många.")

    for user in (cast.coordinator, cast.af_coordinator):
        assert "Föreslagen" not in seen(client, user, LIST + "?sida=1").partition("Beteckning")[2]
        assert "Målen är för många." in seen(client, user, DESK)


def test_what_is_written_shows_at_once_on_the_desk(client: Client, cast: Cast) -> None:
    version = draft(cast)
    assert "26 saker återstår" in seen(client, cast.coordinator, DESK)

    raw = {"goals": [{"what": "Mål", "responsible": "Anna Lindqvist"}]}
    writing.save_section(by=cast.coordinator, version_id=version.pk, key="goals", raw=raw, revision=0)
    assert "26 saker återstår" not in seen(client, cast.coordinator, DESK)
    assert "Att rätta (" not in seen(client, cast.coordinator, DESK)

    checking.recheck(version_ids=[version.pk], now=NOW)
    assert "Att rätta (1)" in seen(client, cast.coordinator, DESK)


def test_a_flag_that_says_something_else_shows_at_once(client: Client, cast: Cast) -> None:
    version = draft(cast)
    raw = {"goals": [{"what": "Mål", "responsible": "Anna Lindqvist"}]}
    writing.save_section(by=cast.coordinator, version_id=version.pk, key="goals", raw=raw, revision=0)
    checking.recheck(version_ids=[version.pk], now=NOW)
    Flag.objects.update(reason="Så sade en äldre regel.")
    assert "Så sade en äldre regel." in seen(client, cast.coordinator, DESK)

    checking.recheck(version_ids=[version.pk], now=NOW)

    assert "Så sade en äldre regel." not in seen(client, cast.coordinator, DESK)


def test_a_check_that_finds_everything_as_it_was_leaves_no_event(cast: Cast) -> None:
    version = draft(cast)
    checking.recheck(version_ids=[version.pk], now=NOW)
    before = Event.objects.count()

    checking.recheck(version_ids=[version.pk], now=NOW)

    assert Event.objects.count() == before


def test_a_changed_contact_point_shows_at_once_in_its_register(client: Client, cast: Cast) -> None:
    point = contact_point(cast.ostersund, by=cast.coordinator, unit="Gamla enheten")
    assert "Gamla enheten" in seen(client, cast.coordinator, register_of(cast))

    facts = contact_facts(cast.ostersund, "strategic", unit="Nya enheten")
    change_contact_point(by=cast.coordinator, contact_point_id=point.pk, facts=facts, revision=1)

    assert "Nya enheten" in seen(client, cast.coordinator, register_of(cast))


def test_a_new_day_is_another_page(client: Client, written: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[datetime.date] = []

    def draw(reach: object, today: datetime.date, *, staff: bool) -> SafeString:
        drawn.append(today)
        return SafeString("<h1>Mitt arbete</h1>")

    monkeypatch.setattr("agreements.views.work.draw_desk", draw)
    for day in (TODAY, TODAY, TODAY + datetime.timedelta(days=1)):
        monkeypatch.setattr("agreements.views.work.timezone.localdate", lambda day=day: day)
        seen(client, written.coordinator, DESK)

    assert drawn == [TODAY, TODAY + datetime.timedelta(days=1)]


def test_what_somebody_typed_is_escaped_and_kept_apart(client: Client, written: Cast) -> None:
    client.force_login(written.coordinator)

    page = client.get(LIST, {"q": '<!-- body --><script>"', "x": "<b>"}).content.decode()

    assert "<script>&quot;" not in page
    assert "<b>" not in page
    assert "Inga överenskommelser stämmer" in page
    assert "Östersunds kommun" in seen(client, written.coordinator, LIST)
