"""Several processes as one: what falls is started again, and the end is the end of all."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.run import listen
from config.supervisor import Child, Supervisor
from tests.processes import BASE_DIR, wait_for

PATIENT = "import time; print('here', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture
def supervised() -> Iterator[Supervisor]:
    supervisor = Supervisor([Child("one", [sys.executable, "-c", PATIENT])], os.environ)
    supervisor.start_first()
    watcher = threading.Thread(target=supervisor.look_after)
    watcher.start()
    yield supervisor
    supervisor.end_soon()
    watcher.join()
    supervisor.end()


def number_of(child: Child) -> int | None:
    return child.process.pid if child.process else None


def test_a_fallen_process_is_started_again_and_it_is_said(
    supervised: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    child = supervised.children[0]
    first = number_of(child)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: number_of(child) not in (None, first), 10)
    assert "one ended with code -9; starting it again in 1 s (fall 1)" in capsys.readouterr().out


def test_the_pauses_grow_and_a_steady_life_makes_them_short_again() -> None:
    child = Child("one", [])
    for expected in (1, 2, 3):
        child.started = child.start_at = 10**9  # has lived no time at all
        child.note_fall()
        assert child.falls == expected
    child.started = 0  # has lived since the machine started
    child.note_fall()
    assert child.falls == 1


def test_lines_carry_the_name_of_their_process(supervised: Supervisor, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def said() -> bool:
        seen.append(capsys.readouterr().out)
        return "one    | here" in "".join(seen)

    assert wait_for(said, 10)


def test_who_does_not_end_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.supervisor.TIME_TO_END", 1.0)
    child = Child("deaf", [sys.executable, "-c", STUBBORN])
    supervisor = Supervisor([child], os.environ)
    supervisor.start_first()
    supervisor.end()
    assert child.process is not None
    assert child.process.returncode is not None


def test_many_signals_at_once_end_it_all_the_same(tmp_path: Path) -> None:
    code = (
        "import os, sys; from config.supervisor import Child, Supervisor; "
        f"s = Supervisor([Child('one', [sys.executable, '-c', {PATIENT!r}])], os.environ); "
        "s.end_on_signals(); s.start_first(); print('up', flush=True); "
        "s.look_after(); s.end(); print('down', flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    for _ in range(50):
        process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert output.endswith("down\n")
    assert process.returncode == 0


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "number"
    code = (
        "import os, sys, time; from config.supervisor import Child, Supervisor; "
        f"c = Child('one', [sys.executable, '-c', {PATIENT!r}]); Supervisor([c], os.environ).start_first(); "
        f"open({str(mark)!r}, 'w').write(str(c.process.pid)); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=BASE_DIR, stdout=subprocess.DEVNULL)
    assert wait_for(lambda: mark.exists() and mark.read_text() != "", 20)
    process.kill()
    process.wait()
    assert wait_for(lambda: not is_running(int(mark.read_text())), 10)


def is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(") ", 1)[1][0] not in "ZX"
    except FileNotFoundError:
        return False


def test_a_taken_port_gives_the_next_one_and_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with listen("127.0.0.1", port) as door:
            assert door.getsockname()[1] != port
    assert f"port {port} is taken" in capsys.readouterr().out
