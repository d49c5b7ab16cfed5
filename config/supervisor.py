"""Runs several processes as one: prefixed log lines, restart with growing pauses, and one clean end."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

LONGEST_PAUSE = 30.0  # seconds between attempts to start what keeps falling
STEADY_AFTER = 60.0  # a process that lived this long is given a fresh start
GLANCE = 0.2  # seconds between looks at the processes
TIME_TO_END = 20.0  # seconds between asking a process to end and ending it
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of the Linux kernel


def say(name: str, text: str) -> None:
    sys.stdout.write(f"{name:<7}| {text}\n")
    sys.stdout.flush()


@dataclass
class Child:
    name: str
    command: Sequence[str]
    pass_fds: Sequence[int] = ()
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    falls: int = 0
    start_at: float = 0.0
    reader: threading.Thread | None = field(default=None, repr=False)

    def start(self, env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - the commands of config/run.py
            self.command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=self.pass_fds,
            start_new_session=True,  # Ctrl-C reaches the supervisor only, which ends the others in order
            preexec_fn=end_with_parent if sys.platform == "linux" else None,
        )
        self.started = time.monotonic()
        self.reader = threading.Thread(target=self.repeat_lines, args=(self.process,), daemon=True)
        self.reader.start()

    def repeat_lines(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                say(self.name, line.rstrip())

    def note_fall(self) -> None:
        """Say that the process ended and decide when it is started again."""
        code = self.process.returncode if self.process else None
        lived = time.monotonic() - self.started
        self.falls = 1 if lived > STEADY_AFTER else self.falls + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (self.falls - 1))
        self.start_at = time.monotonic() + pause
        self.process = None
        say(
            "!!!",
            f"{self.name} ended with code {code}; starting it again in {pause:.0f} s (fall {self.falls})",
        )

    def ask_to_end(self) -> None:
        """Only the process itself: it lets its own children finish what they are at."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end_by_force(self) -> None:
        """The process and whatever it has left behind."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> bool:
        try:
            if self.process is not None:
                self.process.wait(timeout=max(0.0, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True


def end_with_parent() -> None:
    """Asks the kernel to end this child when the supervisor dies without being able to say so."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


class Supervisor:
    def __init__(self, children: Sequence[Child], env: Mapping[str, str]) -> None:
        self.children = children
        self.env = env
        self.ending = False  # a plain mark: an Event set by a signal locks up when the signal comes in its wait

    def end_soon(self, *_: object) -> None:
        self.ending = True

    def end_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.end_soon)

    def start_first(self) -> None:
        """The others are started by `look_after`, when the first has had the machine to itself for a while."""
        self.children[0].start(self.env)

    def look_after(self) -> None:
        """Until told to end: start again what fell."""
        while not self.ending:
            time.sleep(GLANCE)
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    child.note_fall()
                elif child.process is None and time.monotonic() >= child.start_at:
                    child.start(self.env)

    def end(self) -> None:
        """Ask politely, wait, then insist. The last started ends first."""
        for child in reversed(self.children):
            child.ask_to_end()
        deadline = time.monotonic() + TIME_TO_END
        for child in self.children:
            if not child.wait(deadline - time.monotonic()):
                say("!!!", f"{child.name} does not end; ending it by force")
            child.end_by_force()
            child.wait(5)
        for child in self.children:
            if child.reader is not None:
                child.reader.join(1)
