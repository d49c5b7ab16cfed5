"""What the worker does with attached files: scans, reads and clears them, and clears away what nobody uses."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from agreements import tasks
from agreements.actions import attaching, checking, clearing
from agreements.models import AttachedFile, Attachment, Flag, Version
from contacts.models import Event
from tests import factories, files, scanner
from tests.cast import Cast
from tests.mail_server import free_port
from tests.processes import running, running_worker, wait_for

NOW = datetime.datetime.combine(factories.TODAY, datetime.time(12), tzinfo=datetime.UTC)
LATER = datetime.timedelta(hours=2)


@pytest.fixture
def version(cast: Cast) -> Version:
    return factories.draft(cast)


def attached(version: Version, cast: Cast, content: bytes = b"") -> Attachment:
    upload = files.sent(content or files.pdf())
    attachment = attaching.attach(by=cast.coordinator, version_id=version.pk, upload=upload, title="Kartläggning")
    AttachedFile.objects.update(due_at=NOW)
    return attachment


def file_of(attachment: Attachment) -> AttachedFile:
    return AttachedFile.objects.get(attachments=attachment)


@pytest.fixture(params=["unix", "tcp"])
def scanning(request: Any, tmp_path: Path, settings: Any) -> Iterator[str]:
    """A scanner in a process of its own, over a socket file or a port."""
    address = f"unix://{tmp_path}/clamd" if request.param == "unix" else f"tcp://127.0.0.1:{free_port()}"
    log = tmp_path / "scanner.log"
    with running("-m", "tests.scanner", address, log=log):
        assert wait_for(lambda: "ready" in log.read_text(), 20), log.read_text()
        settings.CLAMD = address
        yield address


def test_a_file_is_cleared_and_its_text_kept(version: Version, cast: Cast):
    attachment = attached(version, cast)

    clearing.clear_next(now=NOW)

    file = file_of(attachment)
    assert (file.status, file.scanned_at, file.read_at) == ("clear", None, NOW)
    assert "Kartläggning av målgruppen" in file.text
    assert Event.objects.get(type="attachment.checked").subject == version.subject


def test_a_clean_file_is_scanned_and_cleared(scanning: str, version: Version, cast: Cast):
    attachment = attached(version, cast)

    clearing.clear_next(now=NOW)

    assert (file_of(attachment).status, file_of(attachment).scanned_at) == ("clear", NOW)


def test_a_file_with_a_virus_is_stopped_and_its_bytes_are_gone(
    scanning: str, version: Version, cast: Cast, django_capture_on_commit_callbacks: Any
):
    attachment = attached(version, cast, files.word(files.EICAR.decode()) + files.EICAR)

    with django_capture_on_commit_callbacks(execute=True):
        clearing.clear_next(now=NOW)

    file = file_of(attachment)
    assert (file.status, file.text) == ("refused", "")
    assert "Eicar-Signature" in file.failure
    assert not default_storage.exists(file.file.name)


def test_a_file_that_was_stopped_is_not_taken_in_again(scanning: str, version: Version, cast: Cast):
    content = files.picture() + files.EICAR
    attached(version, cast, content)
    clearing.clear_next(now=NOW)
    other = factories.draft(cast, municipality=cast.are, by=cast.outsider)

    with pytest.raises(attaching.RefusedFile, match="Skadlig kod"):
        attaching.attach(by=cast.outsider, version_id=other.pk, upload=files.sent(content), title="Samma fil")


@pytest.mark.parametrize("behaviour", [scanner.SILENT, scanner.STRANGE])
def test_an_answer_that_says_nothing_clears_nothing(behaviour: bytes, scanning: str, version: Version, cast: Cast):
    attachment = attached(version, cast, files.picture() + behaviour)

    clearing.clear_next(now=NOW)

    assert (file_of(attachment).status, file_of(attachment).failure) == ("waiting", clearing.SCANNER_AWAY)


def test_while_the_scanner_is_away_the_file_waits_and_is_tried_again(
    version: Version, cast: Cast, settings: Any, tmp_path: Path
):
    settings.CLAMD = f"unix://{tmp_path}/nobody-here"
    attachment = attached(version, cast)

    clearing.clear_next(now=NOW)
    too_soon = clearing.clear_next(now=NOW + datetime.timedelta(seconds=30))
    settings.CLAMD = ""
    clearing.clear_next(now=NOW + LATER)

    assert too_soon is None
    assert (file_of(attachment).status, file_of(attachment).failure) == ("clear", "")


def test_a_file_that_another_worker_holds_is_left_alone_until_the_claim_has_run_out(version: Version, cast: Cast):
    attachment = attached(version, cast)
    clearing._claim(NOW)

    assert clearing.clear_next(now=NOW + datetime.timedelta(minutes=1)) is None
    clearing.clear_next(now=NOW + clearing.HELD)
    assert file_of(attachment).status == "clear"


def test_a_text_that_cannot_be_read_stops_nothing(version: Version, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    attachment = attached(version, cast)
    monkeypatch.setattr(clearing.sandbox, "READING", 0)

    clearing.clear_next(now=NOW)

    assert (file_of(attachment).status, file_of(attachment).read_at) == ("clear", None)


def test_a_storage_that_is_away_is_tried_again(version: Version, cast: Cast, settings: Any):
    attachment = attached(version, cast)
    place = settings.MEDIA_ROOT / file_of(attachment).file.name
    hidden = place.rename(place.with_suffix(".away"))
    clearing.clear_next(now=NOW)
    hidden.rename(place)

    assert file_of(attachment).failure == clearing.FILE_AWAY
    clearing.clear_next(now=NOW + LATER)
    assert file_of(attachment).status == "clear"


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_worker_clears_what_has_been_attached_within_seconds(version: Version, cast: Cast, tmp_path: Path):
    with running_worker(tmp_path / "worker.log"):
        attachment = attaching.attach(
            by=cast.coordinator, version_id=version.pk, upload=files.sent(files.pdf()), title="Kartläggning"
        )

        assert wait_for(lambda: file_of(attachment).status == "clear", 20), (tmp_path / "worker.log").read_text()


# -------------------------------------------------------------------------------------------- identity numbers


def test_an_identity_number_in_a_file_is_flagged(version: Version, cast: Cast):
    attached(version, cast, files.pdf("Deltagare 19121212-1212"))
    clearing.clear_next(now=NOW)

    checking.deliver_events(now=NOW)

    flag = Flag.objects.get(rule="identity_number_in_text")
    assert flag.severity == "serious"
    assert "Kartläggning" in flag.reason
    assert "1212" not in flag.reason + flag.subject


def test_the_flag_closes_when_the_file_is_removed(version: Version, cast: Cast):
    attachment = attached(version, cast, files.pdf("Deltagare 19121212-1212"))
    clearing.clear_next(now=NOW)
    checking.deliver_events(now=NOW)

    attaching.remove_attachment(by=cast.coordinator, attachment_id=attachment.pk)
    checking.deliver_events(now=NOW)

    assert not Flag.objects.open().filter(rule="identity_number_in_text").exists()


def test_names_in_a_file_are_not_flagged(version: Version, cast: Cast):
    attached(version, cast, files.pdf("Närvarande: Anna Lindqvist och Bo Ek"))
    clearing.clear_next(now=NOW)

    checking.deliver_events(now=NOW)

    assert not Flag.objects.open().filter(rule="name_in_text").exists()


def test_a_new_edition_of_the_check_reads_again_what_an_older_one_read(version: Version, cast: Cast):
    attachment = attached(version, cast, files.pdf("Deltagare 19121212-1212"))
    clearing.clear_next(now=NOW)
    AttachedFile.objects.update(read_as="older", identity_numbers=0)

    assert clearing.read_again() == 1
    assert file_of(attachment).identity_numbers == 1
    assert clearing.read_again() == 0


# ------------------------------------------------------------------------------------------------ clearing away


def test_a_file_that_nothing_is_attached_to_goes_after_a_day(version: Version, cast: Cast):
    attachment = attached(version, cast)
    name = attachment.file.file.name
    attaching.remove_attachment(by=cast.coordinator, attachment_id=attachment.pk)
    AttachedFile.objects.update(stored_at=NOW)

    assert clearing.clear_away(now=NOW + datetime.timedelta(hours=23)) == 0
    assert clearing.clear_away(now=NOW + datetime.timedelta(hours=25)) == 1
    assert not AttachedFile.objects.exists()
    assert not default_storage.exists(name)


def test_a_file_that_something_is_attached_to_stays(version: Version, cast: Cast):
    attachment = attached(version, cast)
    AttachedFile.objects.update(stored_at=NOW)

    assert clearing.clear_away(now=NOW + datetime.timedelta(days=400)) == 0
    assert default_storage.exists(attachment.file.file.name)


def test_a_file_whose_row_never_came_goes_when_it_is_old(settings: Any, db: None):
    digest = "ab" * 32
    name = default_storage.save(f"attachments/ab/{digest}.pdf", ContentFile(b"left"))
    now = datetime.datetime.now(datetime.UTC)

    assert clearing.clear_away(now=now) == 0
    os.utime(settings.MEDIA_ROOT / name, (time.time() - 100_000, time.time() - 100_000))
    assert clearing.clear_away(now=now) == 1
    assert not default_storage.exists(name)


def test_the_nightly_task_does_both(version: Version, cast: Cast):
    attached(version, cast)

    assert tasks.tend_attachments() == 0
