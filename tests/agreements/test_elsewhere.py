"""Signed outside the portal: what is handed in, whose word it takes, and what then counts."""

from __future__ import annotations

import datetime
import hashlib
import io
from typing import Any

import pikepdf
import pytest
from django.db import IntegrityError, transaction

from agreements import pdf as printing_pdf
from agreements import seal_keys, signed_inspector
from agreements.actions import attaching, clearing, elsewhere, negotiating
from agreements.actions.attaching import RefusedFile
from agreements.actions.printing import order_draft, signed_document
from agreements.elsewhere import Bound, own_side, still_needed
from agreements.inspecting.__main__ import judge_signed
from agreements.models import AttachedFile, Party, PrintedCopy, Signature, SignedFile, Version, Voucher
from agreements.shelf import read
from agreements.signed_inspection import SignedPdf
from agreements.signed_inspection import roots as roots_of
from agreements.signed_marks import Mark, judge_marks, short_hashes_in
from agreements.states import State
from agreements.verification_code import new_code
from agreements.verified import told
from agreements.verifying import Verdict, verify
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from tests import factories, files, sealing
from tests.cast import Cast
from tests.elsewhere import NOW, SIGNED_ON, claims, cleared, handed_in, in_force, marked, plain_signed, signed, vouched
from tests.printed import whole_text

KOMMUN, AF, OTHER = Bound(1, "municipality"), Bound(2, "af"), Bound(3, "municipality")


