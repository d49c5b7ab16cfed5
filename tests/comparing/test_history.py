"""The history filtered, leafed through and fetched as a file."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.actions import negotiating
from agreements.models import Version
from contacts.models import Event
from tests import factories
from tests.agreements.forms import tree_of, words_of
from tests.agreements.test_amending import amend
from tests.agreements.test_without_names import SURNAME, named_everywhere
from tests.cast import Cast
from tests.comparing.test_compare_page import rows, write


def history(client: Client, user: Any, version: Version, **query: str) -> Any:
    client.force_login(user)
    return client.get(reverse("agreement_history", args=(version.pk,)), query)


def told(answer: Any) -> list[str]:
    return ["".join(strong.itertext()) for strong in tree_of(answer).findall(".//ol/li/p/strong")]


def as_text(client: Client, user: Any, version: Version, kind: str, **query: str) -> str:
    client.force_login(user)
    answer = client.get(reverse(f"history_{kind}", args=(version.pk,)), query)
    return b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]


def table(client: Client, user: Any, version: Version, **query: str) -> list[dict[str, str]]:
    text = as_text(client, user, version, "csv", **query).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def version(cast: Cast) -> Version:
    version = factories.proposed(cast)
    return negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason="Fler mål.")


@pytest.mark.parametrize(
    ("query", "first", "number"),
    [
        ({"slag": "steg"}, "Skickade tillbaka överenskommelsen", 3),
        ({"slag": "uppgifter"}, "Valde kontaktytor", 3),
        ({"avsnitt": "goals"}, "Ändrade avsnitt 4 Gemensamma mål", 1),
        ({"avsnitt": "validity"}, "Ändrade giltighetstiden", 1),
        ({"avsnitt": "contacts"}, "Valde kontaktytor", 1),
    ],
)
def test_the_history_is_filtered_by_kind_and_section(
    client: Client, cast: Cast, version: Version, query: dict[str, str], first: str, number: int
) -> None:
    found = told(history(client, cast.coordinator, version, **query))

    assert (found[0], len(found)) == (first, number)


def test_a_filter_that_is_not_on_the_list_is_no_filter(client: Client, cast: Cast, version: Version) -> None:
    found = told(history(client, cast.coordinator, version, slag="okänt", avsnitt="okänt", vem="x"))

    assert len(found) == Event.objects.about(version.subject).count()


def test_the_history_is_filtered_by_person(client: Client, cast: Cast, version: Version) -> None:
    found = told(history(client, cast.coordinator, version, vem=str(cast.af_coordinator.pk)))

    assert found == ["Skickade tillbaka överenskommelsen"]


def test_filters_go_along_to_the_next_page_and_to_the_file(client: Client, cast: Cast, version: Version) -> None:
    for number in range(60):
        write(version, cast, "goals", goals=[{"what": f"Mål {number}"}])

    answer = history(client, cast.coordinator, version, avsnitt="goals")

    assert len(told(answer)) == 50
    assert "?avsnitt=goals&amp;sida=2" in answer.content.decode()
    assert (
        len(table(client, cast.coordinator, version, avsnitt="goals")) == 1 + 2 * 60
    )  # a row written, then sixty times one out and one in


def test_filters_that_nothing_matches_say_so(client: Client, cast: Cast, version: Version) -> None:
    assert "Inget i historiken stämmer med filtren." in words_of(history(client, cast.coordinator, version, slag="pdf"))


def test_the_file_tells_who_in_what_function_when_before_and_after(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>Först.</p>")
    write(version, cast, "employers", cooperation="<p>Sedan.</p>")

    newest = table(client, cast.coordinator, version)[0]

    facts = {key: newest[key] for key in ("Vem", "Funktion", "Händelse", "Före", "Efter")}
    assert facts == {
        "Vem": "Sara Ordnare",
        "Funktion": "Samordnare, kommun, Östersunds kommun",
        "Händelse": "Ändrade avsnitt 11 Arbetsgivare och kompetensförsörjning",
        "Före": "Först.",
        "Efter": "Sedan.",
    }
    assert newest["Tidpunkt"].endswith("+01:00")


def test_the_file_holds_long_texts_whole_and_the_page_cuts_them(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>" + "Ett långt ord. " * 400 + "Slutet</p>")

    assert table(client, cast.coordinator, version)[0]["Efter"].endswith("Slutet")
    assert "Slutet" not in words_of(history(client, cast.coordinator, version))


def test_nothing_in_the_file_is_run_as_a_formula(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>=1+1</p>")

    assert table(client, cast.coordinator, version)[0]["Efter"] == "'=1+1"


def test_the_history_can_be_read_by_machines(client: Client, cast: Cast, version: Version) -> None:
    data = json.loads(as_text(client, cast.coordinator, version, "json", slag="steg"))

    assert data["agreement"] == version.agreement.reference
    assert [event["type"] for event in data["events"]] == [
        "agreement.send_back",
        "agreement.propose",
        "agreement.started",
    ]
    assert data["events"][0]["who"] == "Ali Ordnare"
    assert "Fler mål." in data["events"][0]["note"]


def test_an_empty_selection_is_still_a_file(client: Client, cast: Cast, version: Version) -> None:
    assert json.loads(as_text(client, cast.coordinator, version, "json", slag="pdf"))["events"] == []
    assert table(client, cast.coordinator, version, slag="pdf") == []


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_files_hold_no_names_for_one_who_may_see_none(client: Client, cast: Cast, kind: str) -> None:
    version = named_everywhere(cast)

    text = as_text(client, cast.skr_reader, version, kind).lower()

    assert SURNAME not in text
    assert 'ordnare"' not in text.replace("samordnare", "")
    assert "sara" not in text


def test_who_has_written_is_told_by_function_alone_to_one_who_sees_no_names(
    client: Client, cast: Cast, version: Version
) -> None:
    page = words_of(history(client, cast.skr_reader, version))

    assert "Samordnare, kommun, Östersunds kommun" in page
    assert "Sara" not in page


def test_a_change_leads_to_the_comparison_with_now(client: Client, cast: Cast, version: Version) -> None:
    saved = Event.objects.filter(type="agreement.section_saved").latest("pk")

    page = history(client, cast.coordinator, version).content.decode()
    address = f"{reverse('comparison', args=(version.pk,))}?fran=handelse-{saved.pk}"

    assert address in page
    assert client.get(address).status_code == 200


def test_what_belongs_to_an_earlier_version_is_not_compared_with_this_one(client: Client, cast: Cast) -> None:
    new = amend(factories.in_force(cast), cast)

    page = history(client, cast.coordinator, new).content.decode()

    assert page.count("?fran=handelse-") == 1


def test_the_number_of_questions_does_not_grow_with_the_history(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    counts: dict[str, list[int]] = {"agreement_history": [], "history_csv": [], "history_json": []}
    for number in (3, 30):
        for size in range(number):
            write(version, cast, "goals", goals=rows(size + 1))
        client.force_login(cast.coordinator)
        for name, found in counts.items():
            with CaptureQueriesContext(connection) as captured:
                b"".join(client.get(reverse(name, args=(version.pk,))))
            found.append(len(captured))

    assert {name: len(set(found)) for name, found in counts.items()} == dict.fromkeys(counts, 1)
    assert max(max(found) for found in counts.values()) <= 12, counts
