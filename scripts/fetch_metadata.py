"""Ask a station service for metadata: ``python scripts/fetch_metadata.py --help``."""

import sys

from quakebook.data.archive.verbs.metadata import main

if __name__ == "__main__":
    sys.exit(main())
