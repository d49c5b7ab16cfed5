"""Who reads and writes which contact points, and who sees names. Every route of the portal: tests/test_doors.py."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from contacts import actions
from contacts.access import reach_of
from contacts.errors import NotAllowed
from contacts.models import ContactPoint, Holder, Membership, User
from contacts.roles import Role
from municipalities.models import Organisation
from tests.cast import Cast
from tests.factories import TODAY, contact_facts, contact_point, member

Typed = Callable[..., dict[str, Any]]


def routes(point: ContactPoint) -> dict[str, str]:
    return {
        "organisation": f"/organisationer/{point.organisation_id}/",
        "add": f"/organisationer/{point.organisation_id}/kontaktytor/ny/",
        "point": f"/kontaktytor/{point.pk}/",
        "change": f"/kontaktytor/{point.pk}/andra/",
        "holder": f"/kontaktytor/{point.pk}/innehavare/",
        "end": f"/kontaktytor/{point.pk}/avsluta/",
    }


WRITING = ("add", "change", "holder", "end")

#             organisation and contact point, then the four that write
MATRIX = {
    "coordinator": (200, 200),
    "signatory": (200, 403),
    "reader": (200, 403),
    "af_coordinator": (404, 404),
    "af_signatory": (404, 404),
    "officer": (200, 403),
    "skr_reader": (200, 403),
    "administrator": (404, 404),
    "outsider": (404, 404),
}


@pytest.mark.parametrize("role", MATRIX)
def test_each_role_reads_and_writes_a_municipalitys_contact_points_as_the_table_says(
    role: str, cast: Cast, point: ContactPoint, client: Client
):
    client.force_login(getattr(cast, role))

    found = {name: client.get(address).status_code for name, address in routes(point).items()}

    reading, writing = MATRIX[role]
    assert found == {name: writing if name in WRITING else reading for name in found}


@pytest.mark.parametrize("role", [role for role in MATRIX if role != "coordinator"])
def test_nothing_changes_when_one_who_may_not_posts(
    role: str, cast: Cast, point: ContactPoint, client: Client, typed: Typed
):
    client.force_login(getattr(cast, role))
    for name in WRITING:
        posted = typed(cast.ostersund, name="Någon Annan", revision="1")
        assert client.post(routes(point)[name], posted).status_code == MATRIX[role][1]

    before, point = point, ContactPoint.objects.get()
    assert (point.unit, point.revision, point.ended_on) == (before.unit, before.revision, None)
    assert Holder.objects.get().name == "Karin Dahlberg"


@pytest.mark.parametrize("role", [role for role in MATRIX if role != "coordinator"])
def test_the_actions_themselves_refuse_those_who_may_not(role: str, cast: Cast, point: ContactPoint):
    user, facts = getattr(cast, role), contact_facts(cast.ostersund, "strategic")
    deeds: list[Callable[[], object]] = [
        lambda: actions.add_contact_point(by=user, organisation=cast.ostersund, facts=facts),
        lambda: actions.change_contact_point(by=user, contact_point_id=point.pk, facts=facts, revision=1),
        lambda: actions.change_holder(by=user, contact_point_id=point.pk, name="Någon", today=TODAY),
        lambda: actions.end_contact_point(by=user, contact_point_id=point.pk, today=TODAY),
    ]

    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


@pytest.mark.parametrize("pk", [0, 999999, 99999999999999999999])
def test_what_does_not_exist_is_not_found(coordinator: Client, pk: int):
    for address in (f"/organisationer/{pk}/", f"/kontaktytor/{pk}/", f"/kontaktytor/{pk}/andra/"):
        assert coordinator.get(address).status_code == 404


def test_a_role_without_names_finds_no_name_anywhere(cast: Cast, client: Client):
    named = contact_point(
        cast.ostersund,
        by=cast.coordinator,
        function_text="Handläggare Anna Svensson",
        mailbox="anna.svensson@ostersund.se",
    )
    deputised = contact_point(cast.ostersund, "operative", by=cast.coordinator, deputy_id=named.pk)
    actions.change_holder(
        by=cast.coordinator, contact_point_id=named.pk, name="Anna Svensson", email="asn001@ostersund.se", today=TODAY
    )
    client.force_login(cast.skr_reader)

    for point in (named, deputised):
        for name in ("organisation", "point"):
            text = client.get(routes(point)[name]).content.decode()
            assert "Svensson" not in text
            assert "svensson" not in text
            assert "asn001" not in text
            assert "Sara Ordnare" not in text


@pytest.mark.parametrize("role", ["coordinator", "signatory", "reader", "officer"])
def test_a_role_with_names_sees_who_holds_the_function(role: str, cast: Cast, point: ContactPoint, client: Client):
    client.force_login(getattr(cast, role))

    assert "Karin Dahlberg" in client.get(routes(point)["organisation"]).content.decode()
    assert "Karin Dahlberg" in client.get(routes(point)["point"]).content.decode()


def test_the_verdict_is_the_same_for_those_who_see_names_and_those_who_do_not(cast: Cast, client: Client):
    made = contact_point(cast.ostersund, by=cast.coordinator, mailbox="forsorjning@ostersund.se", phone="")
    actions.change_holder(
        by=cast.coordinator, contact_point_id=made.pk, name="Bo Ek", email="forsorjning@ostersund.se", today=TODAY
    )
    verdicts = set()
    for user in (cast.coordinator, cast.reader, cast.officer, cast.skr_reader):
        client.force_login(user)
        verdicts.add(client.get(f"/kontaktytor/{made.pk}/").context["point"].assessment.verdict)

    assert verdicts == {"mixed"}


def test_a_role_in_a_region_reaches_its_units_and_no_other_region(cast: Cast, client: Client):
    unit = Organisation.objects.create(
        kind="af_unit", side="af", name="AF Östersund", short_name="Östersund", parent=cast.nord
    )
    syd = Organisation.objects.create(
        kind="af_region", side="af", name="AF Syd", short_name="Syd", parent=cast.nord.parent
    )
    client.force_login(cast.af_coordinator)

    assert client.get(f"/organisationer/{unit.pk}/kontaktytor/ny/").status_code == 200
    assert client.get(f"/organisationer/{syd.pk}/").status_code == 404
    assert client.get(f"/organisationer/{cast.nord.parent_id}/").status_code == 404


def test_skrs_officer_keeps_skrs_own_contact_points(cast: Cast, client: Client):
    client.force_login(cast.officer)

    form = client.get(f"/organisationer/{cast.skr.pk}/kontaktytor/ny/").context["form"]
    assert {function.name for function in form.functions.values()} == {
        "Handläggare arbetsmarknad",
        "Mallförvaltare",
        "Annan funktion",
    }
    made = contact_point(cast.skr, "support", by=cast.officer, mailbox="mallen@skr.se")
    assert client.get(f"/kontaktytor/{made.pk}/andra/").status_code == 200


def test_a_role_that_has_ended_closes_the_door_at_once(coordinator: Client, cast: Cast, point: ContactPoint):
    membership = Membership.objects.get(user=cast.coordinator)
    actions.end_role(by=cast.administrator, membership=membership, today=TODAY)

    assert {coordinator.get(address).status_code for address in routes(point).values()} == {404}


def test_two_roles_in_two_organisations_do_not_leak_into_each_other(cast: Cast, point: ContactPoint, client: Client):
    user = member(cast.skr, Role.SKR_READER)
    actions.give_role(by=None, user=user, organisation=cast.are, role=Role.MUNICIPAL_COORDINATOR, today=TODAY)
    client.force_login(user)

    page = client.get(routes(point)["organisation"]).content.decode()

    assert "Karin Dahlberg" not in page
    assert client.get(routes(point)["change"]).status_code == 403
    assert client.get(f"/organisationer/{cast.are.pk}/kontaktytor/ny/").status_code == 200


def test_those_who_were_readers_already_see_names_from_now_on(cast: Cast):
    migration = importlib.import_module("contacts.migrations.0005_let_readers_of_a_party_see_names")
    migration.no_longer(apps, None)
    seen_before = reach_of(User.objects.get(pk=cast.reader.pk)).sees_names([cast.ostersund.pk])

    migration.let_them_see(apps, None)
    migration.let_them_see(apps, None)

    assert not seen_before
    assert reach_of(User.objects.get(pk=cast.reader.pk)).sees_names([cast.ostersund.pk])
    assert not reach_of(User.objects.get(pk=cast.skr_reader.pk)).sees_names([cast.ostersund.pk])
