"""Declining, taking a signature back, signing in order and on somebody's behalf: what the actions do and refuse."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agreements.actions import declining, negotiating, ordering, signing
from agreements.actions.printing import signed_document
from agreements.actions.signing import Commission, Unproven
from agreements.models import OpenedText, Party, Signature, Version
from agreements.states import State
from contacts.access import signatories_of
from contacts.errors import NotAllowed, Refused
from contacts.models import Event, Function, Holder, Letter, User
from contacts.roles import Role
from tests import factories
from tests.cast import Cast
from tests.factories import TODAY, accepted, proof, sign_for

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)
REASON = "Målen går inte att mäta."


def party(version: Version, side: str = "municipality") -> Party:
    return version.parties.get(side=side)


def decline(version: Version, user: User, side: str, reason: str = REASON) -> Version:
    return declining.decline(by=user, version_id=version.pk, party_id=party(version, side).pk, reason=reason, now=NOW)


def withdraw(version: Version, user: User, side: str = "municipality") -> Version:
    return declining.withdraw(by=user, version_id=version.pk, party_id=party(version, side).pk, reason=REASON, now=NOW)


def another_signatory(cast: Cast, email: str = "ersattare@ostersund.se", name: str = "Berit Ersättare") -> User:
    return factories.user_with_role(email, name, cast.ostersund, Role.MUNICIPAL_SIGNATORY)


# ------------------------------------------------------------------------------------------------- declining


def test_to_decline_makes_it_a_draft_and_voids_what_is_signed(cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)

    assert decline(version, cast.af_signatory, "af").state == State.DRAFT

    event = Event.objects.get(type="agreement.decline")
    assert (event.after["reason"], event.after["party"]) == (REASON, "Arbetsförmedlingen, region Nord")
    assert event.after["withdrawn"][0]["name"] == "Karl Chef"
    assert not Signature.objects.exists()


def test_the_reason_reaches_everyone_also_those_who_have_signed(cast: Cast) -> None:
    version = accepted(cast)
    mends = Function.objects.filter(side="af", mends__isnull=False)[0]
    factories.contact_point(cast.nord, by=cast.af_coordinator, function_id=mends.pk, level=mends.level)
    sign_for(version, "municipality", cast.signatory, now=NOW)

    decline(version, cast.af_signatory, "af")

    letters = Letter.objects.filter(kind=Letter.Kind.SIGNING_NEWS)
    assert {"chef@ostersund.se", "chef@af.se"} <= set(letters.values_list("recipient", flat=True))
    assert all(REASON in letter.text and REASON in letter.html for letter in letters)
    assert letters.get(contact_point__isnull=False).recipient == "arbetsmarknad@arbetsformedlingen.se"


def test_to_decline_needs_a_reason_and_ones_own_party(cast: Cast) -> None:
    version = accepted(cast)

    with pytest.raises(Refused, match="skäl"):
        decline(version, cast.signatory, "municipality", reason=" \u202e ")
    with pytest.raises(NotAllowed):
        decline(version, cast.signatory, "af")
    with pytest.raises(NotAllowed):
        decline(version, cast.coordinator, "municipality")


def test_who_has_signed_takes_that_back_first(cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)

    with pytest.raises(Refused, match="Ta först tillbaka"):
        decline(version, cast.signatory, "municipality")


def test_what_is_in_force_is_neither_declined_nor_taken_back(cast: Cast) -> None:
    version = factories.in_force(cast)

    with pytest.raises(Refused, match="kan inte avböjas"):
        decline(version, cast.af_signatory, "af")
    with pytest.raises(Refused, match="ingen underskrift att ta tillbaka"):
        withdraw(version, cast.signatory)


def test_a_declined_text_can_be_proposed_accepted_and_signed_anew(cast: Cast) -> None:
    version = accepted(cast)
    decline(version, cast.af_signatory, "af")
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    version = negotiating.accept(by=cast.af_coordinator, version_id=version.pk)

    assert sign_for(version, "municipality", cast.signatory, now=NOW).state == State.SIGNING


# ---------------------------------------------------------------------------------------------- taking back


def test_the_only_signature_taken_back_leaves_an_accepted_text(cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)

    assert withdraw(version, cast.signatory).state == State.ACCEPTED

    event = Event.objects.get(type="agreement.withdraw")
    assert event.after["withdrawn"][0]["function"] == "Förvaltningschef"
    assert "chef@af.se" in Letter.objects.values_list("recipient", flat=True)
    assert sign_for(version, "municipality", cast.signatory, now=NOW).state == State.SIGNING


def test_nobody_takes_back_somebody_elses_signature(cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)

    with pytest.raises(NotAllowed):
        withdraw(version, another_signatory(cast))
    with pytest.raises(Refused, match="har inte undertecknat"):
        withdraw(version, cast.af_signatory, "af")


# ------------------------------------------------------------------------------------------ opened and proven


def test_who_has_not_opened_the_text_does_not_sign(cast: Cast) -> None:
    version = accepted(cast)
    factories.opened(version, cast.af_signatory, now=NOW)
    facts = {"version_id": version.pk, "party_id": party(version).pk, "seen_hash": version.text_hash, "now": NOW}

    with pytest.raises(Refused, match="Öppna texten"):
        signing.sign(by=cast.signatory, decision=factories.decision(), proof=proof(NOW), **facts)


def test_what_was_opened_before_a_change_is_opened_anew(cast: Cast) -> None:
    version = accepted(cast)
    factories.opened(version, cast.signatory, now=NOW)
    OpenedText.objects.update(text_hash="0" * 64)
    facts = {"version_id": version.pk, "party_id": party(version).pk, "seen_hash": version.text_hash, "now": NOW}

    with pytest.raises(Refused, match="Öppna texten"):
        signing.sign(by=cast.signatory, decision=factories.decision(), proof=proof(NOW), **facts)


@pytest.mark.parametrize(
    ("given", "said"),
    [(None, "Bekräfta"), (proof(NOW - datetime.timedelta(minutes=11)), "Bekräfta"), (proof(NOW), "tillitsnivå 3")],
)
def test_nobody_signs_without_a_proof_that_is_good_enough(cast: Cast, settings: Any, given: Any, said: str) -> None:
    settings.SIGNING_LEVEL = "loa3"
    version = accepted(cast)

    with pytest.raises(Unproven, match=said):
        sign_for(version, "municipality", cast.signatory, now=NOW, proof=given)
    assert not Signature.objects.exists()


def test_the_signature_keeps_how_identity_was_proven_and_no_personnummer(cast: Cast) -> None:
    given = proof(NOW, method="oidc", level="loa3", evidence={"issuer": "https://idp", "sub": "19811218-9876"})
    sign_for(accepted(cast), "municipality", cast.signatory, now=NOW, proof=given)

    row = Signature.objects.get()
    assert (row.proof_method, row.proof_level, row.proof_at, row.opened_at) == ("oidc", "loa3", NOW, NOW)
    assert row.evidence == {"issuer": "https://idp", "sub": "[borttaget]"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence": {"sub": "19811218-9876"}},
        {"evidence": {"sub": "8112189876"}},
        {"proof_level": ""},
        {"proof_at": NOW + datetime.timedelta(minutes=1)},
        {"opened_at": NOW + datetime.timedelta(minutes=1)},
        {"behalf_name": "Anna Direktör"},
    ],
)
def test_the_database_says_so_too(cast: Cast, wrong: dict[str, Any]) -> None:
    sign_for(accepted(cast), "municipality", cast.signatory, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.update(**wrong)


# ------------------------------------------------------------------------------------------------- on behalf


def test_a_signature_on_behalf_keeps_both_names_and_tells_both(cast: Cast) -> None:
    other = another_signatory(cast)
    commission = Commission(f"u{cast.signatory.pk}", "D 14, 2026-03-02")

    sign_for(accepted(cast), "municipality", other, now=NOW, commission=commission)

    row = Signature.objects.get()
    assert (row.name, row.behalf_name, row.behalf_decision) == ("Berit Ersättare", "Karl Chef", "D 14, 2026-03-02")
    printed = signed_document(row.version)["signatures"][0]
    assert printed["on_behalf_of"]["name"] == "Karl Chef"
    assert printed["proof"]["words"] == "Lösenord (nivå: lösenord)"
    told = Letter.objects.filter(kind=Letter.Kind.SIGNING_NEWS)
    assert set(told.values_list("recipient", flat=True)) == {"ersattare@ostersund.se", "chef@ostersund.se"}
    assert Event.objects.get(type="agreement.sign").after["behalf"] == "Karl Chef"


def test_a_holder_of_a_signing_function_can_give_a_commission(cast: Cast) -> None:
    point = factories.contact_point(cast.ostersund, by=cast.coordinator)
    type(point.function).objects.filter(pk=point.function_id).update(signing=True)
    holder = Holder.objects.create(contact_point=point, name="Anna Direktör", from_date=TODAY)

    sign_for(accepted(cast), "municipality", cast.signatory, now=NOW, commission=Commission(f"h{holder.pk}", "KS § 12"))

    row = Signature.objects.get()
    assert (row.behalf_name, row.behalf_function) == ("Anna Direktör", point.name)


@pytest.mark.parametrize("giver", ["u0", "h0", "", "own", "theirs"])
def test_only_who_signs_for_the_party_can_give_a_commission(cast: Cast, giver: str) -> None:
    keys = {"own": f"u{cast.signatory.pk}", "theirs": f"u{cast.af_signatory.pk}"}

    version, commission = accepted(cast), Commission(keys.get(giver, giver), "KS § 12")

    with pytest.raises(Refused, match="på uppdrag av"):
        sign_for(version, "municipality", cast.signatory, now=NOW, commission=commission)


# --------------------------------------------------------------------------------------------------- in order


def order(version: Version, by: User, municipality: int, af: int) -> Version:
    turns = {party(version).pk: municipality, party(version, "af").pk: af}
    return ordering.order_signatures(by=by, version_id=version.pk, turns=turns, now=NOW)


def test_a_party_waits_for_its_turn_and_is_called_when_it_comes(cast: Cast) -> None:
    version = order(accepted(cast), cast.coordinator, 1, 0)

    with pytest.raises(Refused, match="region Nord undertecknar före Östersunds kommun"):
        sign_for(version, "municipality", cast.signatory, now=NOW)
    assert party(version).called_at is None
    sign_for(version, "af", cast.af_signatory, now=NOW)
    assert party(version).called_at == NOW
    assert sign_for(version, "municipality", cast.signatory, now=NOW).state == State.IN_FORCE


def test_the_order_is_the_coordinators_and_set_before_anybody_has_signed(cast: Cast) -> None:
    version = accepted(cast)
    with pytest.raises(NotAllowed):
        order(version, cast.signatory, 1, 0)
    sign_for(version, "municipality", cast.signatory, now=NOW)

    with pytest.raises(Refused, match="ordningen kan inte ändras"):
        order(version, cast.coordinator, 1, 0)


# --------------------------------------------------------------------------------------------------- who signs


def test_signatories_are_those_with_a_role_there_or_above(cast: Cast) -> None:
    above = factories.member(cast.nord.parent, Role.AF_SIGNATORY)
    gone = factories.member(cast.nord, Role.AF_SIGNATORY)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    found = signatories_of([cast.nord, cast.ostersund])

    assert set(found[cast.nord.pk]) == {cast.af_signatory, above}
    assert found[cast.ostersund.pk] == [cast.signatory]
