"""Behörigheter: who may do what, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from contacts import actions
from contacts.models import Membership
from contacts.roles import Role
from tests.cast import Cast, user_with_role
from tests.factories import TODAY, member

ADDRESS = "/behorigheter/"


def page(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def test_the_own_role_is_explained_with_what_it_gives(coordinator: Client):
    text = page(coordinator)

    assert "Samordnare, kommun, Östersunds kommun" in text
    assert "Ändra den egna organisationens kontaktytor och innehavare" in text


def test_who_may_change_the_template_is_told_so(client: Client, cast: Cast):
    client.force_login(cast.officer)

    assert "Ändra den nationella mallen" in page(client)


def test_colleagues_in_the_own_organisation_are_listed_and_nobody_elses(coordinator: Client, cast: Cast):
    rights = coordinator.get(ADDRESS).context["rights"]

    assert {right.who for right in rights} == {"Sara Ordnare", "Karl Chef", "Lena Läsare"}
    assert "Ulla Utanför" not in page(coordinator)


def test_roles_above_and_in_the_whole_country_are_told(client: Client, cast: Cast):
    user_with_role("chef@af.se.exempel.se", "Gun Generaldirektör", cast.nord.parent, Role.AF_COORDINATOR)
    client.force_login(cast.af_coordinator)

    context = client.get(ADDRESS).context

    assert [(right.organisation, right.who) for right in context["above"]] == [("Arbetsförmedlingen", "")]
    assert [role for role, _count, _gives in context["national"]] == [
        "Handläggare, SKR",
        "Läsare, SKR",
        "Systemadministratör",
    ]


def test_a_role_without_names_sees_roles_only(client: Client, cast: Cast):
    client.force_login(cast.skr_reader)

    text = page(client)

    assert "Namnen visas inte" in text
    assert "Sara Ordnare" not in text
    assert "Siv Handläggare" not in text


def test_a_search_by_name_tells_a_role_without_names_nothing(client: Client, cast: Cast):
    client.force_login(cast.skr_reader)

    by_name = client.get(ADDRESS, {"q": "Siv Handläggare"}).context["rights"]
    by_address = client.get(ADDRESS, {"q": cast.officer.email}).context["rights"]
    by_organisation = client.get(ADDRESS, {"q": "sveriges kommuner"}).context["rights"]

    assert (by_name, by_address) == ([], [])
    assert len(by_organisation) == 3


def test_the_administrator_sees_every_role_and_searches_among_them(client: Client, cast: Cast):
    client.force_login(cast.administrator)

    everyone = {right.who for right in client.get(ADDRESS).context["rights"]}
    found = {right.who for right in client.get(ADDRESS, {"q": "ULLA"}).context["rights"]}
    by_organisation = {right.who for right in client.get(ADDRESS, {"q": "ostersund"}).context["rights"]}

    assert everyone == {user.name for user in cast.by_name().values()}
    assert found == {"Ulla Utanför"}
    assert by_organisation == {"Sara Ordnare", "Karl Chef", "Lena Läsare"}
    assert client.get(ADDRESS, {"q": "\x00"}).status_code == 200


def test_a_role_that_has_ended_is_gone_from_the_page_but_not_from_its_history(coordinator: Client, cast: Cast):
    membership = Membership.objects.get(user=cast.reader)
    actions.end_role(by=cast.administrator, membership=membership, today=TODAY)

    answer = coordinator.get(ADDRESS)

    assert "Lena Läsare" not in {right.who for right in answer.context["rights"]}
    assert "avslutade rollen Läsare för Lena Läsare" in answer.content.decode()


def test_somebody_without_any_role_is_told_so(coordinator: Client, cast: Cast):
    actions.end_role(by=cast.administrator, membership=Membership.objects.get(user=cast.coordinator), today=TODAY)

    assert "Du har ingen roll just nu" in page(coordinator)


@pytest.mark.parametrize("rows", [3, 30])
def test_the_page_asks_as_much_for_three_as_for_thirty(
    client: Client, cast: Cast, rows: int, django_assert_num_queries: Callable[..., object]
):
    for role in (Role.MUNICIPAL_COORDINATOR, Role.READER, Role.MUNICIPAL_SIGNATORY):
        for index in range(rows // 3):
            user_with_role(f"{role}.{index}@exempel.se", f"Person {index}", cast.ostersund, role)
    user = member(cast.ostersund, Role.MUNICIPAL_COORDINATOR)
    client.force_login(user)

    with django_assert_num_queries(8):
        client.get(ADDRESS)