@pytest.fixture(autouse=True)
def _looked_at_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same inspection, without the two processes it runs in; the tests of the page start those."""
    monkeypatch.setattr(elsewhere.sandbox, "judge_signed", judge_signed)
    monkeypatch.setattr(elsewhere, "look_into", look_into)


def look_into(file: Any) -> SignedPdf:
    file.seek(0)
    found = signed_inspector.look(file.read(), [root for path in roots_of() for root in seal_keys.roots_in(path)])
    return SignedPdf(tuple(found["codes"]), tuple(found["hashes"]), found["signatures"], found["problem"])


@pytest.fixture
def version(cast: Cast) -> Version:
    return factories.accepted(cast)


@pytest.fixture
def roots(settings: Any) -> None:
    settings.SIGNATURE_ROOTS = sealing.source().roots


@pytest.mark.parametrize(
    ("claimed", "vouched_by", "needed"),
    [
        ({1, 2}, {1}, [AF]),
        ({1, 2}, {1, 2}, []),
        ({1}, {1}, [AF]),
        ({2}, {1}, [AF]),
        ({1, 2, 3}, {1, 2}, [OTHER]),
        ({1, 3}, {1, 3}, [AF]),
    ],
)
def test_each_side_and_each_bound_party_vouches(claimed: set[int], vouched_by: set[int], needed: list[Bound]):
    assert still_needed([KOMMUN, AF, OTHER] if 3 in claimed else [KOMMUN, AF], claimed, vouched_by) == needed


def test_nobody_stands_for_both_sides():
    assert own_side([KOMMUN, AF, OTHER], {1, 2, 3}) == [KOMMUN, OTHER]


@pytest.mark.parametrize(
    ("hashes", "elsewhere_known", "agreements", "mark"),
    [
        ([], [], set(), Mark.NONE),
        (["a" * 16], [], set(), Mark.OWN),
        (["a" * 16, "b" * 16], [], set(), Mark.OTHER_TEXT),
        (["b" * 16], ["b" * 16], set(), Mark.OTHER_AGREEMENT),
        ([], [], {8}, Mark.OTHER_AGREEMENT),
        (["a" * 16], [], {7}, Mark.OWN),
    ],
)
def test_marks_tell_which_text_a_file_is_of(
    hashes: list[str], elsewhere_known: list[str], agreements: set[int], mark: Mark
):
    assert judge_marks(hashes, "a" * 64, elsewhere=elsewhere_known, agreements=agreements, agreement=7) is mark


def test_the_hash_in_the_foot_is_told_from_other_hashes():
    assert short_hashes_in(f"Textens SHA-256: {'a' * 16}… SHA-256 {'b' * 64} Textens SHA-256: {'c' * 64}") == ["a" * 16]


def test_the_portals_own_print_bears_marks_that_are_found(version: Version, cast: Cast):
    document = order_draft(by=cast.coordinator, version_id=version.pk, now=NOW).document
    printed = printing_pdf.render(document, variant="draft", demo=False)

    row = handed_in(cast.coordinator, version, signed(printed))

    assert row.is_marked


def test_the_file_is_kept_byte_for_byte_under_its_hash(version: Version, cast: Cast):
    row = handed_in(cast.coordinator, version, plain_signed())

    assert row.file.sha256 == hashlib.sha256(plain_signed()).hexdigest()
    assert read(row.file.file.name) == plain_signed()


def test_nothing_is_in_force_by_one_party_alone(version: Version, cast: Cast):
    row = cleared(cast.coordinator, version)

    with pytest.raises(Refused, match="annan part"):
        vouched(cast.coordinator, row)

    version.refresh_from_db()
    assert version.state == State.ACCEPTED
    assert not Signature.objects.exists()


def test_the_other_partys_word_puts_the_agreement_in_force(version: Version, cast: Cast):
    now_in_force = vouched(cast.af_coordinator, cleared(cast.coordinator, version, plain_signed()))

    assert now_in_force.state == State.IN_FORCE
    assert {copy.variant for copy in now_in_force.copies.all()} == {"archive", "reading"}
    assert set(Party.objects.filter(version=version, in_force__contains=factories.TODAY)) == set(version.parties.all())
    types = list(Event.objects.about(version.subject).order_by("pk").values_list("type", flat=True))
    assert types[-3:] == ["elsewhere.vouched", "elsewhere.counted", "agreement.complete"]


def test_it_is_in_force_from_the_day_of_the_last_signature(version: Version, cast: Cast):
    Version.objects.filter(pk=version.pk).update(period_start=datetime.date(2026, 11, 1))

    vouched(cast.af_coordinator, cleared(cast.coordinator, version))

    assert {party.in_force.lower for party in version.parties.all()} == {SIGNED_ON}


def test_a_party_may_sign_here_and_the_other_elsewhere(version: Version, cast: Cast):
    factories.sign_for(version, "af", cast.af_signatory, now=NOW)
    row = cleared(cast.coordinator, version, claims=claims(version, "municipality"))

    assert vouched(cast.af_coordinator, row).state == State.IN_FORCE
    assert {s.method for s in Signature.objects.all()} == {"portal", "service"}


def test_a_file_with_one_of_two_signatures_leaves_the_agreement_being_signed(version: Version, cast: Cast):
    row = cleared(cast.coordinator, version, claims=claims(version, "municipality"))

    assert vouched(cast.af_coordinator, row).state == State.SIGNING
    assert factories.sign_for(version, "af", cast.af_signatory, now=NOW).state == State.IN_FORCE


def test_who_signed_here_meanwhile_is_not_signed_for_again(version: Version, cast: Cast):
    row = cleared(cast.coordinator, version)
    factories.sign_for(version, "municipality", cast.signatory, now=NOW)

    with pytest.raises(Refused, match="har redan undertecknat"):
        vouched(cast.af_coordinator, row)
    assert not SignedFile.objects.filter(counted_at__isnull=False).exists()


@pytest.mark.parametrize("who", ["signatory", "reader", "outsider", "officer"])
def test_others_hand_in_nothing(who: str, version: Version, cast: Cast):
    with pytest.raises(NotAllowed):
        handed_in(getattr(cast, who), version)


def test_a_file_that_is_still_checked_is_not_vouched_for(version: Version, cast: Cast):
    row = handed_in(cast.coordinator, version)

    with pytest.raises(Refused, match="kontrolleras fortfarande"):
        vouched(cast.af_coordinator, row)


def test_one_file_waits_at_a_time(version: Version, cast: Cast):
    handed_in(cast.coordinator, version)

    with pytest.raises(Refused, match="väntar redan"):
        handed_in(cast.af_coordinator, version, files.pdf("En annan"))


def test_who_handed_it_in_takes_it_back_and_others_reject_it(version: Version, cast: Cast):
    closed = []
    for who in (cast.coordinator, cast.af_coordinator):
        row = handed_in(cast.coordinator, version)
        facts = {"version_id": version.pk, "signed_file_id": row.pk, "reason": "Fel fil", "now": NOW}
        closed.append(elsewhere.close(by=who, **facts).closed_as)

    assert closed == ["withdrawn", "rejected"]


def test_a_text_that_is_opened_again_closes_its_file(version: Version, cast: Cast):
    row = cleared(cast.coordinator, version, claims=claims(version, "municipality"))
    vouched(cast.af_coordinator, row)

    negotiating.reopen(by=cast.coordinator, version_id=version.pk, reason="Ett fel")

    row.refresh_from_db()
    assert (row.closed_as, Signature.objects.count()) == ("reopened", 0)


def test_signatures_in_the_file_are_judged_and_the_judgement_is_kept(version: Version, cast: Cast, roots: None):
    row = handed_in(cast.coordinator, version, plain_signed())

    first, second = row.found["signatures"]
    for found in (first, second):
        assert (found["intact"], found["trusted"], found["whole"]) == (True, True, True)
        assert "DEMO" in found["subject"]
    assert row.found["problem"] == ""


def test_a_signature_of_a_stranger_is_kept_as_not_trusted(version: Version, cast: Cast):
    [found, _] = handed_in(cast.coordinator, version, plain_signed()).found["signatures"]

    assert (found["intact"], found["trusted"]) == (True, False)


def test_a_file_changed_after_it_was_signed_is_told_so(version: Version, cast: Cast, roots: None):
    changed = plain_signed().replace(b"Underteckna utan kod", b"Underteckna utan kop")

    found = handed_in(cast.coordinator, version, changed).found["signatures"]

    assert not any(each["intact"] for each in found)


def test_what_was_added_after_the_signature_is_told_so(version: Version, cast: Cast, roots: None):
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_signed())) as file:
        file.pages.append(file.pages[0])
        file.save(target)

    found = handed_in(cast.coordinator, version, target.getvalue()).found["signatures"]

    assert not any(each["intact"] and each["whole"] for each in found)


def test_evidence_enclosed_by_a_signing_service_is_no_hindrance(version: Version, cast: Cast):
    assert handed_in(cast.coordinator, version, files.pdf_with_file()).file.kind == "pdf"


def test_a_print_of_another_agreement_is_refused(version: Version, cast: Cast):
    ostersund, are = version, factories.accepted(cast, municipality=cast.are, by=cast.outsider)

    with pytest.raises(RefusedFile, match="annan överenskommelse"):
        handed_in(cast.coordinator, ostersund, marked(are.text_hash))


def test_a_print_of_another_wording_is_refused(version: Version, cast: Cast):
    with pytest.raises(RefusedFile, match="annan version av texten"):
        handed_in(cast.coordinator, version, marked("0123456789abcdef" * 4))


def test_an_archive_copy_of_another_agreement_is_refused_by_its_code(version: Version, cast: Cast):
    are = factories.accepted(cast, municipality=cast.are, by=cast.outsider)
    code = new_code()
    PrintedCopy.objects.create(version=are, variant="archive", text_hash=are.text_hash, document={}, code=code)

    with pytest.raises(RefusedFile, match="annan överenskommelse"):
        handed_in(cast.coordinator, version, files.pdf(f"Kod {code}"))


def test_the_portals_own_unsigned_print_is_refused(version: Version, cast: Cast):
    digest = hashlib.sha256(files.pdf("Utkast")).hexdigest()
    PrintedCopy.objects.create(version=version, variant="draft", text_hash="0" * 64, document={}, sha256=digest)

    with pytest.raises(RefusedFile, match="utan underskrifter"):
        handed_in(cast.coordinator, version, files.pdf("Utkast"))


def test_the_archive_copy_names_the_file_and_the_day_alone(cast: Cast):
    row = in_force(cast)
    document = signed_document(row.version)

    content = printing_pdf.render(document, variant="archive", demo=False, code="7F3K-9QX2-M4TJ")

    page = whole_text(content)
    assert f"Undertecknadutanförportalen,filmedSHA-256{row.file.sha256}" in page.replace(" ", "")
    assert "20 november 2026 Sätt Undertecknad i en annan tjänst" in page
    with pikepdf.open(io.BytesIO(content)) as file:
        data = file.attachments[printing_pdf.ATTACHED].get_file().read_bytes().decode()
        assert file.open_metadata().pdfa_status == "3A"
    assert f'"sha256":"{row.file.sha256}"' in data
    assert '"schema":3' in data


def test_the_very_file_is_recognised_when_it_is_verified(cast: Cast):
    row = in_force(cast, plain_signed())

    outcome = verify(plain_signed())

    assert outcome.verdict is Verdict.ELSEWHERE
    page = told(outcome, names=False)
    assert page.agreement.reference == row.version.agreement.reference
    assert "utanför portalen" in page.heading


def test_a_file_that_does_not_count_is_nobodys(version: Version, cast: Cast):
    handed_in(cast.coordinator, version, plain_signed())

    assert verify(plain_signed()).verdict is Verdict.UNKNOWN


def test_a_signed_file_is_never_cleared_away_and_its_text_is_not_kept(version: Version, cast: Cast):
    row = cleared(cast.coordinator, version, files.pdf("Kalle Kula 640823-3234"))

    clearing.clear_away(now=NOW + datetime.timedelta(days=4000))

    file = AttachedFile.objects.get(pk=row.file_id)
    assert (file.text, file.identity_numbers, file.status) == ("", 1, "clear")


@pytest.mark.parametrize("change", [{"name": "annan.pdf"}, {"closed_as": "rejected", "closed_at": NOW}])
def test_not_even_the_database_lets_a_counted_file_change(change: dict[str, Any], cast: Cast):
    row = in_force(cast)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        SignedFile.objects.filter(pk=row.pk).update(**change)


def test_not_even_the_database_lets_one_user_vouch_for_both_sides(version: Version, cast: Cast):
    row = handed_in(cast.coordinator, version)
    facts = {"party": version.parties.get(side="af"), "side": "af", "user": cast.coordinator, "name": "Sara"}

    with pytest.raises(IntegrityError, match="nobody_vouches_for_both_sides"), transaction.atomic():
        Voucher.objects.create(signed_file=row, **facts)


def test_not_even_the_database_takes_a_signature_of_nobody(version: Version, cast: Cast):
    party = version.parties.get(side="af")
    facts = {"name": "X", "function": "Y", "decision_date": SIGNED_ON, "text_hash": version.text_hash}

    with pytest.raises(IntegrityError, match="of_a_user_or_in_a_file"), transaction.atomic():
        Signature.objects.create(version=version, party=party, method="paper", **facts)


def test_attaching_the_same_file_afterwards_is_an_attachment_like_others(cast: Cast):
    content = files.pdf("Undertecknad")
    in_force(cast, content)
    draft = factories.draft(cast, municipality=cast.are, by=cast.outsider)

    added = attaching.attach(by=cast.outsider, version_id=draft.pk, upload=files.sent(content), title="Bilaga")

    assert added.file.attachments.count() == 1
