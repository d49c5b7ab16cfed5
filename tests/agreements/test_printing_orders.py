"""Who can order a PDF, of what, and what it says of the text."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from agreements.actions import printing, writing
from agreements.document import text_hash
from agreements.models import PrintedCopy, Version
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from tests.cast import Cast
from tests.factories import draft, in_force

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def order(version: Version, cast: Cast, now: datetime.datetime = NOW) -> PrintedCopy:
    return printing.order_draft(by=cast.coordinator, version_id=version.pk, now=now)


def change_text(version: Version, cast: Cast, text: str) -> None:
    revision = version.sections.get(key="background").revision
    raw = {"local_situation": f"<p>{text}</p>"}
    writing.save_section(by=cast.coordinator, version_id=version.pk, key="background", raw=raw, revision=revision)


def test_the_last_signature_orders_archive_and_reading_copy(cast: Cast):
    version = in_force(cast)
    copies = list(version.copies.order_by("variant"))

    assert [copy.variant for copy in copies] == ["archive", "reading"]
    assert all(copy.made_at is None and copy.text_hash == version.text_hash for copy in copies)
    assert all(copy.document == printing.signed_document(version) for copy in copies)


def test_the_worker_is_told_after_the_commit(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
):
    told: list[str] = []
    monkeypatch.setattr(printing, "nudge", told.append)
    version = draft(cast)

    with django_capture_on_commit_callbacks(execute=True):
        order(version, cast)
        assert told == []

    assert told == ["agreements.render_pdfs"]


def test_a_draft_is_ordered_with_the_text_as_it_stands(cast: Cast):
    version = draft(cast)

    copy = order(version, cast)

    assert copy.variant == "draft"
    assert copy.text_hash == text_hash(copy.document["text"])
    assert copy.document["signatures"] == []


def test_the_same_text_is_ordered_once(cast: Cast):
    version = draft(cast)

    assert order(version, cast).pk == order(version, cast).pk
    assert Event.objects.filter(type="copy.ordered").count() == 1


def test_a_changed_text_is_ordered_anew_and_the_old_one_stands(cast: Cast):
    version = draft(cast)
    first = order(version, cast)
    change_text(version, cast, "Nytt läge.")

    second = order(version, cast)

    assert second.pk != first.pk
    assert "Nytt läge." in str(second.document)
    assert "Nytt läge." not in str(PrintedCopy.objects.get(pk=first.pk).document)


def test_history_tells_who_ordered(cast: Cast):
    version = draft(cast)
    order(version, cast)

    event = Event.objects.get(type="copy.ordered")

    assert event.subject == version.subject
    assert event.actor_name == cast.coordinator.name
    assert event.after["variant"] == "draft"


@pytest.mark.parametrize("who", ["reader", "signatory", "officer", "skr_reader", "outsider", "administrator"])
def test_only_those_who_write_order_drafts(who: str, cast: Cast):
    version = draft(cast)

    with pytest.raises(NotAllowed):
        printing.order_draft(by=cast.by_name()[who], version_id=version.pk, now=NOW)

    assert not PrintedCopy.objects.exists()


def test_a_signed_agreement_has_no_draft(cast: Cast):
    version = in_force(cast)

    with pytest.raises(Refused, match="har inget utkast längre"):
        order(version, cast)


def test_a_failed_copy_gets_new_attempts(cast: Cast):
    copy = order(draft(cast), cast)
    PrintedCopy.objects.filter(pk=copy.pk).update(failed_at=NOW, failure="Fel", attempts=5)

    again = printing.try_again(by=cast.coordinator, version_id=copy.version_id, copy_id=copy.pk, now=timezone.now())

    assert (again.failed_at, again.failure, again.attempts) == (None, "", 0)
    assert Event.objects.filter(type="copy.ordered").count() == 2


def test_a_copy_that_has_not_failed_is_left_alone(cast: Cast):
    copy = order(draft(cast), cast)

    printing.try_again(by=cast.coordinator, version_id=copy.version_id, copy_id=copy.pk, now=timezone.now())

    assert PrintedCopy.objects.get(pk=copy.pk).ordered_at == NOW


def test_a_signed_version_without_copies_gets_them_when_asked_for(cast: Cast):
    version = in_force(cast)
    version.copies.all().delete()

    printing.order_signed(by=cast.coordinator, version_id=version.pk)
    printing.order_signed(by=cast.coordinator, version_id=version.pk)

    assert sorted(version.copies.values_list("variant", flat=True)) == ["archive", "reading"]
    assert Event.objects.filter(type="copy.ordered", actor_name=cast.coordinator.name).count() == 2


def test_signed_copies_of_an_unsigned_version_are_refused(cast: Cast):
    version = draft(cast)

    with pytest.raises(Refused, match="inte undertecknat än"):
        printing.order_signed(by=cast.coordinator, version_id=version.pk)


@pytest.mark.parametrize("who", ["reader", "signatory", "officer", "outsider"])
def test_only_those_who_write_order_signed_copies(who: str, cast: Cast):
    version = in_force(cast)

    with pytest.raises(NotAllowed):
        printing.order_signed(by=cast.by_name()[who], version_id=version.pk)
