"""Two people change the same contact point, its holder, or end what the other leans on."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from contacts import actions
from contacts.models import ContactPoint, Event, Holder, User
from contacts.roles import Role
from tests.cast import Cast
from tests.factories import TODAY, contact_facts, contact_point, member

Typed = Callable[..., dict[str, Any]]


def at_once(*deeds: Callable[[], Any]) -> list[BaseException | None]:
    """Do all at the same moment, each on a connection of its own; what each raised."""
    gate = Barrier(len(deeds))
    raised: list[BaseException | None] = [None] * len(deeds)

    def do(index: int) -> None:
        try:
            gate.wait(timeout=10)
            deeds[index]()
        except BaseException as error:
            raised[index] = error
        finally:
            connection.close()

    threads = [Thread(target=do, args=(index,)) for index in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


def test_the_second_to_save_sees_both_versions_and_loses_nothing(
    coordinator: Client, cast: Cast, point: ContactPoint, typed: Typed
):
    facts = contact_facts(cast.ostersund, "strategic", unit="Kollegans enhet")
    actions.change_contact_point(by=cast.coordinator, contact_point_id=point.pk, facts=facts, revision=1)

    mine = typed(cast.ostersund, function=str(point.function_id), unit="Min enhet", revision="1")
    answer = coordinator.post(f"/kontaktytor/{point.pk}/andra/", mine)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert [(c.field, c.before, c.after) for c in answer.context["stale"].differences] == [
        ("Enhet", "Kollegans enhet", "Min enhet")
    ]
    assert "Sara Ordnare ändrade kontaktytan" in page
    assert 'value="Min enhet"' in page
    point.refresh_from_db()
    assert point.unit == "Kollegans enhet"


def test_saving_again_after_seeing_both_lets_ones_own_stand(
    coordinator: Client, cast: Cast, point: ContactPoint, typed: Typed
):
    facts = contact_facts(cast.ostersund, "strategic", unit="Kollegans enhet")
    actions.change_contact_point(by=cast.coordinator, contact_point_id=point.pk, facts=facts, revision=1)
    mine = typed(cast.ostersund, unit="Min enhet", revision="1")
    shown = coordinator.post(f"/kontaktytor/{point.pk}/andra/", mine).context["form"]

    answer = coordinator.post(f"/kontaktytor/{point.pk}/andra/", mine | {"revision": shown["revision"].value()})

    point.refresh_from_db()
    assert (answer.status_code, point.unit, point.revision) == (302, "Min enhet", 3)


@pytest.fixture
def colleagues(transactional_db: None, cast: Cast) -> tuple[User, User]:
    return cast.coordinator, member(cast.ostersund, Role.MUNICIPAL_COORDINATOR)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told_that_the_other_was_first(
    cast: Cast, colleagues: tuple[User, User]
):
    point = contact_point(cast.ostersund, by=cast.coordinator)
    facts = [contact_facts(cast.ostersund, "strategic", unit=unit) for unit in ("Ena", "Andra")]

    def save(index: int) -> Callable[[], Any]:
        return lambda: actions.change_contact_point(
            by=colleagues[index], contact_point_id=point.pk, facts=facts[index], revision=1
        )

    raised = at_once(save(0), save(1))

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "Stale"]
    assert ContactPoint.objects.get().revision == 2
    assert Event.objects.filter(type="contact_point.changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_holder_at_the_same_moment_one_holder_is_left_open(
    cast: Cast, colleagues: tuple[User, User]
):
    point = contact_point(cast.ostersund, by=cast.coordinator)

    def change(index: int) -> Callable[[], Any]:
        return lambda: actions.change_holder(
            by=colleagues[index], contact_point_id=point.pk, name=f"Person {index}", today=TODAY
        )

    raised = at_once(change(0), change(1))

    assert raised == [None, None]
    assert Holder.objects.count() == 2
    assert Holder.objects.filter(to_date__isnull=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_are_each_others_deputies_end_at_the_same_moment_and_both_are_ended(
    cast: Cast, colleagues: tuple[User, User]
):
    first = contact_point(cast.ostersund, by=cast.coordinator)
    second = contact_point(cast.ostersund, "operative", by=cast.coordinator, deputy_id=first.pk)
    ContactPoint.objects.filter(pk=first.pk).update(deputy=second)

    raised = at_once(
        lambda: actions.end_contact_point(by=colleagues[0], contact_point_id=first.pk, today=TODAY),
        lambda: actions.end_contact_point(by=colleagues[1], contact_point_id=second.pk, today=TODAY),
    )

    assert raised == [None, None]
    assert list(ContactPoint.objects.values_list("ended_on", flat=True)) == [TODAY, TODAY]
