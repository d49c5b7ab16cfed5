"""Real processes for tests: the same database, Valkey corner and files as the test that starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from config.celery import PRINTING, QUICK

BASE_DIR = Path(__file__).resolve().parent.parent


def environment_of_test(**more: str) -> dict[str, str]:
    """What a child process needs in its environment to work on the rows of the running test."""
    name = connection.settings_dict["NAME"]
    env = {
        **os.environ,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORTAL_NAMESPACE": settings.NAMESPACE,
        "PORTAL_VAR": str(settings.VAR_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    if settings.EMBEDDED_DATABASE:
        env["PORTAL_DATABASE_NAME"] = name
    else:
        env["DATABASE_URL"] = urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))
    return env | more


@contextmanager
def running(*command: str, log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with all its children, ended by force when the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=BASE_DIR,
            env=environment_of_test(**more),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes], number: int = signal.SIGKILL) -> None:
    """Signal the process and its children, and wait for the end."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    process.wait(timeout=30)


@contextmanager
def running_worker(log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker on the rows of the test, which must be committed (`transactional_db`)."""
    command = ("-m", "celery", "--app=config", "--quiet", "worker", "--loglevel=INFO")
    queues = f"--queues={QUICK},{PRINTING}"
    with running(*command, queues, "--without-gossip", "--without-mingle", log=log, **more) as process:
        ready = wait_for(lambda: " ready." in log.read_text(errors="replace"), 30)
        assert ready, log.read_text(errors="replace")[-3000:]
        yield process


def wait_for(happens: Callable[[], bool], seconds: float = 10, pause: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(pause)
    return happens()
