#!/usr/bin/env python
"""The command line of the portal: `python manage.py help`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - the setting above comes first

    from config.environment import WrongEnvironment  # noqa: PLC0415 - as above

    try:
        execute_from_command_line(sys.argv)
    except WrongEnvironment as wrong:
        sys.stderr.write(f"{wrong}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
