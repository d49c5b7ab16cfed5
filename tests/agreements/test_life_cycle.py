"""The agreement's life, as the actions hold it: who may make which move from which state."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction

from agreements.actions import negotiating, signing, writing
from agreements.content import InvalidContent
from agreements.models import Party, PrintedCopy, Signature, Version
from agreements.states import State
from contacts.errors import NotAllowed, Refused, Stale
from contacts.models import Event
from tests.cast import Cast
from tests.factories import TODAY, accepted, decision, draft, fill, in_force, opened, proof, proposed, sign_for

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)


def save(cast: Cast, version: Version, key: str, revision: int = 0, **raw: object) -> object:
    return writing.save_section(by=cast.coordinator, version_id=version.pk, key=key, raw=raw, revision=revision)


def test_a_draft_holds_every_section_of_the_template(cast: Cast) -> None:
    version = draft(cast)

    assert version.sections.count() == version.template.sections.count() == 25
    assert list(version.parties.values_list("side", flat=True)) == ["municipality", "af"]


def test_an_empty_draft_cannot_be_proposed(cast: Cast) -> None:
    with pytest.raises(Refused, match="återstår"):
        negotiating.propose(by=cast.coordinator, version_id=draft(cast).pk)


@pytest.mark.parametrize(
    "role", ["signatory", "reader", "outsider", "officer", "skr_reader", "administrator", "af_signatory"]
)
def test_only_coordinators_of_the_parties_propose(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        negotiating.propose(by=getattr(cast, role), version_id=draft(cast).pk)


def test_the_party_that_proposed_does_not_accept(cast: Cast) -> None:
    version = proposed(cast)

    for verb in (negotiating.accept, negotiating.send_back):
        with pytest.raises(Refused):
            verb(
                by=cast.coordinator,
                version_id=version.pk,
                **({"reason": "Nej."} if verb is negotiating.send_back else {}),
            )


def test_either_party_may_propose(cast: Cast) -> None:
    version = fill(draft(cast), cast)

    negotiating.propose(by=cast.af_coordinator, version_id=version.pk)

    assert negotiating.accept(by=cast.coordinator, version_id=version.pk).state == State.ACCEPTED


def test_sending_back_needs_a_reason_and_tells_it(cast: Cast) -> None:
    version = proposed(cast)

    with pytest.raises(Refused, match="skäl"):
        negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason=" \u202e ")
    negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason="Målen går inte att mäta.")

    event = Event.objects.get(type="agreement.send_back")
    assert event.after["reason"] == "Målen går inte att mäta."
    assert event.actor_function.startswith("Samordnare")


def test_an_accepted_text_is_fixed_and_has_its_hash(cast: Cast) -> None:
    version = accepted(cast)

    assert len(version.text_hash) == 64
    with pytest.raises(Refused, match="kan inte ändras"):
        save(cast, version, "employers", revision=1, cooperation="<p>Nytt.</p>")


def test_reopening_takes_signatures_back_and_remembers_them(cast: Cast) -> None:
    version = accepted(cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)

    negotiating.reopen(by=cast.af_coordinator, version_id=version.pk, reason="Fel slutdatum.")

    version.refresh_from_db()
    assert (version.state, version.text_hash, Signature.objects.count()) == (State.DRAFT, "", 0)
    assert Event.objects.get(type="agreement.reopen").after["withdrawn"][0]["function"] == "Förvaltningschef"


def test_a_second_signature_puts_the_agreement_in_force(cast: Cast) -> None:
    version = accepted(cast)

    assert sign_for(version, "municipality", cast.signatory, now=NOW).state == State.SIGNING
    assert sign_for(version, "af", cast.af_signatory, now=NOW).state == State.IN_FORCE

    assert PrintedCopy.objects.filter(version=version).count() == 2
    assert all(TODAY in party.in_force for party in version.parties.all())


def test_what_was_not_seen_is_not_signed(cast: Cast) -> None:
    version = accepted(cast)
    party = version.parties.get(side="municipality")

    with pytest.raises(Refused, match="inte den du såg"):
        signing.sign(
            by=cast.signatory,
            version_id=version.pk,
            party_id=party.pk,
            decision=decision(),
            seen_hash="0" * 64,
            proof=proof(NOW),
            now=NOW,
        )


def test_a_party_signs_once_and_not_before_its_decision(cast: Cast) -> None:
    version = accepted(cast)
    party = version.parties.get(side="municipality")
    how = {
        "by": cast.signatory,
        "version_id": version.pk,
        "party_id": party.pk,
        "seen_hash": version.text_hash,
        "proof": proof(NOW),
        "now": NOW,
    }
    opened(version, cast.signatory, now=NOW)

    with pytest.raises(Refused, match="framtiden"):
        signing.sign(decision=decision(date=TODAY + datetime.timedelta(days=1)), **how)
    signing.sign(decision=decision(), **how)
    with pytest.raises(Refused, match="redan undertecknat"):
        signing.sign(decision=decision(), **how)


@pytest.mark.parametrize("role", ["coordinator", "reader", "af_signatory", "outsider", "officer", "administrator"])
def test_only_the_partys_own_signatory_signs_for_it(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        sign_for(accepted(cast), "municipality", getattr(cast, role), now=NOW)


def test_a_signed_agreement_is_neither_reopened_nor_discarded(cast: Cast) -> None:
    version = in_force(cast)

    for verb in (negotiating.reopen, negotiating.discard):
        with pytest.raises(Refused):
            verb(by=cast.coordinator, version_id=version.pk, reason="Vi ångrar oss.")


def test_a_municipality_has_one_agreement_in_work_at_a_time(cast: Cast) -> None:
    first = draft(cast)

    with pytest.raises(Refused, match="redan en överenskommelse under arbete"):
        draft(cast)
    negotiating.discard(by=cast.coordinator, version_id=first.pk, reason="Börjar om.")
    assert draft(cast).pk != first.pk


def test_several_municipalities_share_one_agreement_and_each_signs(cast: Cast) -> None:
    version = writing.start_agreement(
        by=cast.coordinator, municipalities=[cast.ostersund, cast.are], af=cast.nord, today=TODAY
    )

    assert version.parties.count() == 3
    assert "Östersunds kommun och Åre kommun" in version.title
    with pytest.raises(Refused, match="Åre kommun har redan"):
        draft(cast, municipality=cast.are, by=cast.outsider)


def test_the_database_refuses_two_agreements_in_force_for_a_municipality(cast: Cast) -> None:
    version = in_force(cast)
    party = version.parties.get(side="municipality")
    other = draft(cast)

    with pytest.raises(IntegrityError, match="one_agreement_in_force"), transaction.atomic():
        Party.objects.filter(version=other, side="municipality").update(in_force=party.in_force)


def test_a_second_agreement_for_the_same_days_is_refused_at_the_last_signature(cast: Cast) -> None:
    in_force(cast)
    second = accepted(cast)
    sign_for(second, "municipality", cast.signatory, now=NOW)

    with pytest.raises(Refused, match="redan en gällande överenskommelse"):
        sign_for(second, "af", cast.af_signatory, now=NOW)

    second.refresh_from_db()
    assert (second.state, second.signatures.count()) == (State.SIGNING, 1)


def test_a_save_on_an_old_text_is_refused_with_the_new_one(cast: Cast) -> None:
    version = draft(cast)
    save(cast, version, "employers", cooperation="<p>Först.</p>")

    with pytest.raises(Stale) as stale:
        save(cast, version, "employers", cooperation="<p>Sedan.</p>")
    assert stale.value.current.content == {"cooperation": "<p>Först.</p>"}


def test_all_parts_of_a_section_are_saved_or_none(cast: Cast) -> None:
    version = draft(cast)
    party = version.parties.get(side="municipality")
    change = writing.Change(raw={"locked": "x"}, parties={party.pk: {"unit": "Nämnden"}})

    with pytest.raises(InvalidContent):
        writing.save(by=cast.coordinator, version_id=version.pk, key="parties", change=change, revision=0)

    party.refresh_from_db()
    assert party.unit == ""


def test_a_save_that_changes_nothing_leaves_no_trace(cast: Cast) -> None:
    version = draft(cast)
    party = version.parties.get(side="municipality")
    facts = {party.pk: {"unit": "", "case_number": ""}}

    section = writing.save_parties(by=cast.coordinator, version_id=version.pk, key="parties", changes=facts, revision=0)

    assert section.revision == 0
    assert not Event.objects.filter(type="agreement.parties_saved").exists()


def test_an_agreement_whose_days_are_over_is_ended_once(cast: Cast) -> None:
    version = in_force(cast)
    later = datetime.date(2029, 1, 1)

    assert signing.end_expired(today=datetime.date(2028, 12, 31), now=NOW) == 0
    assert signing.end_expired(today=later, now=NOW) == 1
    assert signing.end_expired(today=later, now=NOW) == 0

    version.refresh_from_db()
    assert version.state == State.ENDED


def test_a_municipality_bound_until_further_notice_goes_on_from_the_agreement_it_has(cast: Cast) -> None:
    version = in_force(cast)
    version.parties.update(in_force=(TODAY, None))

    with pytest.raises(Refused, match="Östersunds kommun har en gällande överenskommelse"):
        draft(cast)


def test_one_whose_days_have_an_end_is_told_of_it_and_may_write_what_follows(cast: Cast) -> None:
    last = TODAY + datetime.timedelta(days=60)
    in_force(cast).parties.update(in_force=(TODAY, last + datetime.timedelta(days=1)))

    assert writing.bound_until([cast.ostersund, cast.are], TODAY) == [("Östersunds kommun", last)]
    assert draft(cast).state == State.DRAFT
