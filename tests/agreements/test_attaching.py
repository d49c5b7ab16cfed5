"""Attaching files to an agreement: added, renamed and removed in a draft, frozen with the text, carried onward."""

from __future__ import annotations

import datetime
import errno
import hashlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from agreements.actions import amending, attaching, binning, clearing, following_up, negotiating
from agreements.document import text_hash
from agreements.gather import Whole
from agreements.models import AttachedFile, Attachment, Version
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from tests import factories, files
from tests.cast import Cast

NOW = datetime.datetime.combine(factories.TODAY, datetime.time(12), tzinfo=datetime.UTC)


def attached(version: Version, cast: Cast, content: bytes | None = None, **how: Any) -> Attachment:
    facts = {"by": cast.coordinator, "version_id": version.pk, "title": "Kartläggning 2026"} | how
    return attaching.attach(upload=files.sent(content or files.pdf()), **facts)


def clear_all() -> None:
    while clearing.clear_next(now=datetime.datetime.now(datetime.UTC)):
        pass


@pytest.fixture
def version(cast: Cast) -> Version:
    return factories.draft(cast)


def test_a_file_is_stored_under_its_hash_and_waits_to_be_checked(version: Version, cast: Cast):
    content = files.pdf()
    attachment = attached(version, cast, content)

    file = attachment.file
    assert (file.sha256, file.size, file.kind) == (hashlib.sha256(content).hexdigest(), len(content), "pdf")
    with default_storage.open(file.file.name) as stored:
        assert stored.read() == content
    assert file.status == "waiting"
    assert attachment.name == "bilaga.pdf"


def test_the_same_file_in_two_agreements_is_stored_once(version: Version, cast: Cast):
    other = factories.draft(cast, municipality=cast.are, by=cast.outsider)

    assert attached(version, cast).file == attached(other, cast, by=cast.outsider).file


def test_the_same_file_is_not_attached_twice(version: Version, cast: Cast):
    attached(version, cast)

    with pytest.raises(attaching.RefusedFile, match="redan bifogad"):
        attached(version, cast)


def test_what_is_attached_is_told_in_the_history(version: Version, cast: Cast):
    attachment = attached(version, cast, section_key="goals")

    event = Event.objects.get(type="attachment.added")
    assert (event.subject, event.pending) == (version.subject, True)
    assert event.after["sha256"] == attachment.file.sha256
    assert event.after["section"] == "goals"


def test_an_outsider_attaches_nothing(version: Version, cast: Cast):
    with pytest.raises(NotAllowed):
        attached(version, cast, by=cast.outsider)
    assert not AttachedFile.objects.exists()


def test_a_title_with_an_identity_number_is_refused(version: Version, cast: Cast):
    with pytest.raises(Refused, match="personnummer"):
        attached(version, cast, title="Intyg 19121212-1212")


@pytest.mark.parametrize("title", ["", "   ", "x" * 151])
def test_a_title_is_one_line_of_some_length(title: str, version: Version, cast: Cast):
    with pytest.raises(Refused, match="ubrik"):
        attached(version, cast, title=title)


def test_a_file_of_more_than_25_megabytes_is_refused(version: Version, cast: Cast):
    with pytest.raises(attaching.RefusedFile, match="större än 25 MB"):
        attached(version, cast, bytes(25 * 1024 * 1024 + 1))


