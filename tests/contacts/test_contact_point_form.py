"""Adding and changing contact points in the browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from contacts.models import ContactPoint, Event, Function, Holder
from tests.cast import Cast
from tests.factories import contact_point

Typed = Callable[..., dict[str, Any]]


def add_address(cast: Cast) -> str:
    return f"/organisationer/{cast.ostersund.pk}/kontaktytor/ny/"


def change_address(point: ContactPoint) -> str:
    return f"/kontaktytor/{point.pk}/andra/"


def test_a_coordinator_adds_a_contact_point_and_it_is_in_the_history(coordinator: Client, cast: Cast, typed: Typed):
    answer = coordinator.post(add_address(cast), typed(cast.ostersund))

    made = ContactPoint.objects.get()
    assert answer["Location"] == f"/organisationer/{cast.ostersund.pk}/"
    assert (made.level, made.mailbox, made.revision) == ("tactical", "arbetsmarknad@ostersund.se", 1)
    assert Event.objects.get(subject=f"contact_point:{made.pk}").type == "contact_point.added"


def test_a_change_is_saved_and_leaves_the_holder_alone(coordinator: Client, point: ContactPoint, typed: Typed):
    answer = coordinator.post(change_address(point), typed(point.organisation, unit="Nya enheten", revision="1"))

    point.refresh_from_db()
    assert answer["Location"] == f"/kontaktytor/{point.pk}/"
    assert (point.unit, point.revision) == ("Nya enheten", 2)
    assert Holder.objects.get().to_date is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("function", ""),
        ("function", "999999"),
        ("function", "\x00"),
        ("mailbox", "noreply@ostersund.se"),
        ("mailbox", "arbetsmarknad"),
        ("phone", "1234"),
        ("sdk_address", "två ord"),
        ("unit", "Enhet 19811218-9876"),
        ("unit", "x" * 100_000),
        ("deputy", "999999"),
        ("revision", "\x00"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_the_rest_is_kept(
    coordinator: Client, cast: Cast, typed: Typed, field: str, value: str
):
    answer = coordinator.post(
        add_address(cast), typed(cast.ostersund, **{"postal_address": "Box 1, 831 82 Östersund", field: value})
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Box 1, 831 82 Östersund" in answer.content.decode()
    assert not ContactPoint.objects.exists()


def test_a_function_of_the_other_side_cannot_be_chosen(coordinator: Client, cast: Cast, typed: Typed):
    foreign = Function.objects.filter(side="af").earliest("position")

    answer = coordinator.post(add_address(cast), typed(cast.ostersund, function=str(foreign.pk)))

    assert list(answer.context["form"].errors) == ["function"]


def test_another_function_must_be_named(coordinator: Client, cast: Cast, typed: Typed):
    other = Function.objects.get(side="municipality", level="tactical", other=True)
    unnamed = coordinator.post(add_address(cast), typed(cast.ostersund, function=str(other.pk)))
    named = coordinator.post(
        add_address(cast), typed(cast.ostersund, function=str(other.pk), function_text="Enhetschef Nord")
    )

    assert (unnamed.status_code, list(unnamed.context["form"].errors)) == (422, ["function_text"])
    assert (named.status_code, ContactPoint.objects.get().name) == (302, "Enhetschef Nord")


def test_a_function_that_is_no_longer_offered_stays_with_the_one_that_has_it(coordinator: Client, point: ContactPoint):
    Function.objects.filter(pk=point.function_id).update(active=False)

    changing = coordinator.get(change_address(point)).content.decode()
    adding = coordinator.get(f"/organisationer/{point.organisation_id}/kontaktytor/ny/").content.decode()

    assert f'<option value="{point.function_id}" selected' in changing
    assert f'<option value="{point.function_id}"' not in adding


def test_what_cannot_be_seen_is_cleaned_away(coordinator: Client, cast: Cast, typed: Typed):
    coordinator.post(add_address(cast), typed(cast.ostersund, unit="Enhet\x00\u202e för  \u200barbete"))

    assert ContactPoint.objects.get().unit == "Enhet för arbete"


def test_markup_is_shown_as_what_it_is(coordinator: Client, cast: Cast, typed: Typed):
    coordinator.post(add_address(cast), typed(cast.ostersund, unit="<script>alert(1)</script>"))

    page = coordinator.get(f"/kontaktytor/{ContactPoint.objects.get().pk}/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize(
    ("mailbox", "warning"),
    [("anna.svensson@ostersund.se", "vilar på kontaktytan flaggas."), ("arbete@annan.se", "inte under ostersund.se")],
)
def test_a_personal_or_foreign_mailbox_is_saved_with_a_warning(
    coordinator: Client, cast: Cast, typed: Typed, mailbox: str, warning: str
):
    answer = coordinator.post(add_address(cast), typed(cast.ostersund, mailbox=mailbox, phone=""))

    told = [(message.level_tag, message.message) for message in get_messages(answer.wsgi_request)]
    assert ContactPoint.objects.get().mailbox == mailbox
    assert told[0][0] == "success"
    assert (told[1][0], warning in told[1][1]) == ("warning", True)


def test_a_good_contact_point_is_saved_without_a_warning(coordinator: Client, cast: Cast, typed: Typed):
    answer = coordinator.post(add_address(cast), typed(cast.ostersund))

    assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["success"]


def test_the_judgement_is_shown_before_saving_and_saves_nothing(coordinator: Client, cast: Cast, typed: Typed):
    facts = typed(cast.ostersund, mailbox="anna.svensson@ostersund.se", phone="", bedom="1")

    fragment = coordinator.post(add_address(cast), facts, headers={"HX-Request": "true"})
    page = coordinator.post(add_address(cast), facts)

    assert "Blandad" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert (fragment.status_code, page.status_code) == (200, 200)
    assert "".join(fragment.content.decode().split()) in "".join(page.content.decode().split())
    assert not ContactPoint.objects.exists()


def test_the_judgement_waits_for_a_function(coordinator: Client, cast: Cast, typed: Typed):
    answer = coordinator.post(add_address(cast), typed(cast.ostersund, function="", bedom="1"))

    assert "Välj en funktion och fyll i" in answer.content.decode()


def test_the_form_says_where_a_shared_mailbox_belongs(coordinator: Client, cast: Cast):
    page = coordinator.get(add_address(cast)).content.decode()

    assert "Den är bara en kontaktväg: i portalen loggar var och en in som sig själv." in page


def test_the_deputy_is_one_of_the_organisations_own_active_contact_points(
    coordinator: Client, cast: Cast, point: ContactPoint, typed: Typed
):
    own = contact_point(cast.ostersund, "operative", by=cast.coordinator)
    foreign = contact_point(cast.are, by=cast.outsider)

    choices = coordinator.get(change_address(point)).context["form"].fields["deputy"].choices

    offered = {value for _level, group in choices[1:] for value, _label in group}
    assert offered == {str(own.pk)}
    refused = coordinator.post(change_address(point), typed(cast.ostersund, deputy=str(foreign.pk), revision="1"))
    assert list(refused.context["form"].errors) == ["deputy"]


def test_a_contact_point_that_has_ended_is_not_opened_for_change(coordinator: Client, cast: Cast, typed: Typed):
    ended = contact_point(cast.ostersund, by=cast.coordinator)
    coordinator.post(f"/kontaktytor/{ended.pk}/avsluta/")

    opened = coordinator.get(change_address(ended))
    posted = coordinator.post(change_address(ended), typed(cast.ostersund, unit="Sent ute", revision="2"))

    assert opened["Location"] == f"/kontaktytor/{ended.pk}/"
    assert posted.status_code == 422
    assert "har upphört och kan inte ändras" in posted.content.decode()
    assert "Sent ute" in posted.content.decode()
