"""PostgreSQL and Valkey of the checkout's own, when no address is given.

Every process that needs them calls `start()`. It takes a shared lock that lasts as long as the process,
however the process ends. The first one wakes a keeper (config/keeper.py), which starts the servers, mends
them when they die, and stops them and itself when nobody holds the lock any more.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # the system allows 107 bytes; a temporary name in the same place needs room too
PATIENCE = 90.0  # seconds: the very first start creates the database files
BASE_DIR = Path(__file__).resolve().parent.parent


class ServersUnavailable(RuntimeError):
    """The embedded servers did not start; the message holds the end of their log."""


@dataclass(frozen=True)
class Places:
    """Where the embedded servers keep their things, all of it under one folder."""

    var: Path

    @property
    def postgres_data(self) -> Path:
        return self.var / "postgres-18"

    @property
    def valkey_data(self) -> Path:
        return self.var / "valkey"

    @property
    def users_lock(self) -> Path:
        return self.var / "run" / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.var / "run" / "keeper.lock"

    @property
    def keeper_log(self) -> Path:
        return self.var / "log" / "keeper.log"

    @property
    def postgres_log(self) -> Path:
        return self.var / "log" / "postgres.log"

    @cached_property
    def sockets(self) -> Path:
        """The folder of the sockets: under var/, or a short private one when that path is too long."""
        wanted = self.var.absolute() / "run"
        if len(os.fsencode(wanted / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return wanted
        mark = hashlib.sha256(os.fsencode(self.var.absolute())).hexdigest()[:12]
        return Path("/tmp") / f"portal-{os.getuid()}-{mark}"  # noqa: S108 - made private and checked in private_folder

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"


def private_folder(path: Path) -> None:
    """Make a folder only this user may enter, and refuse one that somebody else has laid out."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise ServersUnavailable(f"{path} is not a folder")
    if os.geteuid() not in (0, found.st_uid):
        raise ServersUnavailable(f"{path} belongs to another user; remove it or set PORTAL_VAR")
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)


def answers(path: Path) -> bool:
    """Whether something listens on the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def postgres_is_ready(places: Places) -> bool:
    """The socket opens a moment before questions are taken; the server's own file says when they are."""
    try:
        lines = (places.postgres_data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready" and answers(places.postgres_socket)


def valkey_is_ready(places: Places) -> bool:
    """The socket opens before what was kept is read in again; until then every question is refused."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(str(places.valkey_socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def lock_is_held(path: Path) -> bool:
    """Whether another process holds the lock; never waits."""
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def tail(path: Path, lines: int = 15) -> str:
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


_held: dict[Path, int] = {}  # one shared lock per var folder, held by the process until it ends
_woken: list[subprocess.Popen[bytes]] = []  # keepers of this process's making; they outlive it


def start(places: Places) -> None:
    """See to it that both servers answer, and keep them up for as long as this process lives."""
    if places.var in _held:
        return
    for folder in (places.users_lock.parent, places.keeper_log.parent):
        folder.mkdir(parents=True, exist_ok=True)
    private_folder(places.sockets)
    handle = os.open(places.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_SH)  # waits while a keeper is closing down
    try:
        _wait_for_servers(places)
    except BaseException:
        os.close(handle)
        raise
    _held[places.var] = handle


def in_use(places: Places) -> bool:
    """Whether this process has asked for the servers."""
    return places.var in _held


def _wait_for_servers(places: Places) -> None:
    waker = _wake_keeper(places)
    deadline = time.monotonic() + PATIENCE
    while not (postgres_is_ready(places) and valkey_is_ready(places)):
        gave_up = waker is not None and waker.poll() not in (None, 0)
        if gave_up or time.monotonic() > deadline:
            raise ServersUnavailable(
                f"The embedded servers did not start:\n{tail(places.keeper_log)}\n{tail(places.postgres_log)}"
            )
        if waker is None or waker.poll() == 0:
            waker = _wake_keeper(places)
        time.sleep(0.02)


def _wake_keeper(places: Places) -> subprocess.Popen[bytes] | None:
    """Start a keeper unless one is at work. It outlives us and is no part of our terminal."""
    if lock_is_held(places.keeper_lock):
        return None
    with places.keeper_log.open("ab") as log:
        waker = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "config.keeper", str(places.var)],
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _woken.append(waker)
    return waker


def wait_until(happens: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.05)
    return happens()


__all__ = [
    "Places",
    "ServersUnavailable",
    "answers",
    "in_use",
    "postgres_is_ready",
    "private_folder",
    "start",
    "valkey_is_ready",
    "wait_until",
]