def test_a_full_disk_leaves_neither_row_nor_file(
    version: Version, cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(attaching.RefusedFile, match="ingen plats kvar"):
        attached(version, cast)

    assert not AttachedFile.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_storage_that_is_away_is_told_of(version: Version, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    def away(*_: Any, **__: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(default_storage, "save", away)
    with pytest.raises(attaching.RefusedFile, match="kunde inte lagras"):
        attached(version, cast)


def test_a_title_can_be_changed_and_both_are_in_the_history(version: Version, cast: Cast):
    attachment = attached(version, cast)

    attaching.rename_attachment(
        by=cast.af_coordinator, attachment_id=attachment.pk, title="Kartläggning 2027", section_key="goals"
    )

    attachment.refresh_from_db()
    event = Event.objects.get(type="attachment.renamed")
    assert (attachment.title, attachment.section_key) == ("Kartläggning 2027", "goals")
    assert (event.before["title"], event.after["title"]) == ("Kartläggning 2026", "Kartläggning 2027")


def test_what_is_removed_from_a_draft_stays_in_its_history(version: Version, cast: Cast):
    attachment = attached(version, cast)

    attaching.remove_attachment(by=cast.coordinator, attachment_id=attachment.pk)

    assert not Attachment.objects.exists()
    assert Event.objects.get(type="attachment.removed").before["sha256"] == attachment.file.sha256


def test_an_outsider_removes_nothing(version: Version, cast: Cast):
    attachment = attached(version, cast)

    with pytest.raises(NotAllowed):
        attaching.remove_attachment(by=cast.outsider, attachment_id=attachment.pk)


# ------------------------------------------------------------------------------------------------- with the text


@pytest.fixture
def proposed(cast: Cast) -> Version:
    version = factories.fill(factories.draft(cast), cast)
    attached(version, cast)
    clear_all()
    return negotiating.propose(by=cast.coordinator, version_id=version.pk)


def test_nothing_is_proposed_while_a_file_waits_to_be_checked(cast: Cast):
    version = factories.fill(factories.draft(cast), cast)
    attached(version, cast)

    with pytest.raises(Refused, match="kontrolleras fortfarande"):
        negotiating.propose(by=cast.coordinator, version_id=version.pk)


def test_the_accepted_text_names_its_files_by_hash(proposed: Version, cast: Cast):
    version = negotiating.accept(by=cast.af_coordinator, version_id=proposed.pk)

    (line,) = version.frozen["attachments"]
    assert version.frozen["schema"] == 2
    assert line["sha256"] == hashlib.sha256(files.pdf()).hexdigest()
    assert version.text_hash == text_hash(version.frozen)


def test_an_agreement_without_files_is_written_as_it_always_has_been(cast: Cast):
    document = Whole(factories.accepted(cast)).document

    assert document["schema"] == 1
    assert "attachments" not in document


def test_what_is_attached_to_a_fixed_text_can_not_be_removed(proposed: Version, cast: Cast):
    version = negotiating.accept(by=cast.af_coordinator, version_id=proposed.pk)

    with pytest.raises(Refused, match="kan inte ändras"):
        attaching.remove_attachment(by=cast.coordinator, attachment_id=version.attachments.get().pk)


@pytest.mark.parametrize("change", [{"title": "Något annat"}, None])
def test_not_even_the_database_lets_go_of_it(change: dict[str, str] | None, proposed: Version, cast: Cast):
    version = negotiating.accept(by=cast.af_coordinator, version_id=proposed.pk)
    rows = version.attachments.all()

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change) if change else rows.delete()


def test_a_text_that_is_opened_again_lets_its_files_be_changed(proposed: Version, cast: Cast):
    negotiating.accept(by=cast.af_coordinator, version_id=proposed.pk)
    version = negotiating.reopen(by=cast.coordinator, version_id=proposed.pk, reason="Fel fil")

    attaching.remove_attachment(by=cast.coordinator, attachment_id=version.attachments.get().pk)

    assert not version.attachments.exists()


def test_a_new_version_begins_with_the_files_of_the_old(proposed: Version, cast: Cast):
    version = negotiating.accept(by=cast.af_coordinator, version_id=proposed.pk)
    factories.sign_for(version, "municipality", cast.signatory, now=NOW)
    factories.sign_for(version, "af", cast.af_signatory, now=NOW)

    new = amending.start_amendment(by=cast.coordinator, version_id=version.pk, today=factories.TODAY)

    assert [row.file for row in new.attachments.all()] == [row.file for row in version.attachments.all()]
    attaching.remove_attachment(by=cast.coordinator, attachment_id=new.attachments.get().pk)
    assert version.attachments.count() == 1


# ------------------------------------------------------------------------------------------------- follow-ups


def test_minutes_are_attached_to_a_follow_up_of_an_agreement_in_force(cast: Cast):
    version = factories.in_force(cast)
    held = following_up.note_follow_up(
        by=cast.coordinator, version_id=version.pk, held_on=factories.TODAY, summary="", today=factories.TODAY
    )

    minutes = attaching.attach_to_follow_up(
        by=cast.af_coordinator,
        follow_up_id=held.pk,
        upload=files.sent(files.word(), "Protokoll.docx"),
        title="Protokoll",
    )

    assert (minutes.follow_up, minutes.version, minutes.name) == (held, None, "Protokoll.docx")
    assert minutes in Attachment.objects.belonging_to(version)
    with pytest.raises(NotAllowed):
        attaching.remove_attachment(by=cast.outsider, attachment_id=minutes.pk)
    attaching.remove_attachment(by=cast.coordinator, attachment_id=minutes.pk)


def test_what_is_purged_from_the_bin_leaves_no_files_behind(version: Version, cast: Cast):
    attachment = attached(version, cast)
    discarded = negotiating.discard(by=cast.coordinator, version_id=version.pk, reason="Fel mall")

    binning.purge(version_id=discarded.pk, now=datetime.datetime.now(datetime.UTC))
    clearing.clear_away(now=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2))

    assert not Attachment.objects.exists()
    assert not default_storage.exists(attachment.file.file.name)
