"""``python -m quakebook`` is the command ``quakebook``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
