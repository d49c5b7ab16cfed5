"""How workers seal: verified before it is stored, one file whatever happens, stamped anew in time."""

from __future__ import annotations

import datetime
import errno
import io
import threading
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from agreements import sealer, tasks
from agreements.actions import printing, sealing
from agreements.actions.printing import make_next
from agreements.models import PrintedCopy, Seal, Version
from agreements.presenters import present
from agreements.seal import Examination
from agreements.seal_source import NoTimestamp, SealFailed, from_settings
from agreements.sealing import sealer as sealer_of
from agreements.shelf import is_whole, read
from contacts.models import Event
from tests.cast import Cast
from tests.factories import in_force
from tests.printed import copy as printed_copy
from tests.processes import end, running, wait_for
from tests.sealing import source

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture
def version(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Version:
    """Signed by all; printed as the sample is, since rendering is told elsewhere. The reading copy is not ordered."""
    monkeypatch.setattr(printing, "render", lambda *_, variant, **__: printed_copy(variant))
    signed = in_force(cast)
    PrintedCopy.objects.filter(variant="reading").delete()
    PrintedCopy.objects.update(ordered_at=NOW)
    return signed


@pytest.fixture
def made(version: Version) -> PrintedCopy:
    make_next(now=NOW)
    return version.copies.get()


def archived(settings: Any) -> list[Path]:
    return sorted((settings.MEDIA_ROOT / "copies").rglob("*.pdf"))


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(sealer.Sealer, "seal", broken)


def test_an_archive_copy_is_stored_sealed(made: PrintedCopy):
    seal = made.seals.get()

    assert (seal.file, seal.sha256, seal.size) == (made.file.name, made.sha256, made.size)
    assert (seal.kind, seal.level, seal.timestamped) == ("seal", "B-T", True)
    assert seal.certificate == "DEMO – inte giltig, sigill för överenskommelser"
    assert seal.stored_at
    workshop = sealer_of()
    assert workshop
    assert workshop.examine(read(seal.file)).holds


def test_the_code_of_the_copy_stands_in_its_seal(made: PrintedCopy):
    with pikepdf.open(io.BytesIO(read(str(made.file.name)))) as file:
        assert str(file.Root.AcroForm.Fields[0].V.Reason) == f"Kod {made.code}"


def test_history_tells_that_the_copy_was_sealed(made: PrintedCopy):
    event = Event.objects.get(type="copy.made")

    assert event.after["certificate"] == "DEMO – inte giltig, sigill för överenskommelser"
    assert present(event, {}, names=False).text == "PDF av arkivexemplaret är skapad och förseglad"


def test_the_reading_copy_is_not_sealed(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(printing, "render", lambda *_, variant, **__: printed_copy(variant))
    in_force(cast)
    PrintedCopy.objects.filter(variant="archive").delete()

    make_next(now=NOW)

    assert PrintedCopy.objects.get().made_at
    assert not Seal.objects.exists()


def test_without_a_seal_the_copy_is_made_and_said_to_be_unsealed(
    version: Version, settings: Any, cast: Cast, client: Client
):
    settings.SEAL_DEMO = False

    make_next(now=NOW)
    client.force_login(cast.coordinator)

    assert version.copies.get().made_at
    assert "oförseglat" in client.get(reverse("copies", args=[version.pk])).content.decode()


def test_the_panel_says_that_the_copy_is_sealed(made: PrintedCopy, cast: Cast, client: Client):
    client.force_login(cast.coordinator)
    page = client.get(reverse("copies", args=[made.version_id])).content.decode()

    assert "förseglat" in page
    assert "oförseglat" not in page


def test_a_seal_that_does_not_stand_its_verification_leaves_no_file(
    version: Version, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    monkeypatch.setattr("agreements.seal.examine", lambda *_, **__: Examination(problem="wrong"))

    make_next(now=NOW)
    copy = version.copies.get()

    assert (copy.made_at, copy.failure) == (None, printing.NOT_SEALED)
    assert archived(settings) == []
    assert not Seal.objects.exists()


def test_a_seal_that_fails_each_time_makes_the_order_fail(version: Version, monkeypatch: pytest.MonkeyPatch):
    fail(monkeypatch, SealFailed("odd"))

    for wait in (*printing.WAITS, printing.WAITS[-1]):
        make_next(now=NOW + wait)
    copy = version.copies.get()

    assert copy.failed_at
    assert copy.failure == printing.NOT_SEALED


def test_a_timestamp_service_that_is_away_is_waited_for(version: Version, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as away:
        fail(away, NoTimestamp("away"))
        for hour in range(8):
            make_next(now=NOW + datetime.timedelta(hours=hour))
    assert (version.copies.get().failure, version.copies.get().failed_at) == (printing.NO_TIMESTAMP, None)

    make_next(now=NOW + datetime.timedelta(hours=9))

    assert version.copies.get().made_at


def test_a_full_disk_leaves_nothing_half_written(version: Version, monkeypatch: pytest.MonkeyPatch, settings: Any):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("config.storage.os.replace", full)
        make_next(now=NOW)
    assert version.copies.get().failure == printing.NO_SPACE
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []

    make_next(now=NOW + datetime.timedelta(minutes=1))

    assert len(archived(settings)) == 1
    assert Seal.objects.get().stored_at


def test_the_file_of_a_killed_worker_is_taken_up(version: Version, settings: Any):
    make_next(now=NOW)
    PrintedCopy.objects.update(made_at=None, sha256="", size=0, file="")
    Seal.objects.update(stored_at=None)
    before = archived(settings)

    make_next(now=NOW)

    assert archived(settings) == before
    assert version.copies.get().sha256 == before[0].stem


def test_the_second_of_two_workers_leaves_no_file_behind(
    version: Version, monkeypatch: pytest.MonkeyPatch, settings: Any, django_capture_on_commit_callbacks: Any
):
    """The first lost its lock with its connection; another was quicker."""
    real = printing.keep

    def slow(copy: PrintedCopy, pdf: bytes) -> sealing.Kept:
        first = real(copy, pdf)
        printing._fill_in(copy, first)
        return real(copy, pdf)

    monkeypatch.setattr(printing, "keep", slow)
    with django_capture_on_commit_callbacks(execute=True):
        make_next(now=NOW)

    assert [path.stem for path in archived(settings)] == [version.copies.get().sha256]
    assert Seal.objects.get().sha256 == version.copies.get().sha256


HANGING = """
import django, pathlib, time
django.setup()
import agreements.seal, config.storage
from agreements import tasks
from agreements.actions import printing, sealing
from tests.printed import copy

def hang(*_, **__):
    pathlib.Path({flag!r}).touch()
    time.sleep(600)

printing.render = lambda *_, variant, **__: copy(variant)
{place} = hang
tasks.render_pdfs()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "place", ["agreements.seal.examine", "sealing.promise_of", "config.storage.os.replace", "printing._fill_in"]
)
def test_a_worker_killed_while_it_seals_leaves_one_valid_file(
    place: str, version: Version, settings: Any, tmp_path: Path
):
    flag = tmp_path / "hanging"
    program = HANGING.format(flag=str(flag), place=place)
    with running("-c", program, log=tmp_path / "log", DJANGO_SETTINGS_MODULE="config.settings") as worker:
        assert wait_for(flag.exists, 120), (tmp_path / "log").read_text()
        assert tasks.render_pdfs() == 0, "somebody is at it"
        end(worker)

    assert wait_for(lambda: tasks.render_pdfs() == 1, 60, pause=0.5)

    copy = version.copies.get()
    assert [path.stem for path in archived(settings)] == [copy.sha256]
    assert is_whole(copy.file.name, copy.sha256)
    assert Seal.objects.get().sha256 == copy.sha256
    workshop = sealer_of()
    assert workshop
    assert workshop.examine(read(copy.file.name)).holds


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_order_seal_once(version: Version, settings: Any):
    def work() -> None:
        tasks.render_pdfs()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)

    assert [path.stem for path in archived(settings)] == [version.copies.get().sha256]
    assert Seal.objects.count() == 1
    assert Event.objects.filter(type="copy.made").count() == 1


# ------------------------------------------------------------------------------------------------ stamping anew


@pytest.fixture
def ageing(made: PrintedCopy) -> Seal:
    Seal.objects.update(protected_until=NOW + datetime.timedelta(days=100))
    return made.seals.get()


def test_a_file_whose_protection_soon_ends_is_stamped_anew_beside_the_old(ageing: Seal, settings: Any):
    before = read(ageing.file)

    assert tasks.renew_seals() == 1

    renewed = Seal.objects.get(kind="renewal")
    assert read(renewed.file).startswith(before)
    assert read(ageing.file) == before
    assert renewed.protected_until > ageing.protected_until
    assert len(archived(settings)) == 2


def test_a_file_is_stamped_once_and_then_left(ageing: Seal):
    assert [tasks.renew_seals(), tasks.renew_seals()] == [1, 0]


def test_a_file_that_is_protected_for_long_is_left(made: PrintedCopy):
    assert tasks.renew_seals() == 0


def test_the_newest_stamped_file_is_handed_out(ageing: Seal, cast: Cast, client: Client):
    tasks.renew_seals()
    client.force_login(cast.coordinator)

    answer = client.get(reverse("copy_download", args=[ageing.copy.version_id, "archive"]))

    assert b"".join(answer) == read(Seal.objects.get(kind="renewal").file)  # type: ignore[arg-type]


def test_history_tells_of_the_new_timestamp(ageing: Seal):
    tasks.renew_seals()

    event = Event.objects.get(type="copy.stamped")

    assert present(event, {}, names=False).text == "Arkivexemplaret är tidsstämplat på nytt"


def test_a_file_that_has_changed_on_the_disk_is_not_stamped(ageing: Seal, caplog: pytest.LogCaptureFixture):
    Path(default_storage.path(ageing.file)).write_bytes(b"rotten")

    assert tasks.renew_seals() == 0
    assert "has changed" in caplog.text


def test_the_stamped_file_of_a_killed_worker_is_taken_up(ageing: Seal, settings: Any):
    tasks.renew_seals()
    Seal.objects.filter(kind="renewal").update(stored_at=None)
    before = archived(settings)

    assert tasks.renew_seals() == 1
    assert archived(settings) == before


def test_two_workers_do_not_stamp_the_same_file(ageing: Seal, transactional_db: None):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [sealing._LOCKS_OF_RENEWALS, ageing.copy_id])
    found: list[int] = []

    def work() -> None:
        found.append(tasks.renew_seals())
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(60)

    assert found == [0]


def test_the_keys_come_from_the_settings(settings: Any):
    settings.SEAL_DEMO, given = False, source()
    assert from_settings() is None
    settings.SEAL_PKCS12, settings.SEAL_PASSPHRASE, settings.SEAL_ROOTS = given.pkcs12, given.passphrase, given.roots

    assert from_settings() == given
