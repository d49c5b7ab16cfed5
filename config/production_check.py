"""`check --deploy` with settings as in production, where not even a warning may stand."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from agreements import demo_authority

BASE_DIR = Path(__file__).resolve().parent.parent


def production_environment() -> dict[str, str]:
    """A whole production environment with invented values; nothing is connected to."""
    return {
        **os.environ,
        "DEBUG": "0",
        "DEMO": "0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": "postgresql://portal:invented@database.invalid/portal",
        "REDIS_URL": "redis://valkey.invalid/0",
        "ALLOWED_HOSTS": "portal.invalid",
        "EMAIL_URL": "smtp://mail.invalid:25",
        "SITE_URL": "https://portal.invalid",
        "SEAL_TIMESTAMP_URL": "https://timestamps.invalid",
        "OPERATIONS_MAILBOX": "operations@portal.invalid",
    }


def seal_environment(folder: Path) -> dict[str, str]:
    """A seal that can be opened, made for this check."""
    demo_authority.make(folder, datetime.now(UTC))
    return {
        "SEAL_PKCS12": str(folder / demo_authority.SEAL),
        "SEAL_PASSPHRASE": demo_authority.PASSPHRASE.decode(),
        "SEAL_ROOTS": str(folder / demo_authority.ROOT),
    }


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        return check(production_environment() | seal_environment(Path(folder)))


def check(environment: dict[str, str]) -> int:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=BASE_DIR, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
