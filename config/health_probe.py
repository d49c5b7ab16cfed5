"""For the image's health checks: `python -m config.health_probe` asks web, `… beat` looks at the timetable."""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

OLDEST_TIMETABLE = 10 * 60  # seconds: beat writes down what it has sent every three minutes


def web_is_well() -> bool:
    """By the name the portal answers to, from inside the same container."""
    port = os.environ.get("PORT", "8000")
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    question = urllib.request.Request(f"http://127.0.0.1:{port}/halsa", headers={"Host": host})
    try:
        with urllib.request.urlopen(question, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return False


def beat_is_well() -> bool:
    """The file's ending depends on how Python was built, so any is looked at."""
    files = Path(os.environ.get("PORTAL_VAR", "var")).glob("celerybeat-schedule*")
    return any(time.time() - file.stat().st_mtime < OLDEST_TIMETABLE for file in files)


if __name__ == "__main__":
    sys.exit(0 if (beat_is_well() if "beat" in sys.argv[1:] else web_is_well()) else 1)
