"""The agreement's page: what is left, what is flagged, what can be done, and who sees which names."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.actions import checking, negotiating, writing
from agreements.models import Version
from contacts import actions as contact_actions
from contacts.models import Event
from tests.agreements.forms import ids_of, save, tree_of, words_of
from tests.cast import Cast
from tests.factories import TODAY, accepted, contact_point, draft, fill, in_force, proposed

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)


def page(client: Client, user: object, version: Version, name: str = "agreement") -> Any:
    client.force_login(user)  # type: ignore[arg-type]
    return client.get(reverse(name, args=(version.pk,)))


def check(version: Version) -> None:
    """What the worker does."""
    checking.recheck(version_ids=[version.pk], now=NOW)
    Event.objects.update(pending=False)


def write(version: Version, cast: Cast, text: str, revision: int = 0) -> None:
    raw = {"local_situation": f"<p>{text}</p>"}
    writing.save_section(by=cast.coordinator, version_id=version.pk, key="background", raw=raw, revision=revision)


def links(response: Any) -> dict[str, str]:
    return {" ".join("".join(a.itertext()).split()): a.get("href", "") for a in tree_of(response).iter("a")}


def test_all_sections_stand_on_the_page(client: Client, cast: Cast) -> None:
    version = draft(cast)

    ids = ids_of(page(client, cast.coordinator, version))

    assert {f"avsnitt-{key}" for key in version.sections.values_list("key", flat=True)} <= ids


def test_everything_that_is_left_leads_to_a_field_that_exists(client: Client, cast: Cast) -> None:
    version = draft(cast)
    writing.save_section(
        by=cast.coordinator, version_id=version.pk, key="goals", raw={"goals": [{"what": "Mål"}]}, revision=0
    )

    answer = page(client, cast.coordinator, version)
    addresses = [
        a.get("href", "") for e in tree_of(answer).iter("section") if e.get("id") == "kvar" for a in e.iter("a")
    ]

    assert len(addresses) > 20
    fields: dict[str, set[str]] = {}
    for address in addresses:
        place, _, anchor = address.partition("#")
        fields.setdefault(place, ids_of(client.get(place)))
        assert anchor in fields[place], address


def test_a_reader_sees_the_text_and_no_way_to_change_it(client: Client, cast: Cast) -> None:
    answer = page(client, cast.reader, draft(cast))

    assert not [address for address in links(answer).values() if "/avsnitt/" in address or "/foresla/" in address]
    assert "Parterna skriver" in words_of(answer)


def test_flagged_words_are_marked_and_lead_to_their_field(client: Client, cast: Cast) -> None:
    version = draft(cast)
    write(version, cast, "Kontakta Anna Lindqvist, anna.lindqvist@ostersund.se.")
    check(version)

    answer = page(client, cast.coordinator, version)

    marked = {"".join(mark.itertext()) for mark in tree_of(answer).iter("mark")}
    assert marked == {"Anna Lindqvist", "anna.lindqvist@ostersund.se"}
    assert links(answer)["Rätta här"].endswith("/avsnitt/background/#id_local_situation")


def test_a_mended_text_closes_its_flags_and_both_stand_in_history(client: Client, cast: Cast) -> None:
    version = draft(cast)
    write(version, cast, "Kontakta Anna Lindqvist.")
    check(version)
    page(client, cast.coordinator, version)
    write(version, cast, "Kontakta enheten.", revision=1)
    check(version)

    assert "Anna Lindqvist" not in words_of(page(client, cast.coordinator, version))
    history = words_of(page(client, cast.coordinator, version, "agreement_history"))
    assert "Kontrollen hittade något att rätta" in history
    assert "Rättat, flaggan är stängd" in history


def test_the_flags_ask_again_until_the_check_is_done(client: Client, cast: Cast) -> None:
    version = draft(cast)
    address = reverse("agreement_flags", args=(version.pk,))
    client.force_login(cast.coordinator)

    waiting = client.get(address).content.decode()
    tired = client.get(address, {"varv": "20"}).content.decode()
    check(version)
    done = client.get(address).content.decode()

    assert ("every 2s" in waiting, "every 2s" in tired, "every 2s" in done) == (True, False, False)
    assert "Kontrollen dröjer" in tired


def test_the_panel_of_flags_is_the_pages_own(client: Client, cast: Cast) -> None:
    version = draft(cast)
    write(version, cast, "Kontakta Anna Lindqvist.")
    check(version)

    whole = page(client, cast.coordinator, version).content.decode()

    assert client.get(reverse("agreement_flags", args=(version.pk,))).content.decode().strip() in whole


@pytest.mark.parametrize(
    ("role", "sees"),
    [("coordinator", True), ("af_signatory", True), ("officer", True), ("reader", True), ("skr_reader", False)],
)
def test_names_are_for_those_who_may_see_them(client: Client, cast: Cast, role: str, sees: bool) -> None:
    version = in_force(cast)
    point = version.contacts.filter(party__side="municipality").first()
    assert point is not None
    contact_actions.change_holder(
        by=cast.coordinator, contact_point_id=point.contact_point_id, name="Maria Nordin", today=TODAY
    )

    text = words_of(page(client, getattr(cast, role), version))
    history = words_of(page(client, getattr(cast, role), version, "agreement_history"))

    assert ("Maria Nordin" in text, "Karl Chef" in text) == (sees, sees)
    assert ("Sara Ordnare" in history, "Karl Chef" in history) == (sees, sees)
    assert "Samordnare, kommun" in history


@pytest.mark.parametrize(
    ("make", "role", "words", "button"),
    [
        (draft, "coordinator", "återstår innan", "Fortsätt skriva"),
        (proposed, "coordinator", "Väntar på att Arbetsförmedlingen, region Nord granskar", "Öppna igen för ändring"),
        (proposed, "af_coordinator", "har föreslagit texten", "Godta texten"),
        (accepted, "signatory", "Texten är fastställd", "Läs och underteckna för Östersunds kommun"),
        (in_force, "coordinator", "Undertecknad av alla parter", "Historik: vem som har gjort vad"),
    ],
)
def test_the_page_says_where_it_stands_and_what_comes_next(
    client: Client, cast: Cast, make: Any, role: str, words: str, button: str
) -> None:
    answer = page(client, getattr(cast, role), make(cast))

    assert words in words_of(answer)
    assert button in links(answer)


def test_both_signatures_stand_on_the_page(client: Client, cast: Cast) -> None:
    version = in_force(cast)

    text = words_of(page(client, cast.coordinator, version))

    assert "Karl Chef, Förvaltningschef" in text
    assert "Eva Regionchef, Förvaltningschef" in text
    assert version.text_hash in text


def test_the_signed_text_stays_when_the_register_changes(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    row = version.contacts.filter(party__side="municipality").first()
    assert row is not None
    contact_actions.end_contact_point(by=cast.coordinator, contact_point_id=row.contact_point_id, today=TODAY)

    version.refresh_from_db()
    assert row.contact_point.mailbox in words_of(page(client, cast.coordinator, version))


def test_what_is_kept_in_the_cache_is_never_old(client: Client, cast: Cast) -> None:
    version = fill(draft(cast), cast)
    check(version)
    first = words_of(page(client, cast.coordinator, version))
    save(client, version, "employers", cooperation="<p>Nya ord.</p>")
    second = words_of(page(client, cast.coordinator, version))
    negotiating.propose(by=cast.coordinator, version_id=version.pk)

    assert "Nya ord." not in first
    assert "Nya ord." in second
    assert "Redigera" not in words_of(page(client, cast.coordinator, version))


def test_a_page_made_anew_is_the_page_that_was_kept(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    check(version)
    made = words_of(page(client, cast.coordinator, version))
    kept = words_of(page(client, cast.coordinator, version))
    cache.clear()

    assert made == kept == words_of(page(client, cast.coordinator, version))


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def many_contacts(version: Version, cast: Cast, number: int) -> None:
    party = version.parties.get(side="municipality")
    points = [contact_point(cast.ostersund, "operative", by=cast.coordinator, mailbox="") for _ in range(number)]
    chosen = [writing.ChosenContact(party.pk, point.pk, "operative") for point in points]
    revision = version.sections.get(key="contacts").revision
    writing.choose_contacts(
        by=cast.coordinator, version_id=version.pk, key="contacts", chosen=chosen, revision=revision
    )
    for point in points:
        contact_actions.change_contact_point(
            by=cast.coordinator, contact_point_id=point.pk, facts=point_facts(point), revision=1
        )


def point_facts(point: Any) -> dict[str, Any]:
    return {field: getattr(point, field) for field in contact_actions.CONTACT_FIELDS} | {"phone": "070-123 45 67"}


def test_the_page_costs_the_same_with_three_contacts_and_flags_and_with_thirty(client: Client, cast: Cast) -> None:
    version = draft(cast)
    client.force_login(cast.coordinator)
    address = reverse("agreement", args=(version.pk,))
    counts = {}
    many_contacts(version, cast, 1)
    check(version)
    for number in (3, 30):
        many_contacts(version, cast, number)
        cold = queries(client, address)
        check(version)
        counts[number] = (
            cold,
            queries(client, address),
            queries(client, reverse("section_edit", args=(version.pk, "contacts"))),
        )
    assert version.flags.filter(closed_at=None, rule="mixed_contact").count() == 30
    assert counts[3] == counts[30]
    assert max(counts[30]) <= 16
    assert counts[30][1] <= 8
