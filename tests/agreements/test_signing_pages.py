"""The pages of signing: identity first, what was typed is kept, refusals in words, letters of the address."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.actions import declining
from agreements.models import OpenedText, PrintedCopy, Signature, Version
from agreements.states import State
from contacts.proof import Proof, proof_of
from contacts.roles import Role
from tests import factories
from tests.agreements.forms import tree_of, words_of
from tests.agreements.test_moves_and_signing_pages import decision, ready, sign_address
from tests.cast import PASSWORD, Cast
from tests.factories import accepted, sign_for


def route(version: Version, name: str, side: str = "municipality") -> str:
    return reverse(name, args=(version.pk, version.parties.get(side=side).pk))


def prove(client: Client, **data: str) -> Any:
    return client.post(reverse("prove"), {"password": PASSWORD} | data)


# ----------------------------------------------------------------------------------------------------- proving


def test_the_password_is_asked_for_again_and_what_was_typed_is_kept(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.signatory)
    address = sign_address(version)
    client.get(address)

    asked = client.post(address, decision(version, reference="AMN § 4711"))
    assert asked.headers["Location"].startswith("/bekrafta/?next=%2Foverenskommelser")
    back = prove(client, next=f"{address}#underteckna")

    assert back.headers["Location"] == f"{address}#underteckna"
    page = client.get(address)
    assert 'value="AMN § 4711"' in page.content.decode()
    assert "bekräftade du att det är du" in words_of(page)
    boxes = {i.get("name"): i.get("checked") for i in tree_of(page).iter("input") if i.get("type") == "checkbox"}
    assert boxes["read"] is not None
    client.post(address, decision(version, reference="AMN § 4711"))
    assert Signature.objects.get().decision_reference == "AMN § 4711"


def test_no_link_leads_from_the_form_to_the_proof_since_what_was_typed_would_be_lost(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.signatory)

    page = client.get(sign_address(accepted(cast)))

    assert "Du behöver bekräfta att det är du" in words_of(page)
    assert not [a for a in tree_of(page).iter("a") if (a.get("href") or "").startswith(reverse("prove"))]


@pytest.mark.parametrize("password", ["", "fel lösenord", "\x00"])
def test_a_wrong_password_proves_nothing(client: Client, cast: Cast, password: str) -> None:
    client.force_login(cast.signatory)

    answer = prove(client, password=password)

    assert answer.status_code == 422
    assert "proof" not in client.session


@pytest.mark.parametrize(
    "foreign", ["https://annan.example/", "//annan.example/", "/\\annan.example", "javascript:x", ""]
)
def test_one_is_led_on_to_own_pages_alone(client: Client, cast: Cast, foreign: str) -> None:
    client.force_login(cast.signatory)

    assert prove(client, next=foreign).headers["Location"] == reverse("my_work")


def test_a_proof_is_of_one_login_and_fades(client: Client, cast: Cast, rf: Any, settings: Any) -> None:
    client.force_login(cast.signatory)
    prove(client)
    request, now = rf.get("/"), timezone.now()
    request.session = client.session

    found = proof_of(request, now)

    assert isinstance(found, Proof)
    assert (found.method, found.level, found.evidence["login"]) == ("password", "password", cast.signatory.email)
    assert proof_of(request, now + timezone.timedelta(minutes=settings.SIGNING_PROOF_MINUTES + 1)) is None
    client.force_login(cast.af_signatory)
    assert "proof" not in client.session


def test_a_proof_that_is_too_low_is_refused_in_words(client: Client, cast: Cast, settings: Any) -> None:
    settings.SIGNING_LEVEL = "two_factor"
    version = accepted(cast)
    ready(client, cast.signatory, sign_address(version))

    answer = client.post(sign_address(version), decision(version), follow=True)

    assert "För att underteckna krävs två faktorer. Du har bekräftat med lösenord." in words_of(answer)
    assert not Signature.objects.exists()


# ------------------------------------------------------------------------------------------------------ opened


def test_only_a_page_that_was_shown_counts_as_opened(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.signatory)
    client.head(sign_address(version))
    client.get(sign_address(version), headers={"Sec-Purpose": "prefetch"})
    assert not OpenedText.objects.exists()

    client.get(sign_address(version))

    row = OpenedText.objects.get()
    assert (row.user, row.text_hash, row.how) == (cast.signatory, version.text_hash, "page")


def test_who_posts_without_having_opened_is_shown_the_text(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.signatory)
    prove(client)

    answer = client.post(sign_address(version), decision(version))

    assert answer.status_code == 409
    assert "Öppna texten och läs den innan du undertecknar." in words_of(answer)
    assert client.post(sign_address(version), decision(version)).status_code == 302


def test_the_pdf_of_the_fixed_text_counts_as_opened(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    facts = {"variant": "draft", "document": {}, "made_at": timezone.now(), "sha256": "0" * 64, "size": 1}
    PrintedCopy.objects.create(version=version, text_hash="1" * 64, file="x.pdf", **facts)
    client.force_login(cast.signatory)
    address = reverse("copy_download", args=(version.pk, "draft"))
    headers = {"If-None-Match": f'"{"0" * 64}"'}
    client.get(address, headers=headers)
    assert not OpenedText.objects.exists()

    PrintedCopy.objects.update(text_hash=version.text_hash)
    client.get(address, headers=headers)

    assert OpenedText.objects.get().how == "file"


# ----------------------------------------------------------------------------------- declining and taking back


def test_to_decline_by_its_page_tells_all_desks(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=timezone.now())
    client.force_login(cast.af_signatory)

    answer = client.post(route(version, "decline", "af"), {"reason": "Målen går inte att mäta."}, follow=True)

    assert "Du har avböjt för Arbetsförmedlingen, region Nord." in words_of(answer)
    assert "En underskrift som hade lämnats gäller inte längre" in words_of(answer)
    for user in (cast.signatory, cast.coordinator, cast.af_coordinator):
        client.force_login(user)
        assert "Målen går inte att mäta." in words_of(client.get(reverse("my_work")))
    history = words_of(client.get(reverse("agreement_history", args=(version.pk,))))
    assert "Avböjde att underteckna för Arbetsförmedlingen, region Nord" in history
    assert "Karl Chef, Förvaltningschef" in history


def test_the_reason_of_a_refusal_is_covered_for_who_may_not_see_names(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    party, now = version.parties.get(side="af"), timezone.now()
    facts = {"version_id": version.pk, "party_id": party.pk, "reason": "Anna Lindqvist säger nej.", "now": now}
    declining.decline(by=cast.af_signatory, **facts)
    client.force_login(cast.skr_reader)

    for name in ("agreement", "agreement_history"):
        assert "Lindqvist" not in words_of(client.get(reverse(name, args=(version.pk,))))


@pytest.mark.parametrize("name", ["decline", "withdraw"])
def test_a_reason_is_asked_for_at_the_field(client: Client, cast: Cast, name: str) -> None:
    version = accepted(cast)
    if name == "withdraw":
        sign_for(version, "municipality", cast.signatory, now=timezone.now())
    client.force_login(cast.signatory)

    answer = client.post(route(version, name), {"reason": "19811218-9876"})

    assert answer.status_code == 422
    assert "Skälet får inte innehålla personnummer." in words_of(answer)


def test_ones_own_signature_is_taken_back_by_its_page(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=timezone.now())
    client.force_login(cast.signatory)
    page = client.get(reverse("agreement", args=(version.pk,)))
    assert "Ta tillbaka underskriften" in words_of(page)

    answer = client.post(route(version, "withdraw"), {"reason": "Fel beslut."}, follow=True)

    version.refresh_from_db()
    assert version.state == State.ACCEPTED
    assert "Underskriften för Östersunds kommun är tillbakatagen." in words_of(answer)


def test_a_colleague_is_not_offered_to_take_it_back(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=timezone.now())
    client.force_login(factories.member(cast.ostersund, Role.MUNICIPAL_SIGNATORY))

    assert "Ta tillbaka" not in words_of(client.get(reverse("agreement", args=(version.pk,))))
    answer = client.get(route(version, "withdraw"), follow=True)
    assert "Bara den som har undertecknat kan ta tillbaka underskriften." in words_of(answer)
    assert client.post(route(version, "withdraw"), {"reason": "Fel."}).status_code == 403


# --------------------------------------------------------------------------------------------------- the order


def test_who_is_not_in_turn_is_told_whom_to_wait_for(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    municipality, af = (version.parties.get(side=side).pk for side in ("municipality", "af"))
    client.force_login(cast.coordinator)
    answer = client.post(
        reverse("signing_order", args=(version.pk,)), {f"turn-{municipality}": 1, f"turn-{af}": 0}, follow=True
    )
    assert "Ordningen är Arbetsförmedlingen, region Nord, därefter Östersunds kommun." in words_of(answer)

    client.force_login(cast.signatory)
    waiting = words_of(client.get(sign_address(version), follow=True))

    assert "region Nord undertecknar före Östersunds kommun." in waiting
    assert "Läs och underteckna" not in waiting
    assert sign_address(version) not in client.get(reverse("my_work")).content.decode()


def test_a_wrong_order_is_told_at_the_field(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    client.force_login(cast.coordinator)

    answer = client.post(reverse("signing_order", args=(version.pk,)), {})

    assert answer.status_code == 422
    assert "Välj ett nummer." in words_of(answer)


def test_an_order_is_not_changed_once_somebody_has_signed(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=timezone.now())
    client.force_login(cast.coordinator)

    answer = client.get(reverse("signing_order", args=(version.pk,)), follow=True)

    assert "ordningen kan inte ändras" in words_of(answer)


# --------------------------------------------------------------------------------------------------- on behalf


def test_a_commission_needs_both_who_and_decision(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    other = factories.member(cast.ostersund, Role.MUNICIPAL_SIGNATORY)
    ready(client, other, sign_address(version))
    giver = f"u{cast.signatory.pk}"

    for data, said in (
        ({"giver": giver, "commission": ""}, "Skriv beslutet om uppdraget."),
        ({"giver": "", "commission": "D 14"}, "Välj på vems uppdrag du undertecknar"),
        ({"giver": "u999999", "commission": "D 14"}, "Välj någon som har rätt att underteckna"),
        ({"giver": giver, "commission": "19811218-9876"}, "Skriv inte något personnummer här."),
    ):
        answer = client.post(sign_address(version), decision(version, **data))
        assert answer.status_code == 422
        assert said in words_of(answer)


def test_both_names_stand_on_the_page_for_those_who_see_names(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    other = factories.member(cast.ostersund, Role.MUNICIPAL_SIGNATORY)
    ready(client, other, sign_address(version))
    data = decision(version, giver=f"u{cast.signatory.pk}", commission="D 14, 2026-03-02")
    client.post(sign_address(version), data)

    for user, seen in ((cast.coordinator, True), (cast.skr_reader, False)):
        client.force_login(user)
        for name in ("agreement", "agreement_history"):
            assert ("Karl Chef" in words_of(client.get(reverse(name, args=(version.pk,))))) is seen
    assert not mail.outbox
