"""What the environment says decides how the portal starts, or that it does not."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import Environment, Mode, WrongEnvironment, choose_mode, local_secret

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgresql://portal:word@database.invalid/portal",
    "REDIS_URL": "redis://valkey.invalid/0",
    "ALLOWED_HOSTS": "portal.invalid",
}


def mode(**values: str) -> Mode:
    return choose_mode(Environment(values))


def read_settings(**values: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process that has nothing but these variables."""
    command = [sys.executable, "-c", "from config import settings as s; print(s.DATABASES, s.DEMO, s.DEBUG)"]
    env = {"PATH": os.environ["PATH"], "PORTAL_VAR": os.environ.get("PORTAL_VAR", ""), **values}
    return subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, check=False)


def test_nothing_set_is_a_demo_on_this_machine() -> None:
    assert mode() == Mode(debug=False, demo=True, production=False)


def test_debug_brings_error_pages_and_demo() -> None:
    assert mode(DEBUG="1") == Mode(debug=True, demo=True, production=False)


def test_debug_off_is_production() -> None:
    assert mode(DEBUG="0") == Mode(debug=False, demo=False, production=True)


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"])
def test_one_production_variable_without_a_switch_is_production(name: str) -> None:
    assert mode(**{name: "given"}).production


def test_demo_can_stand_on_external_servers() -> None:
    assert mode(DEMO="1", DATABASE_URL="postgresql://x/y") == Mode(debug=False, demo=True, production=False)


def test_debug_off_overrules_demo() -> None:
    assert mode(DEMO="1", DEBUG="0").production


def test_production_without_anything_lists_all_that_is_missing() -> None:
    refused = read_settings(DEBUG="0")
    assert refused.returncode != 0
    assert "missing: SECRET_KEY, DATABASE_URL, REDIS_URL, ALLOWED_HOSTS" in refused.stderr


def test_a_management_command_refuses_without_a_traceback() -> None:
    command = [sys.executable, "manage.py", "migrate"]
    env = {"PATH": os.environ["PATH"], "DEBUG": "0"}
    refused = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "missing: SECRET_KEY" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_whole_production_environment_starts_with_external_servers() -> None:
    started = read_settings(**PRODUCTION)
    assert started.returncode == 0, started.stderr
    assert "database.invalid" in started.stdout
    assert "config.postgres" not in started.stdout


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DEBUG", "perhaps", "DEBUG must be 1 or 0"),
        ("PORT", "99999", "PORT must be a whole number"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL must begin with"),
        ("REDIS_URL", "localhost", "REDIS_URL must begin with"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("EMAIL_URL", "pigeon://loft", "EMAIL_URL must begin with"),
        ("SIGNING_LEVEL", "handshake", "SIGNING_LEVEL must be one of"),
        ("SIGNING_REMINDER_DAYS", "7,weekly", "SIGNING_REMINDER_DAYS must be numbers of days"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be one of"),
    ],
)
def test_a_wrong_value_refuses_to_start_and_says_which(name: str, value: str, told: str) -> None:
    refused = read_settings(**PRODUCTION | {name: value})
    assert refused.returncode != 0
    assert told in refused.stderr


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("smtp://mail.kommunen.se:25", True),
        ("smtp+tls://u:p@192.0.2.7:587", True),
        ("smtp://localhost:1025", False),
        ("smtp://127.0.0.1:1025", False),
        ("smtp://mailpit:1025", False),
        ("consolemail://", False),
    ],
)
def test_a_demo_sends_to_no_mail_server_elsewhere(address: str, refused: bool) -> None:
    env = Environment({})
    env.keep_at_home("EMAIL_URL", address)

    assert bool(env.problems) is refused


@pytest.mark.parametrize(("value", "days"), [("", (7, 14)), ("0", ()), ("28, 7,14", (7, 14, 28)), ("3,3", (3,))])
def test_days_are_read_in_order_and_nought_is_none(value: str, days: tuple[int, ...]) -> None:
    assert Environment({"DAYS": value}).days("DAYS", (7, 14)) == days


def test_every_problem_is_told_at_once() -> None:
    env = Environment({"A": "perhaps", "B": "many"})
    env.switch("A", default=False)
    env.number("B", 1)
    env.demand(("C", "D"))
    with pytest.raises(WrongEnvironment, match=r"(?s)A must.*B must.*missing: C, D"):
        env.refuse_if_wrong()


def test_the_local_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    first = local_secret(path)
    assert local_secret(path) == first
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
