"""How a worker makes copies: once, whole, and again when something went wrong."""

from __future__ import annotations

import datetime
import errno
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from agreements import tasks
from agreements.actions import printing
from agreements.actions.printing import MAX_ATTEMPTS, WAITS, make_next
from agreements.models import PrintedCopy, Version
from agreements.presenters import present
from contacts.models import Event
from tests.cast import Cast
from tests.factories import draft, in_force

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
PDF = b"%PDF-1.7 made by a test"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Rendering and sealing are told elsewhere; here come bytes that differ by variant."""
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: PDF + variant.encode())


@pytest.fixture
def ordered(cast: Cast) -> PrintedCopy:
    return printing.order_draft(by=cast.coordinator, version_id=draft(cast).pk, now=NOW)


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise error

    monkeypatch.setattr(printing, "render", broken)


def files(settings: Any) -> list[Path]:
    return sorted(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def make_all(now: datetime.datetime = NOW) -> int:
    tried: set[int] = set()
    while copy := make_next(now=now, leave=tried):
        tried.add(copy.pk)
    return len(tried)


def test_an_agreement_in_force_gets_its_two_copies(cast: Cast, settings: Any):
    """The whole way once, with the real renderer."""
    version = in_force(cast)

    assert tasks.render_pdfs() == 2

    for copy in version.copies.all():
        content = (settings.MEDIA_ROOT / copy.file.name).read_bytes()
        assert copy.made_at
        assert content.startswith(b"%PDF-1.7")
        assert (len(content), hashlib.sha256(content).hexdigest()) == (copy.size, copy.sha256)
    assert len(files(settings)) == 2


@pytest.mark.usefixtures("quick")
def test_the_file_stands_under_its_own_hash(ordered: PrintedCopy):
    make_next(now=NOW)
    ordered.refresh_from_db()

    assert ordered.file.name == f"copies/{ordered.sha256[:2]}/{ordered.sha256}.pdf"


@pytest.mark.usefixtures("quick")
def test_history_tells_that_the_copy_was_made(ordered: PrintedCopy):
    make_next(now=NOW)

    event = Event.objects.get(type="copy.made")

    assert event.subject == ordered.version.subject
    assert event.after["sha256"] == PrintedCopy.objects.get().sha256


@pytest.mark.usefixtures("quick", "ordered")
def test_a_made_copy_is_not_made_again():
    assert make_next(now=NOW) is not None
    assert make_next(now=NOW) is None
    assert tasks.render_pdfs() == 0


@pytest.mark.usefixtures("quick")
def test_a_file_that_is_there_already_is_used(ordered: PrintedCopy, settings: Any):
    """A worker was killed after storing and before writing it down."""
    make_next(now=NOW)
    PrintedCopy.objects.update(made_at=None, sha256="", size=0, file="")

    make_next(now=NOW)

    assert len(files(settings)) == 1
    assert PrintedCopy.objects.get().made_at


@pytest.mark.usefixtures("quick")
def test_a_damaged_file_is_written_anew(ordered: PrintedCopy, settings: Any):
    make_next(now=NOW)
    files(settings)[0].write_bytes(b"rotten")
    PrintedCopy.objects.update(made_at=None, sha256="", size=0, file="")

    make_next(now=NOW)

    assert files(settings)[0].read_bytes() == PDF + b"draft"


def test_a_failure_is_counted_and_told(ordered: PrintedCopy, monkeypatch: pytest.MonkeyPatch, settings: Any):
    fail_with(monkeypatch, ValueError("odd"))

    make_next(now=NOW)
    ordered.refresh_from_db()

    assert (ordered.attempts, ordered.failed_at) == (1, None)
    assert ordered.failure == printing.NOT_RENDERED
    assert files(settings) == []


def test_a_failed_copy_waits_before_the_next_attempt(ordered: PrintedCopy, monkeypatch: pytest.MonkeyPatch):
    fail_with(monkeypatch, ValueError("odd"))
    make_next(now=NOW)

    assert make_next(now=NOW + WAITS[1] - datetime.timedelta(seconds=1)) is None
    assert make_next(now=NOW + WAITS[1]) is not None


def test_one_bad_copy_does_not_hold_up_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    in_force(cast)

    def picky(document: object, *, variant: str, **_: object) -> bytes:
        if variant == "archive":
            raise ValueError("odd")
        return PDF

    monkeypatch.setattr(printing, "render", picky)

    assert make_all() == 2
    assert [copy.variant for copy in PrintedCopy.objects.filter(made_at__isnull=False)] == ["reading"]


def test_after_the_last_attempt_the_copy_has_failed(ordered: PrintedCopy, monkeypatch: pytest.MonkeyPatch):
    fail_with(monkeypatch, ValueError("odd"))

    made = [make_next(now=NOW + wait) for wait in (*WAITS, WAITS[-1])]
    ordered.refresh_from_db()

    assert made[-1] is None
    assert ordered.failed_at == NOW + WAITS[-1]
    assert ordered.attempts == MAX_ATTEMPTS
    assert Event.objects.get(type="copy.failed").after["failure"] == printing.NOT_RENDERED


def test_a_copy_that_comes_right_forgets_its_failure(
    ordered: PrintedCopy, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    fail_with(monkeypatch, ValueError("odd"))
    make_next(now=NOW)
    request.getfixturevalue("quick")

    make_next(now=NOW + WAITS[1])
    ordered.refresh_from_db()

    assert ordered.made_at
    assert (ordered.failure, ordered.failed_at) == ("", None)


def test_a_full_disk_is_told_and_waited_out(
    ordered: PrintedCopy, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    request.getfixturevalue("quick")
    with monkeypatch.context() as full:
        full.setattr(default_storage, "save", _no_space)
        for hour in range(10):
            make_next(now=NOW + datetime.timedelta(hours=hour))
    ordered.refresh_from_db()
    assert (ordered.failure, ordered.failed_at) == (printing.NO_SPACE, None)

    make_next(now=NOW + datetime.timedelta(hours=11))
    ordered.refresh_from_db()

    assert ordered.made_at


def _no_space(*_: object) -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_that_cannot_be_stored_is_told_apart(ordered: PrintedCopy, monkeypatch: pytest.MonkeyPatch):
    fail_with(monkeypatch, PermissionError(errno.EACCES, "Permission denied"))

    make_next(now=NOW)
    ordered.refresh_from_db()

    assert ordered.failure == printing.NOT_STORED


@pytest.mark.usefixtures("quick")
def test_an_interrupted_attempt_is_taken_up_at_once(ordered: PrintedCopy):
    PrintedCopy.objects.update(attempts=1)

    assert make_next(now=NOW) is not None


@pytest.mark.usefixtures("quick")
def test_a_copy_that_kills_its_workers_is_given_up(ordered: PrintedCopy):
    PrintedCopy.objects.update(attempts=MAX_ATTEMPTS)

    assert make_next(now=NOW) is None
    ordered.refresh_from_db()

    assert ordered.failed_at == NOW
    assert ordered.failure == printing.INTERRUPTED


@pytest.mark.usefixtures("quick")
def test_a_copy_whose_order_was_filled_meanwhile_is_left_as_it_is(
    ordered: PrintedCopy, monkeypatch: pytest.MonkeyPatch
):
    """The lock was lost with its connection and another worker was quicker."""

    def slow(*_: object, **__: object) -> bytes:
        PrintedCopy.objects.update(made_at=NOW, sha256="a" * 64, size=1, file="copies/other.pdf")
        return PDF

    monkeypatch.setattr(printing, "render", slow)
    make_next(now=NOW)

    assert PrintedCopy.objects.get().file.name == "copies/other.pdf"
    assert not Event.objects.filter(type="copy.made").exists()


def test_no_transaction_is_open_while_a_copy_is_rendered(
    transactional_db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    from django.db import connection

    printing.order_draft(by=cast.coordinator, version_id=draft(cast).pk, now=NOW)
    seen: list[bool] = []

    def look(*_: object, **__: object) -> bytes:
        seen.append(connection.in_atomic_block)
        return PDF

    monkeypatch.setattr(printing, "render", look)
    make_next(now=NOW)

    assert seen == [False]
    assert Version.objects.get().copies.get().made_at


@pytest.mark.usefixtures("quick")
def test_history_tells_of_the_copy_in_plain_words(ordered: PrintedCopy):
    make_next(now=NOW)

    lines = [present(event, {}, names=False) for event in Event.objects.filter(type__startswith="copy.").order_by("pk")]

    assert [line.text for line in lines] == ["Beställde PDF av utkastet", "PDF av utkastet är skapad"]
    assert lines[1].note == f"Filens SHA-256: {PrintedCopy.objects.get().sha256}"


@pytest.mark.usefixtures("quick")
def test_a_run_makes_a_few_copies_and_the_next_one_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tasks, "MOST_COPIES", 1)
    in_force(cast)

    assert [tasks.render_pdfs() for _ in range(3)] == [1, 1, 0]
