"""The check by itself: `python -m contacts.personbound FILE|- [--format jsonl|text]`."""

import sys

from .report import main

if __name__ == "__main__":
    sys.exit(main())
