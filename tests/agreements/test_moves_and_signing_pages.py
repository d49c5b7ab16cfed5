"""The pages of the moves, of starting and of signing: what they ask, refuse and say."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.actions import checking, negotiating
from agreements.gather import Whole
from agreements.models import Signature, Version
from agreements.states import State
from contacts.actions import change_contact_point
from tests.agreements.forms import ids_of, tree_of, words_of
from tests.cast import PASSWORD, Cast
from tests.factories import accepted, contact_facts, contact_point, draft, fill, proposed, sign_for

START = "/overenskommelser/ny/"


def move(client: Client, user: Any, version: Version, name: str, **data: str) -> Any:
    client.force_login(user)
    return client.post(reverse(name, args=(version.pk,)), data, follow=True)


def sign_address(version: Version, side: str = "municipality") -> str:
    return reverse("sign", args=(version.pk, version.parties.get(side=side).pk))


def ready(client: Client, user: Any, address: str) -> None:
    """Logged in, with the text opened and identity proven."""
    client.force_login(user)
    client.get(address)
    client.post(reverse("prove"), {"password": PASSWORD})


def decision(version: Version, **changes: str) -> dict[str, str]:
    return {
        "function": "Förvaltningschef",
        "kind": "delegation",
        "reference": "§ 27",
        "date": str(timezone.localdate()),
        "read": "on",
        "seen_hash": version.text_hash,
    } | changes


def test_a_proposal_that_is_refused_says_what_is_left(client: Client, cast: Cast) -> None:
    answer = move(client, cast.coordinator, draft(cast), "propose")

    assert answer.status_code == 409
    assert "26 saker återstår" in words_of(answer)
    assert len([a for a in tree_of(answer).iter("a") if "/avsnitt/" in a.get("href", "")]) == 26


def test_the_whole_way_by_its_pages(client: Client, cast: Cast) -> None:
    version = fill(draft(cast), cast)
    move(client, cast.coordinator, version, "propose")
    move(client, cast.af_coordinator, version, "accept")
    version.refresh_from_db()
    for user, side in ((cast.signatory, "municipality"), (cast.af_signatory, "af")):
        ready(client, user, sign_address(version, side))
        answer = client.post(sign_address(version, side), decision(version), follow=True)

    version.refresh_from_db()
    assert version.state == State.IN_FORCE
    assert "Överenskommelsen är nu bindande" in words_of(answer)


def test_looking_at_a_move_changes_nothing(client: Client, cast: Cast) -> None:
    version = fill(draft(cast), cast)
    client.force_login(cast.coordinator)

    assert client.get(reverse("propose", args=(version.pk,))).status_code == 200
    version.refresh_from_db()
    assert version.state == State.DRAFT


@pytest.mark.parametrize("reason", ["", "ab", "\x00\x00\x00", "x" * 1001])
def test_a_reason_is_asked_for_and_kept(client: Client, cast: Cast, reason: str) -> None:
    answer = move(client, cast.coordinator, draft(cast), "discard", reason=reason)

    assert answer.status_code == 422
    assert "id_reason_error" in ids_of(answer)


def test_a_move_that_is_not_open_leads_back_with_a_word(client: Client, cast: Cast) -> None:
    version = draft(cast)
    client.force_login(cast.coordinator)

    answer = client.get(reverse("accept", args=(version.pk,)), follow=True)

    assert "Överenskommelsen är ett utkast och kan inte godtas." in words_of(answer)


def test_sending_back_by_its_page(client: Client, cast: Cast) -> None:
    version = proposed(cast)

    answer = move(client, cast.af_coordinator, version, "send_back", reason="Målen går inte att mäta.")

    version.refresh_from_db()
    assert version.state == State.DRAFT
    assert "tillbaka som utkast" in words_of(answer)


def test_ones_own_municipality_and_region_are_chosen_beforehand(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)

    tree = tree_of(client.get(START))

    ticked = [
        i.get("value") for i in tree.iter("input") if i.get("checked") is not None and i.get("name") == "municipalities"
    ]
    chosen = [o.get("value") for o in tree.iter("option") if o.get("selected") is not None]
    assert (ticked, chosen) == ([str(cast.ostersund.pk)], [str(cast.nord.pk)])


def test_several_municipalities_are_started_together(client: Client, cast: Cast) -> None:
    client.force_login(cast.af_coordinator)

    answer = client.post(START, {"municipalities": [cast.ostersund.pk, cast.are.pk], "af": cast.nord.pk})

    version = Version.objects.get()
    assert answer.headers["Location"] == reverse("agreement", args=(version.pk,))
    assert version.parties.count() == 3


@pytest.mark.parametrize(
    "data", [{}, {"municipalities": ["999999"], "af": "1"}, {"municipalities": ["x"], "af": "\x00"}]
)
def test_a_start_without_parties_says_what_is_missing(client: Client, cast: Cast, data: dict[str, Any]) -> None:
    client.force_login(cast.coordinator)

    answer = client.post(START, data)

    assert answer.status_code == 422
    assert "Överenskommelsen är inte startad" in words_of(answer)
    assert not Version.objects.exists()


def test_a_second_draft_is_refused_with_a_link_to_the_first(client: Client, cast: Cast) -> None:
    version = draft(cast)
    client.force_login(cast.coordinator)

    answer = client.post(START, {"municipalities": [cast.ostersund.pk], "af": cast.nord.pk})

    assert "har redan en överenskommelse under arbete" in words_of(answer)
    assert reverse("agreement", args=(version.pk,)) in {a.get("href") for a in tree_of(answer).iter("a")}


def test_only_somebody_elses_municipality_is_refused_at_the_field_and_the_choice_is_kept(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.outsider)

    answer = client.post(START, {"municipalities": [cast.ostersund.pk], "af": cast.nord.pk})

    assert answer.status_code == 422
    assert "Du startar bara överenskommelser där din egen organisation är part." in words_of(answer)
    boxes = [i for i in tree_of(answer).iter("input") if i.get("name") == "municipalities"]
    assert [i.get("value") for i in boxes if i.get("checked") is not None] == [str(cast.ostersund.pk)]
    assert not Version.objects.exists()


def test_the_signatory_sees_the_fixed_text_and_its_hash(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.signatory)

    answer = client.get(sign_address(version))

    assert version.text_hash in words_of(answer)
    assert "Gemensamma besök hos arbetsgivare." in words_of(answer)
    assert 'value="Förvaltningschef"' in answer.content.decode()


@pytest.mark.parametrize("others", [[], ["af"]])
def test_who_comes_second_is_told_that_the_party_has_signed(client: Client, cast: Cast, others: list[str]) -> None:
    version = accepted(cast)
    for side in (*others, "municipality"):
        user = cast.signatory if side == "municipality" else cast.af_signatory
        sign_for(version, side, user, now=timezone.now())
    client.force_login(cast.signatory)

    answer = client.post(sign_address(version), decision(version), follow=True)

    assert "Östersunds kommun har redan undertecknat." in words_of(answer)
    assert "Du har inte undertecknat än" not in words_of(answer)


def test_ones_own_proposal_is_not_accepted_by_oneself(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    client.force_login(cast.coordinator)

    assert "Ni har själva föreslagit texten." in words_of(
        client.get(f"/overenskommelser/{version.pk}/godta/", follow=True)
    )


def test_nobody_signs_unread(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.signatory)

    answer = client.post(sign_address(version), {k: v for k, v in decision(version).items() if k != "read"})

    assert answer.status_code == 422
    assert 'value="§ 27"' in answer.content.decode()
    assert not Signature.objects.exists()


def test_a_text_that_changed_meanwhile_is_shown_again_and_must_be_read_again(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.signatory)

    answer = client.post(sign_address(version), decision(version, seen_hash="0" * 64))

    assert answer.status_code == 409
    assert "Läs den igen" in words_of(answer)
    box = next(i for i in tree_of(answer).iter("input") if i.get("name") == "read")
    assert box.get("checked") is None
    assert version.text_hash in [i.get("value") for i in tree_of(answer).iter("input")]


def test_a_text_that_was_reopened_is_not_signed(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    seen = decision(version)
    negotiating.reopen(by=cast.coordinator, version_id=version.pk, reason="Fel datum.")
    client.force_login(cast.signatory)

    answer = client.post(sign_address(version), seen, follow=True)

    assert "Överenskommelsen har öppnats igen och kan inte undertecknas." in words_of(answer)
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": "2099-01-01"},
        {"date": "igår"},
        {"date": "0001-01-01"},
        {"kind": "x"},
        {"function": ""},
        {"function": "a" * 121},
        {"reference": "19811218-9876"},
        {"reference": "\x00"},
    ],
)
def test_a_wrong_decision_is_told_and_nothing_is_signed(client: Client, cast: Cast, wrong: dict[str, str]) -> None:
    version = accepted(cast)
    ready(client, cast.signatory, sign_address(version))

    answer = client.post(sign_address(version), decision(version, **wrong))

    assert answer.status_code in (409, 422)
    assert "Du har inte undertecknat än" in words_of(answer)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("role", ["af_coordinator", "signatory"])
def test_who_accepts_or_signs_is_told_what_the_check_has_found(client: Client, cast: Cast, role: str) -> None:
    version = fill(draft(cast), cast)
    point = version.contacts.filter(party__side="municipality")[0].contact_point
    facts = contact_facts(cast.ostersund, "strategic", function_text="Anna Lindqvist", mailbox="", phone="")
    change_contact_point(by=cast.coordinator, contact_point_id=point.pk, facts=facts, revision=1)
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    address = reverse("accept", args=(version.pk,))
    if role == "signatory":
        negotiating.accept(by=cast.af_coordinator, version_id=version.pk)
        address = sign_address(version)
    checking.recheck(version_ids=[version.pk], now=timezone.now())
    client.force_login(getattr(cast, role))

    found = words_of(client.get(address))

    assert "Kontrollen har hittat" in found


def test_the_signatory_sees_who_holds_the_functions_today(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.signatory)

    text = words_of(client.get(sign_address(version)))

    assert "din roll ger inte rätt till namn" not in text
    assert "ingen innehavare är angiven" in text


def test_history_says_the_last_day_and_why_the_first_one_moved(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    late = datetime.datetime(2026, 12, 24, 12, tzinfo=datetime.UTC)
    for side, user in (("municipality", cast.signatory), ("af", cast.af_signatory)):
        sign_for(version, side, user, now=late)
    client.force_login(cast.coordinator)

    text = words_of(client.get(reverse("agreement_history", args=(version.pk,))))

    assert "Gäller från 2026-12-24 till och med 2028-12-31." in text
    assert "Texten säger 2026-11-22, men den sista underskriften kom senare." in text


def test_each_missing_contact_point_leads_to_its_party_and_level(client: Client, cast: Cast) -> None:
    version = draft(cast)
    client.force_login(cast.coordinator)

    answer = client.get(reverse("section_edit", args=(version.pk, "contacts")))

    wanted = {f"id_contacts-{index}-{level}" for index in (0, 1) for level in ("strategic", "operative")}
    assert wanted <= ids_of(answer)
    assert {item.anchor for item in Whole(version).left if item.section == "contacts"} == wanted


def test_support_is_no_level(client: Client, cast: Cast) -> None:
    version = draft(cast)
    contact_point(cast.ostersund, "support", by=cast.coordinator)
    client.force_login(cast.coordinator)

    text = words_of(client.get(reverse("section_edit", args=(version.pk, "contacts"))))

    assert "Stödfunktioner (valfritt)" in text
    assert "Stöd nivå" not in text


def test_an_empty_signature_is_refused_in_our_own_words(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.signatory)

    answer = client.post(sign_address(version))

    text = words_of(answer)
    assert answer.status_code == 422
    assert "Skriv i vilken funktion du undertecknar." in text
    assert "Välj på vilken grund du undertecknar." in text
    assert "Seen hash" not in text
    assert "Det här fältet måste fyllas i" not in text
