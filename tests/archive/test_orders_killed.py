"""Workers that are killed while they pack, and workers at the same order: every agreement is packed once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from agreements import tasks
from agreements.actions import archive_orders, printing
from agreements.archive_choices import choices_of
from agreements.models import ArchiveOrder, ArchiveRow
from agreements.shelf import is_whole
from contacts.access import reach_of
from contacts.history import nudge
from contacts.models import Event
from tests.archive.many import multiply
from tests.cast import Cast
from tests.factories import in_force
from tests.processes import end, running, running_worker, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

KILLED_WORKER = """
import django, pathlib, time
django.setup()
from agreements import tasks
from agreements.actions import archive_orders

real, done = archive_orders.shelve_package, []

def second_hangs(*what, **how):
    done.append(1)
    if len(done) == 2:
        pathlib.Path({flag!r}).touch()
        time.sleep(600)
    return real(*what, **how)

archive_orders.shelve_package = second_hangs
tasks.pack_archives()
"""


@pytest.fixture
def order(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any) -> ArchiveOrder:
    """Of four agreements."""
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: b"%PDF-1.7 " + variant.encode())
    version = in_force(cast)
    tasks.render_pdfs()
    multiply(version, 3)
    [choice] = choices_of(cast.coordinator, reach_of(cast.coordinator), timezone.localdate())
    return archive_orders.order_archive(by=cast.coordinator, choice=choice, now=timezone.now())


def packages(settings: Any) -> list[Path]:
    return sorted(path for path in (settings.MEDIA_ROOT / "packages").rglob("*") if path.is_file())


def is_done(order: ArchiveOrder) -> bool:
    return ArchiveOrder.objects.filter(pk=order.pk, finished_at__isnull=False).exists()


def test_a_worker_killed_while_it_packs_is_followed_by_one_that_goes_on(
    order: ArchiveOrder, settings: Any, tmp_path: Path
):
    flag = tmp_path / "hanging"
    program = KILLED_WORKER.format(flag=str(flag))
    with running("-c", program, log=tmp_path / "log", DJANGO_SETTINGS_MODULE="config.settings") as worker:
        assert wait_for(flag.exists, 60), (tmp_path / "log").read_text()
        end(worker)
    assert order.rows.filter(outcome="packed").count() == 1, "what was done is done"

    with running_worker(tmp_path / "second.log"):
        nudge(archive_orders.PACK)  # as the timetable does every half minute
        assert wait_for(lambda: is_done(order), 60, pause=0.5), (tmp_path / "second.log").read_text()

    rows = list(order.rows.all())
    assert [row.outcome for row in rows] == ["packed"] * 4
    assert all(is_whole(str(row.file.name), row.sha256) for row in rows)
    assert packages(settings) == sorted(settings.MEDIA_ROOT / str(row.file.name) for row in rows)
    assert Event.objects.filter(type="archive.packed").count() == 4
    assert Event.objects.filter(type="archive.ready").count() == 1


def test_two_workers_share_an_order(order: ArchiveOrder, monkeypatch: pytest.MonkeyPatch):
    together, real = threading.Barrier(2), archive_orders.package_of
    first_two = iter(range(2))

    def meet(*what: Any, **how: Any) -> Any:
        if next(first_two, None) is not None:
            together.wait(30)
        return real(*what, **how)

    def other() -> None:
        tasks.pack_archives()
        connection.close()

    monkeypatch.setattr(archive_orders, "package_of", meet)
    worker = threading.Thread(target=other)
    worker.start()
    tasks.pack_archives()
    worker.join(30)
    tasks.pack_archives()

    assert is_done(order)
    assert ArchiveRow.objects.filter(outcome="packed").count() == 4
    assert Event.objects.filter(type="archive.packed").count() == 4
