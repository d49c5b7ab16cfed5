"""The organisation's page: which functions are reached, how, and whether they outlast their holders."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from contacts import actions
from contacts.models import ContactPoint, Function
from municipalities.models import Organisation
from tests.cast import Cast
from tests.factories import TODAY, contact_facts, contact_point


def page(client: Client, organisation: Organisation) -> str:
    return client.get(f"/organisationer/{organisation.pk}/").content.decode()


def test_contact_points_stand_by_level_with_their_channels(coordinator: Client, cast: Cast):
    for level in ("support", "operative", "strategic"):
        contact_point(cast.ostersund, level, by=cast.coordinator, sdk_address="0203:ostersund")

    text = page(coordinator, cast.ostersund)

    assert text.index("Strategisk nivå</th>") < text.index("Operativ nivå</th>") < text.index("Stödfunktioner</th>")
    assert all(word in text for word in ("Arbetsmarknadsenheten", "063-14 30 00", "0203:ostersund"))


def test_who_holds_the_function_stands_apart_as_personal_data(coordinator: Client, point: ContactPoint):
    text = page(coordinator, point.organisation)

    assert '<td data-label="Innehavare i dag" class="personal">Karin Dahlberg</td>' in text
    assert "personuppgift" in text


@pytest.mark.parametrize(
    ("facts", "state", "mend"),
    [
        ({}, "Funktionsbunden", ""),
        ({"mailbox": "anna.svensson@ostersund.se", "phone": ""}, "Blandad", "Lägg till en funktionsbrevlåda"),
        ({"function_text": "Anna Svensson"}, "Personbunden", "Ange funktionen"),
        ({"mailbox": "", "phone": ""}, "Onåbar", "Lägg till en funktionsbrevlåda"),
    ],
)
def test_each_state_is_said_in_words_with_its_mend(
    coordinator: Client, cast: Cast, facts: dict[str, str], state: str, mend: str
):
    made = contact_point(cast.ostersund, by=cast.coordinator, **facts)

    register = coordinator.get(f"/organisationer/{cast.ostersund.pk}/").context["register"]
    shown = next(p for group in register.groups for p in group.points)
    text = page(coordinator, cast.ostersund)
    assert f"{state}</span>" in text
    assert mend in (shown.assessment.mend.sentence if shown.assessment.mend else "")
    assert (f"/kontaktytor/{made.pk}/andra/#id_" in text) == bool(mend)


def test_a_bounced_mailbox_is_unreachable(coordinator: Client, point: ContactPoint):
    ContactPoint.objects.update(bounced_at="2026-11-20T12:00:00Z")

    text = page(coordinator, point.organisation)

    assert "Onåbar</span>" in text
    assert "Det senaste meddelandet kom tillbaka." in text


def test_a_level_that_an_agreement_needs_is_asked_for_while_it_lacks_a_lasting_contact(coordinator: Client, cast: Cast):
    contact_point(cast.ostersund, "strategic", by=cast.coordinator)
    contact_point(cast.ostersund, "operative", by=cast.coordinator, mailbox="anna.svensson@ostersund.se", phone="")

    register = coordinator.get(f"/organisationer/{cast.ostersund.pk}/").context["register"]

    assert [group.level for group in register.lacking] == ["operative"]


def test_the_empty_page_teaches_what_a_contact_point_is(coordinator: Client, cast: Cast):
    text = page(coordinator, cast.ostersund)

    assert "En kontaktyta är en funktion" in text
    assert f'href="/organisationer/{cast.ostersund.pk}/kontaktytor/ny/"' in text


def test_the_empty_page_offers_a_reader_nothing_to_press(client: Client, cast: Cast):
    client.force_login(cast.reader)

    assert "/kontaktytor/ny/" not in page(client, cast.ostersund)


def test_skrs_officer_keeps_skrs_own_contact_points(client: Client, cast: Cast):
    client.force_login(cast.officer)
    address = f"/organisationer/{cast.skr.pk}/kontaktytor/ny/"
    assert f'href="{address}"' in page(client, cast.skr)
    function = Function.objects.get(key="skr-labour-market-officer")
    typed = {"function": str(function.pk), "mailbox": "arbetsmarknad@skr.se", "revision": "0"}

    answer = client.post(address, typed, follow=True)

    assert "arbetsmarknad@skr.se" in answer.content.decode()
    assert "Det här saknas för en överenskommelse" not in answer.content.decode()
    assert client.get(f"/kontaktytor/{ContactPoint.objects.get().pk}/andra/").status_code == 200


def test_skrs_empty_page_does_not_speak_of_agreements(client: Client, cast: Cast):
    client.force_login(cast.officer)

    assert "räcker det för en överenskommelse" not in page(client, cast.skr)


def test_ending_folds_the_contact_point_away_and_deletes_nothing(coordinator: Client, cast: Cast, point: ContactPoint):
    asked = coordinator.get(f"/kontaktytor/{point.pk}/avsluta/")
    still_there = page(coordinator, cast.ostersund)
    coordinator.post(f"/kontaktytor/{point.pk}/avsluta/")

    text = page(coordinator, cast.ostersund)
    assert "Avsluta kontaktytan?" in asked.content.decode()
    assert "Upphörda (1)" not in still_there
    assert "Upphörda (1)" in text
    assert "Inga kontaktytor än" in text
    assert point.holders.get().to_date is not None


def test_ending_leaves_those_it_was_deputy_for_without_one_and_their_history_says_so(
    coordinator: Client, cast: Cast, point: ContactPoint
):
    other = contact_point(cast.ostersund, "operative", by=cast.coordinator, deputy_id=point.pk)
    asked = coordinator.get(f"/kontaktytor/{point.pk}/avsluta/").content.decode()
    coordinator.post(f"/kontaktytor/{point.pk}/avsluta/")

    other.refresh_from_db()
    assert "blir utan ersättare" in asked
    assert (other.deputy, other.revision) == (None, 2)
    assert "avslutade ersättarens kontaktyta" in coordinator.get(f"/kontaktytor/{other.pk}/").content.decode()


def test_ending_twice_is_told_and_changes_nothing(coordinator: Client, point: ContactPoint):
    coordinator.post(f"/kontaktytor/{point.pk}/avsluta/")
    answer = coordinator.post(f"/kontaktytor/{point.pk}/avsluta/", follow=True)

    assert "har upphört och kan inte ändras" in answer.content.decode()


def fill(cast: Cast, rows: int) -> None:
    """Contact points of every kind, with deputies, holders and some that have ended."""
    functions = list(Function.objects.filter(side="municipality", other=False))
    deputy = None
    for index in range(rows):
        function = functions[index % len(functions)]
        facts = contact_facts(cast.ostersund, function.level, function_id=function.pk, deputy_id=deputy)
        point = actions.add_contact_point(by=cast.coordinator, organisation=cast.ostersund, facts=facts)
        actions.change_holder(by=cast.coordinator, contact_point_id=point.pk, name=f"Karin {index}", today=TODAY)
        if index % 3 == 2:
            actions.end_contact_point(by=cast.coordinator, contact_point_id=point.pk, today=TODAY)
        else:
            deputy = point.pk


@pytest.mark.parametrize("rows", [3, 30])
def test_the_page_asks_as_much_for_three_as_for_thirty(
    coordinator: Client, cast: Cast, rows: int, django_assert_num_queries: Callable[..., object]
):
    fill(cast, rows)

    with django_assert_num_queries(5):
        coordinator.get(f"/organisationer/{cast.ostersund.pk}/")


@pytest.mark.parametrize("times", [3, 30])
def test_the_contact_points_page_asks_as_much_for_a_long_history(
    coordinator: Client, point: ContactPoint, cast: Cast, times: int, django_assert_num_queries: Callable[..., object]
):
    deputies = [contact_point(cast.ostersund, "operative", by=cast.coordinator).pk for _ in range(2)]
    for turn in range(times):
        facts = contact_facts(cast.ostersund, "strategic", unit=f"Enhet {turn}", deputy_id=deputies[turn % 2])
        actions.change_contact_point(by=cast.coordinator, contact_point_id=point.pk, facts=facts, revision=turn + 1)

    with django_assert_num_queries(8):
        coordinator.get(f"/kontaktytor/{point.pk}/")
