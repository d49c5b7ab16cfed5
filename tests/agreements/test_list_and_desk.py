"""The list of agreements, and "Mitt arbete": what one sees and what waits for whom."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.actions import checking, negotiating, writing
from agreements.models import Flag, Version
from contacts.models import Event
from municipalities.models import Organisation
from tests.agreements.forms import tree_of, words_of
from tests.cast import Cast
from tests.factories import TODAY, accepted, draft, in_force, municipality, proposed

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)
LIST = "/overenskommelser/"


def heads(response: Any) -> list[str]:
    return ["".join(th.itertext()).strip() for th in tree_of(response).iter("th") if th.get("scope") == "row"]


def start(cast: Cast, organisation: Organisation) -> Version:
    return writing.start_agreement(by=cast.af_coordinator, municipalities=[organisation], af=cast.nord, today=TODAY)


def desk(client: Client, user: Any) -> Any:
    client.force_login(user)
    return client.get(reverse("my_work"))


def piles(response: Any) -> dict[str, list[str]]:
    """Heading of each pile → the links in it."""
    found = {}
    for section in tree_of(response).iter("section"):
        heading = "".join(next(section.iter("h2")).itertext()).strip()
        found[heading] = [a.get("href", "") for li in section.iter("li") for a in li.iter("a")]
    return found


def test_municipalities_stand_in_swedish_order(client: Client, cast: Cast) -> None:
    for organisation in (cast.ostersund, cast.are, municipality("2326", "Bergs"), municipality("2399", "Älvs")):
        start(cast, organisation)
    client.force_login(cast.af_coordinator)

    assert heads(client.get(LIST)) == ["Bergs kommun", "Åre kommun", "Älvs kommun", "Östersunds kommun"]


def test_the_filters_are_in_the_address(client: Client, cast: Cast) -> None:
    in_force(cast)
    start(cast, cast.are)
    client.force_login(cast.officer)

    assert heads(client.get(LIST, {"q": "are"})) == ["Åre kommun"]
    assert heads(client.get(LIST, {"status": "in_force"})) == ["Östersunds kommun"]
    assert heads(client.get(LIST, {"q": "nord", "status": "draft"})) == ["Åre kommun"]
    assert heads(client.get(LIST, {"visa": "flaggade"})) == []
    reference = Version.objects.get(state="draft").agreement.reference
    assert heads(client.get(LIST, {"q": reference})) == ["Åre kommun"]


@pytest.mark.parametrize("nonsense", ["?sida=banan", "?sida=9999", "?status=x&visa=y", "?q=%00%E2%80%AE", "?q=%25_'"])
def test_an_address_that_makes_no_sense_is_still_a_page(client: Client, cast: Cast, nonsense: str) -> None:
    client.force_login(cast.coordinator)

    assert client.get(LIST + nonsense).status_code == 200


def test_one_sees_only_ones_own(client: Client, cast: Cast) -> None:
    draft(cast)
    client.force_login(cast.outsider)

    assert "Här finns inga överenskommelser än" in words_of(client.get(LIST))


def test_a_discarded_draft_is_shown_only_when_asked_for(client: Client, cast: Cast) -> None:
    negotiating.discard(by=cast.coordinator, version_id=draft(cast).pk, reason="Dubblett.")
    client.force_login(cast.coordinator)

    assert heads(client.get(LIST)) == []
    assert heads(client.get(LIST, {"status": "discarded"})) == ["Östersunds kommun"]


def test_the_fragment_is_the_pages_own_list(client: Client, cast: Cast) -> None:
    draft(cast)
    client.force_login(cast.coordinator)

    part = client.get(LIST, headers={"HX-Request": "true", "HX-Target": "lista"})

    assert part.content.decode().strip() in client.get(LIST).content.decode()
    assert "HX-Target" in part.headers["Vary"]


def test_a_municipality_without_agreement_is_invited_to_start_one(client: Client, cast: Cast) -> None:
    text = words_of(desk(client, cast.coordinator))

    assert "Östersunds kommun har ingen gällande överenskommelse" in text
    assert "Inget väntar på dig" in text


def test_a_draft_waits_for_both_parties_with_what_is_left(client: Client, cast: Cast) -> None:
    draft(cast)

    for user in (cast.coordinator, cast.af_coordinator):
        answer = desk(client, user)
        assert "Utkast att skriva klart (1)" in piles(answer)
        assert "26 saker återstår att fylla i." in words_of(answer)


def test_a_draft_says_who_began_it(client: Client, cast: Cast) -> None:
    draft(cast)

    assert "Startad av Östersunds kommun." in words_of(desk(client, cast.af_coordinator))


def test_a_discarded_draft_is_told_to_the_other_party_for_a_month(client: Client, cast: Cast) -> None:
    version = draft(cast)
    negotiating.discard(by=cast.af_coordinator, version_id=version.pk, reason="Fel region.")

    theirs = desk(client, cast.coordinator)

    assert "Kasserad av Arbetsförmedlingen, region Nord: Fel region." in words_of(theirs)
    assert piles(theirs)["Kasserade av den andra parten (1)"] == [reverse("agreement", args=(version.pk,))]
    assert "Kasserad av" not in words_of(desk(client, cast.af_coordinator))
    assert "Kasserad av" not in words_of(desk(client, cast.outsider))
    Version.objects.update(discarded_at=timezone.now() - datetime.timedelta(days=31))
    Event.objects.create(type="test.a_month_has_passed", subject=version.subject)
    assert "Kasserad av" not in words_of(desk(client, cast.coordinator))


def test_a_proposal_waits_for_the_other_party(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    address = reverse("agreement", args=(version.pk,))

    assert piles(desk(client, cast.af_coordinator))["Att granska (1)"] == [address]
    assert piles(desk(client, cast.coordinator))["Väntar på andra (1)"] == [address]


def test_what_was_sent_back_comes_with_its_reason(client: Client, cast: Cast) -> None:
    negotiating.send_back(by=cast.af_coordinator, version_id=proposed(cast).pk, reason="Målen är för många.")

    answer = desk(client, cast.coordinator)

    assert "Tillbaka från den andra parten (1)" in piles(answer)
    assert "Målen är för många." in words_of(answer)


def test_an_accepted_text_waits_for_each_signatory(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    party = version.parties.get(side="af")

    assert piles(desk(client, cast.af_signatory))["Att underteckna (1)"] == [
        reverse("sign", args=(version.pk, party.pk))
    ]
    assert "Att underteckna (1)" not in piles(desk(client, cast.coordinator))


def test_a_flag_waits_with_a_link_to_its_field(client: Client, cast: Cast) -> None:
    version = draft(cast)
    raw = {"goals": [{"what": "Mål", "responsible": "Anna Lindqvist"}]}
    writing.save_section(by=cast.coordinator, version_id=version.pk, key="goals", raw=raw, revision=0)
    checking.recheck(version_ids=[version.pk], now=NOW)

    [address] = piles(desk(client, cast.coordinator))["Att rätta (1)"]

    assert address.endswith("/avsnitt/goals/#id_goals-0-responsible")


def test_what_the_other_party_can_mend_stands_apart_with_who_can_mend_it(client: Client, cast: Cast) -> None:
    version = draft(cast)
    where = {"version": version, "organisation": cast.nord, "rule": "mixed_contact", "section_key": "contacts"}
    Flag.objects.create(**where, subject="contact:0", severity="serious", reason="Blandad.", mend="Byt.")

    response = desk(client, cast.coordinator)

    assert "Att rätta (1)" not in piles(response)
    assert len(piles(response)["Väntar på att motparten rättar (1)"]) == 1
    assert f"Allvarlig Blandad. Byt. {version.title}. {cast.nord.name}" in words_of(response)


def test_an_agreement_that_soon_ends_waits_for_renewal(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    Version.objects.filter(pk=version.pk).update(period_end=timezone.localdate() + datetime.timedelta(days=60))

    assert "Upphör inom sex månader (1)" in piles(desk(client, cast.coordinator))


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("officer", "Nationell lägesbild"),
        ("skr_reader", "Nationell mall för överenskommelse, version 1"),
        ("administrator", "Behörigheter"),
        ("reader", "Här finns inga gällande överenskommelser än"),
        ("signatory", "Inget väntar på dig"),
    ],
)
def test_every_role_has_a_page_that_makes_sense(client: Client, cast: Cast, role: str, words: str) -> None:
    assert words in words_of(desk(client, getattr(cast, role)))


def test_lists_cost_the_same_with_three_rows_and_with_thirty(client: Client, cast: Cast) -> None:
    client.force_login(cast.af_coordinator)
    counts = []
    for first, last in ((0, 3), (3, 30)):
        for number in range(first, last):
            start(cast, municipality(f"99{number:02}", f"By{number:02}"))
        costs = []
        for address in (LIST, reverse("my_work"), reverse("agreement_start")):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            costs.append(len(seen))
        counts.append(costs)
    assert counts[0] == counts[1]
    assert counts[1][0] <= 7
    assert counts[1][1] <= 16
