"""A portal to measure: its own database and cache, demo data at the scale asked for, and gunicorn as in production."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client

from config.prepare import collect_static, migrate
from municipalities.actions import note_change
from municipalities.models import Municipality
from nationwide import demo
from nationwide.demo.course import MUNICIPALITIES

PATIENCE = 30.0


def prepare(scale: int, *, reload: bool) -> float | None:
    """Tables, static files and data; seconds the loading took, None when data of an earlier run are there still."""
    migrate()
    collect_static()
    mark = settings.VAR_DIR / f"bench_{scale}.loaded"
    known = mark.read_text() if mark.exists() else ""
    if known == story() and Municipality.objects.count() == MUNICIPALITIES * scale and not reload:
        return None
    started = time.perf_counter()
    call_command("load_demo", scale=scale, replace=True)
    mark.write_text(story())
    return round(time.perf_counter() - started, 1)


def story() -> str:
    """Changes when what is invented may have changed."""
    told = Path(demo.__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*told.glob("*.py"), *told.glob("*.toml")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Server:
    """Gunicorn at work: where it listens, and the group of its processes."""

    port: int
    group: int

    def processor_seconds(self) -> float:
        """What all its processes have used so far; always 0 where /proc is missing."""
        used = 0
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                facts = status.read_text().rpartition(")")[2].split()
            except OSError:  # the process is gone
                continue
            if int(facts[2]) == self.group:
                used += int(facts[11]) + int(facts[12])
        return used / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving() -> Iterator[Server]:
    """Gunicorn with two workers on a port of its own."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        command = [sys.executable, "-m", "gunicorn", "--config=python:config.webserver", f"--bind=fd://{door.fileno()}"]
        environment = os.environ | {"WEB_WORKERS": "2"}
        process = subprocess.Popen(command, pass_fds=[door.fileno()], env=environment, start_new_session=True)
        try:
            wait_for(process, door.getsockname()[1])
            yield Server(door.getsockname()[1], process.pid)
        finally:
            process.terminate()
            process.wait(20)


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Until the first request is answered. The door is open already, so a request only has to be patient."""
    deadline = time.monotonic() + PATIENCE
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.sendall(b"GET /halsa HTTP/1.0\r\nHost: localhost\r\n\r\n")
        while not client.recv(1):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("gunicorn did not start")


def client_of(email: str) -> Client:
    """A logged-in client in this process; its session is good for gunicorn too."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(email=email))
    return client


def cookie_of(client: Client) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def forget() -> None:
    """Make everything that was computed worthless: Valkey emptied of it, and the ground marked as changed."""
    note_change("Mätning")
    empty_valkey()


def empty_valkey() -> None:
    """Every key of this portal: pages, sessions (which are read from the database then) and waiting nudges."""
    for address in {str(settings.REDIS_URL), str(settings.CACHES["default"]["LOCATION"])}:
        for number in (0, 1):
            with redis.Redis.from_url(address, db=number) as valkey:
                keys = list(valkey.scan_iter(f"*{settings.NAMESPACE}:*", count=1000))
                if keys:
                    valkey.delete(*keys)


def database_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
