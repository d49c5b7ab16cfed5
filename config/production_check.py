"""`check --deploy` with settings as in production, where not even a warning may stand."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

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
    }


def main() -> int:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=BASE_DIR, env=production_environment(), check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
