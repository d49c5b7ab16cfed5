"""Workers that are killed, and workers at the same order: the order stays, and exactly one file comes of it."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from agreements import tasks
from agreements.actions import printing
from agreements.models import PrintedCopy
from agreements.shelf import is_whole
from contacts.history import nudge
from contacts.models import Event
from tests.cast import Cast
from tests.factories import draft, in_force
from tests.processes import end, running, running_worker, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)

HANGING_WORKER = """
import django, pathlib, time
django.setup()
from agreements import tasks
from agreements.actions import printing
import config.storage

def hang(*_, **__):
    pathlib.Path({flag!r}).touch()
    time.sleep(600)

printing.render = lambda *_, **__: b"%PDF-1.7 half a life"
{place} = hang
tasks.render_pdfs()
"""


@pytest.fixture
def ordered(cast: Cast) -> PrintedCopy:
    return printing.order_draft(by=cast.coordinator, version_id=draft(cast).pk, now=NOW)


def copies_on_disk(settings: Any) -> list[Path]:
    return sorted((settings.MEDIA_ROOT / "copies").rglob("*.pdf"))


def all_made(number: int) -> bool:
    return PrintedCopy.objects.filter(made_at__isnull=False).count() == number


@pytest.mark.parametrize("place", ["printing.render", "config.storage.os.replace", "printing._fill_in"])
def test_a_worker_killed_at_its_work_leaves_the_order_and_the_next_one_fills_it(
    place: str, ordered: PrintedCopy, settings: Any, tmp_path: Path
):
    flag = tmp_path / "hanging"
    program = HANGING_WORKER.format(flag=str(flag), place=place)
    with running("-c", program, log=tmp_path / "log", DJANGO_SETTINGS_MODULE="config.settings") as worker:
        assert wait_for(flag.exists, 60), (tmp_path / "log").read_text()
        assert tasks.render_pdfs() == 0, "somebody is at it"
        end(worker)

    assert wait_for(lambda: tasks.render_pdfs() == 1, 30)

    copy = PrintedCopy.objects.get()
    assert is_whole(copy.file.name, copy.sha256)
    assert copy.attempts == 2
    finished = [path for path in copies_on_disk(settings) if path.read_bytes() != b"%PDF-1.7 half a life"]
    assert finished == [settings.MEDIA_ROOT / copy.file.name]
    assert Event.objects.filter(type="copy.made").count() == 1


def test_a_worker_killed_between_signing_and_pdf_leaves_nothing_undone(cast: Cast, settings: Any, tmp_path: Path):
    with running_worker(tmp_path / "first.log") as worker:
        end(worker)
    version = in_force(cast)
    assert version.copies.filter(made_at__isnull=True).count() == 2

    with running_worker(tmp_path / "second.log"):
        assert wait_for(lambda: all_made(2), 120, pause=0.5), (tmp_path / "second.log").read_text()

    assert sorted(path.stem for path in copies_on_disk(settings)) == sorted(
        version.copies.values_list("sha256", flat=True)
    )


def test_a_worker_killed_while_it_renders_is_followed_by_one_that_finishes(cast: Cast, settings: Any, tmp_path: Path):
    with running_worker(tmp_path / "first.log") as worker:
        version = in_force(cast)
        begun = PrintedCopy.objects.filter(attempts__gte=1)
        assert wait_for(begun.exists, 60, pause=0.02), (tmp_path / "first.log").read_text()
        end(worker)

    with running_worker(tmp_path / "second.log"):
        nudge(printing.RENDER)  # as the timetable does every fifteen seconds
        assert wait_for(lambda: all_made(2), 120, pause=0.5), (tmp_path / "second.log").read_text()

    assert len(copies_on_disk(settings)) == 2
    assert all(is_whole(copy.file.name, copy.sha256) for copy in version.copies.all())
    assert Event.objects.filter(type="copy.made").count() == 2


def test_two_workers_at_the_same_order_make_one_file(
    ordered: PrintedCopy, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    at_work, second_is_done = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> bytes:
        at_work.set()
        second_is_done.wait(30)
        return b"%PDF-1.7 made once"

    def first() -> None:
        tasks.render_pdfs()
        connection.close()

    monkeypatch.setattr(printing, "render", slow)
    worker = threading.Thread(target=first)
    worker.start()
    at_work.wait(30)
    tried_by_second = tasks.render_pdfs()
    second_is_done.set()
    worker.join(30)

    assert tried_by_second == 0
    assert len(copies_on_disk(settings)) == 1
    assert PrintedCopy.objects.get().attempts == 1


def test_two_workers_share_the_orders(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any):
    settings.SEAL_DEMO = False  # what is made here is no PDF
    in_force(cast)
    together = threading.Barrier(2)

    def slow(*_: object, variant: str, **__: object) -> bytes:
        together.wait(30)
        return b"%PDF-1.7 " + variant.encode()

    def other() -> None:
        tasks.render_pdfs()
        connection.close()

    monkeypatch.setattr(printing, "render", slow)
    worker = threading.Thread(target=other)
    worker.start()
    tasks.render_pdfs()
    worker.join(30)

    assert all_made(2)
    assert set(PrintedCopy.objects.values_list("attempts", flat=True)) == {1}


def test_users_can_write_while_a_copy_is_rendered(ordered: PrintedCopy, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """Another connection locks the same version and orders the same copy, and waits for nobody."""
    at_work, user_is_done = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> bytes:
        at_work.set()
        assert user_is_done.wait(30)
        return b"%PDF-1.7"

    def work() -> None:
        tasks.render_pdfs()
        connection.close()

    monkeypatch.setattr(printing, "render", slow)
    worker = threading.Thread(target=work)
    worker.start()
    at_work.wait(30)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    again = printing.order_draft(by=cast.coordinator, version_id=ordered.version_id, now=NOW)
    user_is_done.set()
    worker.join(30)

    assert again.pk == ordered.pk
    assert all_made(1)
