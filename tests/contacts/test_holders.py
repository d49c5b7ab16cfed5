"""Who holds a function changes; the function does not."""

from django.test import Client

from contacts.models import ContactPoint, Event, Holder
from tests.cast import Cast


def address(point: ContactPoint) -> str:
    return f"/kontaktytor/{point.pk}/innehavare/"


def open_holder(point: ContactPoint) -> Holder | None:
    return Holder.objects.filter(contact_point=point, to_date__isnull=True).first()


def test_a_new_holder_takes_over_and_the_contact_point_is_untouched(coordinator: Client, point: ContactPoint):
    answer = coordinator.post(address(point), {"name": "Johan Wiklund", "email": "johan.wiklund@ostersund.se"})

    before, point = point, ContactPoint.objects.get()
    assert answer["Location"] == f"/kontaktytor/{point.pk}/"
    assert open_holder(point).name == "Johan Wiklund"
    assert Holder.objects.get(name="Karin Dahlberg").to_date is not None
    assert (point.revision, point.confirmed_at) == (before.revision, before.confirmed_at)


def test_a_function_can_be_left_vacant(coordinator: Client, point: ContactPoint):
    coordinator.post(address(point), {"vakant": "1", "name": "Halvskrivet namn"})

    assert open_holder(point) is None
    assert Holder.objects.count() == 1
    assert "Funktionen är vakant" in coordinator.get(f"/kontaktytor/{point.pk}/").content.decode()


def test_the_same_name_again_corrects_the_holders_own_facts(coordinator: Client, point: ContactPoint):
    coordinator.post(address(point), {"name": "Karin Dahlberg", "phone": "070-123 45 67"})

    assert (Holder.objects.count(), open_holder(point).phone) == (1, "070-123 45 67")
    assert "rättade innehavarens uppgifter" in coordinator.get(f"/kontaktytor/{point.pk}/").content.decode()


def test_the_form_for_a_new_holder_is_empty_and_the_one_for_correcting_is_filled(
    coordinator: Client, point: ContactPoint
):
    assert 'value="Karin Dahlberg"' not in coordinator.get(address(point)).content.decode()
    assert 'value="Karin Dahlberg"' in coordinator.get(f"{address(point)}?ratta").content.decode()


def test_mistakes_are_told_at_the_field_and_what_is_typed_is_kept(coordinator: Client, point: ContactPoint):
    answer = coordinator.post(address(point), {"name": "", "email": "inte en adress", "phone": "19811218-9876"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "email", "phone"}
    assert 'value="inte en adress"' in answer.content.decode()
    assert open_holder(point).name == "Karin Dahlberg"


def test_an_identity_number_is_refused_in_a_name(coordinator: Client, point: ContactPoint):
    answer = coordinator.post(address(point), {"name": "Karin 811218-9876"})

    assert list(answer.context["form"].errors) == ["name"]


def test_the_history_tells_of_the_change_and_keeps_no_name(coordinator: Client, point: ContactPoint):
    coordinator.post(address(point), {"name": "Johan Wiklund"})

    kept = str(list(Event.objects.filter(type="holder.changed").values_list("before", "after")))
    assert "Wiklund" not in kept
    assert "Dahlberg" not in kept
    assert "bytte innehavare" in coordinator.get(f"/kontaktytor/{point.pk}/").content.decode()


def test_a_contact_point_that_has_ended_gets_no_new_holder(coordinator: Client, cast: Cast, point: ContactPoint):
    coordinator.post(f"/kontaktytor/{point.pk}/avsluta/")

    answer = coordinator.post(address(point), {"name": "Johan Wiklund"})

    assert "har upphört" in answer.content.decode()
    assert open_holder(point) is None
