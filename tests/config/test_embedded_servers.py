"""The servers under var/: shared by all processes, stopped with the last, and their data survives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import Places, ServersUnavailable, answers, lock_is_held, private_folder
from config.keeper import lesser_user
from tests.processes import BASE_DIR, wait_for

pytestmark = pytest.mark.servers
USER = """
import sys, time
from pathlib import Path
from config import embedded
embedded.start(embedded.Places(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses the servers until told to stop."""

    def __init__(self, places: Places) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(places.var)],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def is_ready(self) -> bool:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip() == "ready"

    def leave(self) -> None:
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.communicate(timeout=10)

    def kill(self) -> None:
        self.process.kill()
        self.leave()


@pytest.fixture(scope="session")
def fresh_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Database files as after the first start, made once; each test gets a copy."""
    places = Places(tmp_path_factory.mktemp("fresh") / "var")
    first = User(places)
    assert first.is_ready()
    first.leave()
    assert wait_for(lambda: both_stopped(places), 20)
    return places.postgres_data


@pytest.fixture
def places(tmp_path: Path, fresh_files: Path) -> Iterator[Places]:
    found = Places(tmp_path / "var")
    found.var.mkdir()
    subprocess.run(["cp", "-a", str(fresh_files), str(found.postgres_data)], check=True)
    yield found
    wait_for(lambda: not keeper_is_there(found), 20)


@pytest.fixture
def arrive(places: Places) -> Iterator[Callable[[], User]]:
    """A new user of the servers, ready to ask."""
    users: list[User] = []

    def one_more() -> User:
        users.append(User(places))
        assert users[-1].is_ready()
        return users[-1]

    yield one_more
    for user in users:
        user.kill()


@pytest.fixture
def user(arrive: Callable[[], User]) -> User:
    return arrive()


Arrive = Callable[[], User]


def keeper_is_there(places: Places) -> bool:
    return places.keeper_lock.exists() and lock_is_held(places.keeper_lock)


def both_answer(places: Places) -> bool:
    return answers(places.postgres_socket) and answers(places.valkey_socket)


def both_stopped(places: Places) -> bool:
    return not keeper_is_there(places) and not answers(places.postgres_socket) and not answers(places.valkey_socket)


def ask(places: Places, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(host=str(places.sockets), user="portal", dbname="postgres", autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


def valkey(places: Places) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(places.valkey_socket))


def postmaster(places: Places) -> int:
    return int((places.postgres_data / "postmaster.pid").read_text().split()[0])


def test_two_processes_share_the_servers_and_the_last_one_stops_them(
    places: Places, user: User, arrive: Arrive
) -> None:
    second = arrive()
    number = postmaster(places)
    user.leave()
    assert not wait_for(lambda: both_stopped(places), 3)
    assert postmaster(places) == number
    second.leave()
    assert wait_for(lambda: both_stopped(places), 15)


def test_a_killed_user_counts_as_gone(places: Places, user: User) -> None:
    user.kill()
    assert wait_for(lambda: both_stopped(places), 15)


def test_two_first_users_at_once_get_one_server(places: Places) -> None:
    pair = [User(places), User(places)]
    ready = [each.is_ready() for each in pair]
    told = wait_for(lambda: "servers are up" in places.keeper_log.read_text(), 5)
    for each in pair:
        each.kill()
    assert all(ready)
    assert told
    assert places.keeper_log.read_text().count("servers are up") == 1


def test_rows_and_keys_are_there_after_a_stop_and_a_start(places: Places, user: User, arrive: Arrive) -> None:
    ask(places, "CREATE TABLE kept AS SELECT 'Åre' AS name")
    valkey(places).set("kept", "yes")
    user.leave()
    assert wait_for(lambda: both_stopped(places), 15)
    arrive()
    assert ask(places, "SELECT name FROM kept") == [("Åre",)]
    assert valkey(places).get("kept") == b"yes"


def test_a_killed_database_is_started_again_with_its_rows(places: Places, user: User) -> None:
    ask(places, "CREATE TABLE kept AS SELECT 1 AS number")
    os.kill(postmaster(places), signal.SIGKILL)
    assert wait_for(lambda: not answers(places.postgres_socket), 5)
    assert wait_for(lambda: answers(places.postgres_socket), 20)
    assert wait_for(lambda: can_ask(places), 20)
    assert ask(places, "SELECT number FROM kept") == [(1,)]


def can_ask(places: Places) -> bool:
    try:
        return bool(ask(places, "SELECT 1"))
    except psycopg.OperationalError:
        return False


def test_a_killed_valkey_is_started_again_with_its_keys(places: Places, user: User) -> None:
    client = valkey(places)
    client.set("kept", "yes")
    wait_for(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0, 2)
    os.kill(client.info("server")["process_id"], signal.SIGKILL)
    assert wait_for(lambda: not answers(places.valkey_socket), 5)
    assert wait_for(lambda: answers(places.valkey_socket), 10)
    assert valkey(places).get("kept") == b"yes"


def test_a_killed_keeper_is_replaced_and_the_servers_go_on(places: Places, user: User, arrive: Arrive) -> None:
    number = postmaster(places)
    os.kill(keeper_number(places), signal.SIGKILL)
    second = arrive()
    assert wait_for(lambda: keeper_is_there(places), 5)
    assert postmaster(places) == number
    user.leave()
    second.leave()
    assert wait_for(lambda: both_stopped(places), 20)


def keeper_number(places: Places) -> int:
    return int(places.keeper_lock.read_text())


def test_all_killed_at_once_leaves_nothing_that_hinders_the_next_start(
    places: Places, user: User, arrive: Arrive
) -> None:
    ask(places, "CREATE TABLE kept AS SELECT 1 AS number")
    os.kill(keeper_number(places), signal.SIGKILL)
    os.kill(postmaster(places), signal.SIGKILL)
    os.kill(valkey(places).info("server")["process_id"], signal.SIGKILL)
    user.kill()
    arrive()
    assert wait_for(lambda: can_ask(places), 20)
    assert ask(places, "SELECT number FROM kept") == [(1,)]


def test_a_stale_postmaster_file_with_a_number_in_use_by_another_is_no_hindrance(
    places: Places, arrive: Arrive
) -> None:
    first = arrive()
    first.leave()
    assert wait_for(lambda: both_stopped(places), 15)
    (places.postgres_data / "postmaster.pid").write_text(f"{os.getpid()}\n{places.postgres_data}\n")
    arrive()
    assert ask(places, "SELECT 1") == [(1,)]


def test_a_path_too_long_for_a_socket_is_no_hindrance(tmp_path: Path) -> None:
    places = Places(tmp_path / ("långt" * 20) / "var")
    user = User(places)
    assert user.is_ready()
    assert len(os.fsencode(places.postgres_socket)) <= 100
    assert ask(places, "SELECT 1") == [(1,)]
    user.leave()
    assert wait_for(lambda: both_stopped(places), 15)
    places.sockets.rmdir()


def test_the_extensions_the_portal_needs_are_there(places: Places, user: User) -> None:
    for extension in ("unaccent", "pg_trgm", "btree_gist", "citext"):
        ask(places, f"CREATE EXTENSION {extension}")
    assert ask(places, "SELECT unaccent('Åre'), upper('åäö')") == [("Are", "ÅÄÖ")]


def test_nobody_else_may_enter_the_folder_of_the_sockets(places: Places, user: User) -> None:
    assert places.sockets.stat().st_mode & 0o077 == 0


def test_a_folder_laid_out_by_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "trap").symlink_to(tmp_path / "target")
    with pytest.raises(ServersUnavailable, match="not a folder"):
        private_folder(tmp_path / "trap")


def test_a_database_that_cannot_start_is_told_with_its_log(places: Places) -> None:
    (places.postgres_data / "PG_VERSION").write_text("11\n")
    failed = subprocess.run(
        [sys.executable, "-c", USER, str(places.var)],
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert failed.returncode != 0
    assert "did not start" in failed.stderr


@pytest.mark.parametrize("command", [["check"], ["makemigrations", "--help"], ["help"]])
def test_a_command_that_needs_no_server_starts_none(command: list[str], tmp_path: Path) -> None:
    env = {**os.environ, "PORTAL_VAR": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=BASE_DIR, env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not (tmp_path / "var" / "run").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change user for PostgreSQL")
def test_as_root_the_database_runs_as_nobody_and_enters_closed_folders(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    program = closed / "program"
    program.write_text("#!/bin/sh\nid -un\n")
    program.chmod(0o755)
    asked = [*lesser_user(), "sh", "-c", f"test -x {program} && {program}"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == "nobody"
