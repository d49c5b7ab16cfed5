"""The list of organisations: search, Swedish order, pages, filters in the address, the fragment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from municipalities.models import Organisation
from tests.cast import Cast
from tests.factories import contact_point, municipality

ADDRESS = "/organisationer/"


@pytest.fixture
def officer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.officer)
    return client


def names(client: Client, query: str = "") -> list[str]:
    return [row.name for row in client.get(f"{ADDRESS}{query}").context["rows"]]


def test_a_coordinator_sees_only_the_own_organisation(coordinator: Client):
    assert names(coordinator) == ["Östersunds kommun"]


def test_skr_sees_all_in_swedish_order(officer: Client, cast: Cast):
    for code, name in (("0180", "Stockholms"), ("2326", "Bergs"), ("1440", "Ale"), ("1292", "Ängelholms")):
        municipality(code, name)

    found = names(officer, "?slag=municipality")

    assert found == [f"{name} kommun" for name in ("Ale", "Bergs", "Stockholms", "Åre", "Ängelholms", "Östersunds")]


@pytest.mark.parametrize("query", ["are", "ÅRE", "  Åre k"])
def test_search_finds_are_however_it_is_spelt(officer: Client, query: str):
    assert names(officer, f"?q={query}") == ["Åre kommun"]


@pytest.mark.parametrize("query", ["%", "_", "'", "\\", "zzz"])
def test_signs_with_a_meaning_elsewhere_are_only_signs(officer: Client, query: str):
    assert officer.get(ADDRESS, {"q": query}).context["page"].paginator.count == 0


def test_the_list_is_narrowed_by_county_and_kind(officer: Client, cast: Cast):
    municipality("0180", "Stockholms", county="01")

    assert names(officer, "?lan=23") == ["Åre kommun", "Östersunds kommun"]
    assert names(officer, "?slag=af_region") == ["Arbetsförmedlingen, region Nord"]


@pytest.mark.parametrize("query", ["?q=%00", "?slag=fel", "?lan=99&sida=x", "?sida=-1", "?sida=99999999999999999999"])
def test_what_is_not_understood_filters_nothing(officer: Client, query: str):
    answer = officer.get(f"{ADDRESS}{query}")

    assert (answer.status_code, answer.context["page"].paginator.count) == (200, 5)


def test_a_page_holds_fifty_and_the_next_keeps_the_filter(officer: Client):
    for index in range(60):
        municipality(f"9{index:03}", f"Prov{index:02}")

    first = officer.get(f"{ADDRESS}?q=prov")
    second = officer.get(f"{ADDRESS}?q=prov&sida=2")

    assert (len(first.context["page"]), len(second.context["page"])) == (50, 10)
    assert "?q=prov&amp;sida=2" in first.content.decode()


def test_the_fragment_is_the_same_list_as_on_the_page(officer: Client):
    fragment = officer.get(f"{ADDRESS}?q=are", headers={"HX-Request": "true"})
    page = officer.get(f"{ADDRESS}?q=are")

    assert "<html" not in fragment.content.decode()
    assert fragment.content.decode().split("#}")[-1].strip() in page.content.decode()
    assert "HX-Request" in page["Vary"]


def test_htmx_restoring_from_history_gets_the_whole_page(officer: Client):
    answer = officer.get(ADDRESS, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<html" in answer.content.decode()


def test_ended_contact_points_are_not_counted(coordinator: Client, cast: Cast):
    contact_point(cast.ostersund, by=cast.coordinator)
    ended = contact_point(cast.ostersund, "operative", by=cast.coordinator)
    coordinator.post(f"/kontaktytor/{ended.pk}/avsluta/")

    assert coordinator.get(ADDRESS).context["rows"][0].contact_points == 1


def test_my_organisation_is_the_own_one_or_the_list_for_those_with_several_or_none(client: Client, cast: Cast):
    Organisation.objects.create(kind="af_unit", side="af", name="AF Östersund", short_name="Ö", parent=cast.nord)
    found = {}
    for who in ("coordinator", "af_coordinator", "administrator"):
        client.force_login(getattr(cast, who))
        found[who] = client.get("/min-organisation/")["Location"]

    own = f"/organisationer/{cast.ostersund.pk}/"
    assert found == {"coordinator": own, "af_coordinator": ADDRESS, "administrator": ADDRESS}


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_asks_as_much_for_three_as_for_thirty(
    officer: Client, rows: int, django_assert_num_queries: Callable[..., object]
):
    for index in range(rows):
        municipality(f"9{index:03}", f"Prov{index:02}")

    with django_assert_num_queries(5):
        officer.get(f"{ADDRESS}?q=prov")
