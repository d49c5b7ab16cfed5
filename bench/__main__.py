"""`python -m bench`: the scale is SCALE in the environment, 1 when it is not given."""

from __future__ import annotations

import argparse
import os
import sys

PARTS = ("pages", "recheck", "pdf", "personbound")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--reload", action="store_true", help="invent the data anew, also when it is there")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure only some of it")
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--block", type=int, default=50, help="requests of each page in a pass")
    parser.add_argument("--match", default="", help="only pages with these letters in their name; nothing is written")
    options = parser.parse_args()
    scale = os.environ.get("SCALE", "1")
    if not scale.isdecimal() or int(scale) < 1:
        sys.exit(f"SCALE must be a whole number from 1, not {scale!r}")
    set_up(int(scale))

    # Imported here: models can be imported only after the settings have read the environment set above.
    from bench.run import run  # noqa: PLC0415

    run(int(scale), options)


def set_up(scale: int) -> None:
    """A portal in demo mode with a database of its own; gunicorn and the commands inherit the environment."""
    os.environ |= {
        "BENCH": "1",
        "DEMO": "1",
        "PORTAL_DATABASE_NAME": f"bench_{scale}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "ERROR",
    }
    import django  # noqa: PLC0415 - after the environment has been set

    django.setup()


if __name__ == "__main__":
    main()
