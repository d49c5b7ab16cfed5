"""What the environment says, checked before anything starts.

Three ways to run, chosen by two switches:

* nothing set         demo on this machine: servers of its own under var/, demo banner, loopback only
* DEBUG=1             the same, with Django's own error pages, for those who write the code
* DEBUG=0             production: every address and secret must be given, or nothing starts

Giving any of the production variables without a switch counts as production, so that a forgotten switch
never opens a door. DEMO=1 brings the demo with external servers.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

DEMANDED_IN_PRODUCTION = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS")
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")


class WrongEnvironment(Exception):
    """The environment lacks something or says something impossible; the message lists all of it."""


@dataclass
class Environment:
    """Reads typed values; collects what is wrong instead of stopping at the first."""

    values: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, "").strip() or default

    def switch(self, name: str, default: bool) -> bool:
        word = self.text(name).lower()
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS:
            return False
        if word:
            self.problems.append(f"{name} must be 1 or 0, not {word!r}")
        return default

    def number(self, name: str, default: int, lowest: int = 0, highest: int = 10**9) -> int:
        word = self.text(name)
        if not word:
            return default
        if word.isdecimal() and lowest <= int(word) <= highest:
            return int(word)
        self.problems.append(f"{name} must be a whole number from {lowest} to {highest}, not {word!r}")
        return default

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default).upper()
        if value not in allowed:
            self.problems.append(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        found = [word.strip() for word in self.text(name).split(",") if word.strip()]
        return found or list(default)

    def days(self, name: str, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        """Numbers of days, separated by commas, in order; "0" alone is none."""
        words = self.words(name)
        if all(word.isdecimal() and int(word) <= 365 for word in words):
            return tuple(sorted({int(word) for word in words} - {0})) if words else default
        self.problems.append(f"{name} must be numbers of days separated by commas, not {','.join(words)!r}")
        return default

    def address(self, name: str, schemes: tuple[str, ...]) -> str:
        """An address such as a database URL; empty when not given."""
        value = self.text(name)
        if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            self.problems.append(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value

    def keep_at_home(self, name: str, address: str) -> None:
        """Complain of a mail server on another machine; a neighbouring container has a name without dots."""
        host = urlsplit(address).hostname or ""
        if address.startswith("smtp") and "." in host and host != "127.0.0.1":
            self.problems.append(f"{name} leads to {host}, and a demo writes to no real mailbox")

    def secret(self, name: str, shortest: int = 50) -> str:
        value = self.text(name)
        if value and len(value) < shortest:
            self.problems.append(f"{name} is too short: at least {shortest} characters")
        return value

    def demand(self, names: tuple[str, ...]) -> None:
        missing = [name for name in names if not self.text(name)]
        if missing:
            self.problems.append(f"missing: {', '.join(missing)}")

    def refuse_if_wrong(self) -> None:
        if self.problems:
            lines = "".join(f"\n  - {problem}" for problem in self.problems)
            raise WrongEnvironment(
                f"The portal cannot start, the environment is not right:{lines}\n"
                "See .env.example. On a machine of your own, DEMO=1 or DEBUG=1 needs none of the addresses."
            )


@dataclass(frozen=True)
class Mode:
    debug: bool
    demo: bool
    production: bool


def choose_mode(env: Environment) -> Mode:
    """Production by DEBUG=0, or when a production variable is given and no switch says otherwise."""
    debug_said = bool(env.text("DEBUG"))
    debug = env.switch("DEBUG", default=False)
    any_given = any(env.text(name) for name in DEMANDED_IN_PRODUCTION)
    demo_default = not any_given and not (debug_said and not debug)
    demo = env.switch("DEMO", default=demo_default)
    production = (debug_said and not debug) or (not debug and not demo)
    return Mode(debug=debug, demo=demo, production=production)


def read_s3(env: Environment) -> dict[str, object]:
    """The options of an S3-compatible store; empty when none is named and files stand on the disk."""
    words = {name: env.text(name) for name in ("S3_BUCKET", "S3_REGION", "S3_PREFIX", "S3_ACCESS_KEY", "S3_SECRET_KEY")}
    endpoint = env.address("S3_ENDPOINT_URL", ("http", "https"))
    if not words["S3_BUCKET"]:
        lonely = [name for name in (*words, "S3_ENDPOINT_URL") if env.text(name)]
        env.problems.extend(f"{name} is given, and S3_BUCKET is missing" for name in lonely)
        return {}
    if bool(words["S3_ACCESS_KEY"]) != bool(words["S3_SECRET_KEY"]):
        env.problems.append(
            "S3_ACCESS_KEY and S3_SECRET_KEY are given together, or neither when the machine has a role"
        )
    if not all(find_spec(package) for package in ("storages", "boto3")):
        env.problems.append("S3_BUCKET needs the packages of requirements/s3.txt")
    return {
        "bucket_name": words["S3_BUCKET"],
        "region_name": words["S3_REGION"] or None,
        "location": words["S3_PREFIX"].strip("/"),
        "access_key": words["S3_ACCESS_KEY"] or None,
        "secret_key": words["S3_SECRET_KEY"] or None,
        "endpoint_url": endpoint or None,
        "default_acl": None,  # private, as the bucket is
        "file_overwrite": True,  # names say what they hold: the same name is the same bytes
        "querystring_auth": True,
        "max_memory_size": 1024 * 1024,  # what is larger is read by way of the disk
    }


def next_database(url: str) -> str:
    """The neighbouring database on the same Valkey: the cache is emptied at times, the queue never."""
    parts = urlsplit(url)
    by_query = parts.scheme == "unix"
    word = dict(parse_qsl(parts.query)).get("db", "0") if by_query else parts.path.strip("/") or "0"
    if not word.isdecimal():
        raise WrongEnvironment(f"REDIS_URL must end with the number of a database, not {word!r}")
    if by_query:
        return f"unix://{parts.path}?db={int(word) + 1}"
    return urlunsplit(parts._replace(path=f"/{int(word) + 1}"))


def local_secret(path: Path) -> str:
    """A secret of this checkout's own, made at first use; never used in production."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first: its secret counts
        finally:
            draft.unlink()
    return path.read_text().strip()
